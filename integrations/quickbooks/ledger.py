"""One QuickBooks company as a Ledger: which request says what, and what its answer means."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from integrations.contracts import (
    Changes,
    ChartRecord,
    CompanyRecord,
    CustomerRecord,
    DeletedRecord,
    Draft,
    Kind,
    PaymentRecord,
    Piece,
    Record,
    RemoteRef,
    Written,
)
from integrations.errors import OutcomeUnknown, RemoteBusy, RemoteGone
from integrations.quickbooks.ahead import pages_ahead
from integrations.quickbooks.batch import MOST_ITEMS, answers_in, batch_body
from integrations.quickbooks.entities import ENTITIES, EVERY, payload_of, quoted
from integrations.quickbooks.faults import Answer, error_of, fault_of
from integrations.quickbooks.mapping.attachments import attachment_record, multipart
from integrations.quickbooks.mapping.company import (
    account_record,
    company_record,
    custom_field_records,
    payment_method_record,
    tax_code_records,
)
from integrations.quickbooks.mapping.customers import customer_record
from integrations.quickbooks.mapping.encoding import (
    Json,
    changed_at,
    encode,
    plain,
    rows_at,
    text_at,
)
from integrations.quickbooks.mapping.payments import payment_record
from integrations.quickbooks.transport import OK, READ_SECONDS, Transport

PAGE = 1000
MOST_PAGES = 100
_NEVER = float("inf")


class QuickBooksLedger:
    """See integrations.contracts.Ledger; satisfied without inheriting."""

    def __init__(
        self,
        *,
        api_url: str,
        pages_url: str,
        realm: str,
        access_token: str,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._transport = Transport(
            api_url=api_url, realm=realm, access_token=access_token, read_seconds=read_seconds
        )
        self._realm = realm
        self._pages_url = pages_url
        self._pages_name_company = pages_url == api_url

    # Reading the company.

    def company(self) -> CompanyRecord:
        """See Ledger."""
        return company_record(self._realm, self._company_info, self._preferences)

    def chart(self) -> ChartRecord:
        """See Ledger."""
        preferences = self._preferences
        every = f"where {EVERY}"
        accounts = self._all("Account", every)
        if not accounts:
            # No company is without accounts: believing it would switch every account code off.
            raise self._unreadable()
        return ChartRecord(
            accounts=tuple(account_record(row) for row in accounts),
            tax_codes=tax_code_records(
                self._all("TaxCode"),
                self._all("TaxRate", every),
                preferences,
                is_us=text_at(self._company_info, "Country") in {"US", "USA"},
            ),
            payment_methods=tuple(
                payment_method_record(row) for row in self._all("PaymentMethod", every)
            ),
            custom_fields=custom_field_records(preferences),
        )

    # Read once by each opened ledger: a company may be asked ten times a second only.
    @cached_property
    def _preferences(self) -> Json:
        return self._one("Preferences", "preferences")

    @cached_property
    def _company_info(self) -> Json:
        return self._one("CompanyInfo", f"companyinfo/{self._realm}")

    def _one(self, name: str, path: str) -> Json:
        url = f"{self._transport.api_url}/company/{self._realm}/{path}"
        row = self._transport.get(url).get(name)
        if not isinstance(row, dict):
            raise self._unreadable()
        return row

    def _unreadable(self) -> RemoteBusy:
        """An answer without what was asked for says nothing: least of all that nothing is there."""
        message = "QuickBooks' answer does not hold what was asked for."
        return RemoteBusy(message, trace_id=self._transport.trace_id)

    def _query(self, statement: str) -> Json:
        answer = self._transport.query(statement).get("QueryResponse")
        if not isinstance(answer, dict):
            raise self._unreadable()
        return answer

    # Writing.

    def payload(self, draft: Draft, *, existing: RemoteRef | None = None) -> bytes:
        """See Ledger."""
        return encode(payload_of(draft, existing=existing))

    def create(self, kind: Kind, payload: bytes, *, key: str, send_before: float) -> Written:
        """See Ledger."""
        return self._write(kind, payload, (), key=key, send_before=send_before)

    def upload(self, payload: bytes, content: bytes, *, key: str, send_before: float) -> Written:
        """See Ledger. A refusal comes inside an answer of 200 (field guide 3)."""
        content_type, body = multipart(payload, content)
        url = f"{self._transport.api_url}/company/{self._realm}/upload"
        self._transport.send_before = send_before
        try:
            answer = self._transport.make_request(
                "POST", url, body, content_type=content_type, request_id=key
            )
        finally:
            self._transport.send_before = _NEVER
        trace_id = self._transport.trace_id
        responses = rows_at(answer, "AttachableResponse")
        if responses and fault_of(responses[0]) is not None:
            refused = Answer(status=OK, body=encode(responses[0]).decode(), trace_id=trace_id)
            raise error_of(refused, is_write=True)
        row = responses[0].get("Attachable") if responses else None
        if not isinstance(row, dict):
            raise OutcomeUnknown("QuickBooks answered without the file.", trace_id=trace_id)
        exchange = {"status": OK, "answer": plain(row)}
        return Written(record=attachment_record(row), trace_id=trace_id, exchange=exchange)

    def update(self, kind: Kind, payload: bytes, *, send_before: float) -> Written:
        """See Ledger."""
        return self._write(kind, payload, (), key="", send_before=send_before)

    def void(self, ref: RemoteRef, *, send_before: float) -> Written:
        """See Ledger."""
        body = encode({"Id": ref.id, "SyncToken": ref.revision, "sparse": True})
        parameters = ENTITIES[ref.kind].void_parameters
        return self._write(ref.kind, body, parameters, key="", send_before=send_before)

    def delete(self, ref: RemoteRef, *, send_before: float) -> Written:
        """See Ledger."""
        body = encode({"Id": ref.id, "SyncToken": ref.revision})
        row, trace_id = self._sent(
            ref.kind, body, (("operation", "delete"),), key="", send_before=send_before
        )
        record = DeletedRecord(ref, datetime.now(tz=UTC))
        return Written(record, trace_id, {"status": 200, "answer": plain(row)})

    @property
    def most_in_batch(self) -> int:
        """See Ledger."""
        return MOST_ITEMS

    def batch_payload(self, pieces: Sequence[Piece]) -> bytes:
        """See Ledger."""
        return batch_body(pieces)

    def write_batch(
        self, payload: bytes, kinds: Mapping[str, Kind], *, key: str, send_before: float
    ) -> Mapping[str, Written | Exception]:
        """See Ledger."""
        url = f"{self._transport.api_url}/company/{self._realm}/batch"
        self._transport.send_before = send_before
        try:
            answer = self._transport.post(url, payload, request_id=key)
        finally:
            self._transport.send_before = _NEVER
        return answers_in(answer, kinds, trace_id=self._transport.trace_id)

    def _write(
        self,
        kind: Kind,
        payload: bytes,
        parameters: Iterable[tuple[str, str]],
        *,
        key: str,
        send_before: float,
    ) -> Written:
        row, trace_id = self._sent(kind, payload, parameters, key=key, send_before=send_before)
        exchange = {"status": 200, "answer": plain(row)}
        return Written(record=ENTITIES[kind].record(row), trace_id=trace_id, exchange=exchange)

    def _sent(
        self,
        kind: Kind,
        payload: bytes,
        parameters: Iterable[tuple[str, str]],
        *,
        key: str,
        send_before: float,
    ) -> tuple[Json, str]:
        """The document of the answer, and its trace id."""
        name = ENTITIES[kind].name
        url = f"{self._transport.api_url}/company/{self._realm}/{name.lower()}"
        self._transport.send_before = send_before
        try:
            answer = self._transport.post(
                url, payload, params=dict(parameters), request_id=key or None
            )
        finally:
            self._transport.send_before = _NEVER
        trace_id, row = self._transport.trace_id, answer.get(name)
        if not isinstance(row, dict):
            raise OutcomeUnknown("QuickBooks answered without the document.", trace_id=trace_id)
        return row, trace_id

    # Reading documents.

    def read(self, ref: RemoteRef) -> Record:
        """See Ledger."""
        entity = ENTITIES[ref.kind]
        try:
            row = self._one(entity.name, f"{entity.name.lower()}/{ref.id}")
        except RemoteGone:
            return DeletedRecord(ref, datetime.now(tz=UTC))
        return _record(ref.kind, row)

    def read_many(self, kind: Kind, ids: Sequence[str]) -> tuple[Record, ...]:
        """See Ledger."""
        wanted = ", ".join(quoted(each) for each in ids)
        return self._found(kind, f"where Id in ({wanted})", is_every=True)

    def find(self, draft: Draft, *, since: datetime) -> tuple[Record, ...]:
        """See Ledger. `since` is not needed here: numbers, names and days narrow enough."""
        del since
        entity = ENTITIES[draft.kind]
        found = self._found(draft.kind, f"where {entity.condition(draft)}", is_every=True)
        return tuple(record for record in found if entity.is_it(record, draft))

    def count_customers(self) -> int:
        """See Ledger."""
        answer = self._query("select count(*) from Customer")
        return int(text_at(answer, "totalCount") or 0)

    def customers(self, *, start: int, size: int) -> tuple[CustomerRecord, ...]:
        """See Ledger."""
        statement = f"select * from Customer orderby Id startposition {start} maxresults {size}"
        rows = rows_at(self._query(statement), "Customer")
        return tuple(customer_record(row) for row in rows)

    def customer_pages(
        self, *, start: int, size: int, expected: int, is_wanted: Callable[[], bool]
    ) -> Iterator[tuple[CustomerRecord, ...]]:
        """See Ledger. Each request has a connection of its own."""

        def read(first: int) -> tuple[CustomerRecord, ...]:
            return self._again().customers(start=first, size=size)

        return pages_ahead(read, start=start, size=size, expected=expected, is_wanted=is_wanted)

    def _again(self) -> "QuickBooksLedger":
        """The same books once more: a transport is not shared between threads."""
        transport = self._transport
        return QuickBooksLedger(
            api_url=transport.base.removesuffix("/v3"),
            pages_url=self._pages_url,
            realm=self._realm,
            access_token=transport.access_token,
        )

    def changes(self, kinds: Iterable[Kind], *, since: datetime) -> Changes:
        """See Ledger. A thousand of one kind is where QuickBooks cuts the list."""
        wanted = list(kinds)
        names = ",".join(ENTITIES[kind].name for kind in wanted)
        answer = self._transport.change_data_capture(names, since.isoformat(timespec="seconds"))
        responses = rows_at(answer, "CDCResponse")
        if not responses or any("QueryResponse" not in each for each in responses):
            raise self._unreadable()
        blocks = [block for each in responses for block in rows_at(each, "QueryResponse")]
        records: list[Record] = []
        is_complete = True
        for kind in wanted:
            rows = [row for block in blocks for row in rows_at(block, ENTITIES[kind].name)]
            records += [_record(kind, row) for row in rows]
            is_complete = is_complete and len(rows) < PAGE
        return Changes(tuple(records), is_complete, self._transport.trace_id)

    def payments_between(
        self, since: datetime, until: datetime, *, start: int
    ) -> tuple[PaymentRecord, ...]:
        """See Ledger."""
        begins, ends = (quoted(each.isoformat(timespec="seconds")) for each in (since, until))
        statement = (
            f"select * from Payment where MetaData.LastUpdatedTime >= {begins}"
            f" and MetaData.LastUpdatedTime < {ends}"
            f" orderby Id startposition {start} maxresults {PAGE}"
        )
        rows = rows_at(self._query(statement), "Payment")
        return tuple(payment_record(row) for row in rows)

    def payments_of(self, customer_id: str) -> tuple[PaymentRecord, ...]:
        """See Ledger."""
        statement = (
            f"select * from Payment where CustomerRef = {quoted(customer_id)}"
            f" orderby TxnDate desc maxresults {PAGE}"
        )
        return tuple(payment_record(row) for row in rows_at(self._query(statement), "Payment"))

    def document_url(self, ref: RemoteRef) -> str:
        """See Ledger. The simulator serves several companies, so it is told which."""
        page = ENTITIES[ref.kind].page
        if not page:
            return ""
        company = f"&companyId={self._realm}" if self._pages_name_company else ""
        return f"{self._pages_url}/app/{page}{ref.id}{company}"

    def _found(self, kind: Kind, condition: str, *, is_every: bool) -> tuple[Record, ...]:
        """`is_every`: names that are switched off too."""
        entity = ENTITIES[kind]
        also = f" and {EVERY}" if entity.is_name and is_every else ""
        statement = f"select * from {entity.name} {condition}{also} maxresults {PAGE}"
        rows = rows_at(self._query(statement), entity.name)
        return tuple(_record(kind, row) for row in rows)

    def _all(self, name: str, condition: str = "") -> list[Json]:
        """Every row, page by page; a server that always has another page is not believed."""
        rows: list[Json] = []
        for _ in range(MOST_PAGES):
            statement = (
                f"select * from {name} {condition} startposition {len(rows) + 1} maxresults {PAGE}"
            )
            page = rows_at(self._query(statement), name)
            rows += page
            if len(page) < PAGE:
                return rows
        raise self._unreadable()


def _record(kind: Kind, row: Json) -> Record:
    if text_at(row, "status") == "Deleted":
        return DeletedRecord(RemoteRef(kind, text_at(row, "Id")), changed_at(row))
    return ENTITIES[kind].record(row)
