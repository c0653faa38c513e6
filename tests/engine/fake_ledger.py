"""Books in memory: faithful enough to lose replies, execute late, keep revisions, and be edited by
a bookkeeper.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection as database

from integrations.contracts import (
    Changes,
    CustomerDraft,
    CustomerRecord,
    DeadlinePassed,
    DeletedRecord,
    Draft,
    InvoiceDraft,
    InvoiceRecord,
    ItemDraft,
    ItemRecord,
    Kind,
    PaymentDraft,
    PaymentRecord,
    PostedLine,
    Record,
    RemoteRef,
    Written,
)
from integrations.errors import (
    DuplicateName,
    DuplicateNumber,
    OutcomeUnknown,
    Rejected,
    StaleRevision,
)
from tests.engine.fake_bookkeeper import FakeBookkeeper
from tests.engine.fake_records import (
    customer_record,
    next_revision,
    payment_record,
    percent_of,
)

CAP = 1000


class SimulatedCrash(BaseException):
    """The worker dies here: no handler runs, open transactions are lost."""


@dataclass
class Knob:
    """What happens to one of the next writes. `at` is where: before, after, or late (executed by
    `run_late`).
    """

    at: str
    error: BaseException
    only: Kind | None = None


@dataclass
class FakeLedger(FakeBookkeeper):
    """One company. `depth` is the number of savepoints a test itself has open."""

    tax_percent: Mapping[str, Decimal] = field(
        default_factory=lambda: {"gst": Decimal(10), "free": Decimal(0)}
    )
    documents: dict[tuple[Kind, str], Record] = field(default_factory=dict)
    keys: dict[str, RemoteRef] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    sent_keys: list[str] = field(default_factory=list)
    knobs: list[Knob] = field(default_factory=list)
    late: list[Callable[[], object]] = field(default_factory=list)
    other_names: set[str] = field(default_factory=set)
    hidden: bool = False
    before_write: Callable[[], None] | None = None
    depth: int = 0
    most_in_batch: int = 1
    next_id: int = 100
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- Writing ----------------------------------------------------------------------------------

    def payload(self, draft: Draft, *, existing: RemoteRef | None = None) -> bytes:
        body = {"draft": asdict(draft)}
        if existing:
            body |= {"id": existing.id, "revision": existing.revision}
        return json.dumps(body, default=str, sort_keys=True).encode()

    def create(self, kind: Kind, payload: bytes, *, key: str, send_before: float) -> Written:
        self._leave(f"create {kind}", payload.decode(), send_before)
        self.sent_keys.append(key)
        return self._written(kind, lambda: self._create(kind, payload, key))

    def update(self, kind: Kind, payload: bytes, *, send_before: float) -> Written:
        self._leave(f"update {kind}", payload.decode(), send_before)
        return self._written(kind, lambda: self._update(kind, payload))

    def void(self, ref: RemoteRef, *, send_before: float) -> Written:
        self._leave(f"void {ref.kind}", ref.id, send_before)
        return self._written(ref.kind, lambda: self._void(ref))

    def delete(self, ref: RemoteRef, *, send_before: float) -> Written:
        self._leave(f"delete {ref.kind}", ref.id, send_before)
        return self._written(ref.kind, lambda: self._delete(ref))

    def _delete(self, ref: RemoteRef) -> DeletedRecord:
        before = self.documents[ref.kind, ref.id]
        if before.ref.revision != ref.revision:
            raise StaleRevision("stale", code="5010")
        self.delete_there(before)
        return DeletedRecord(ref, self.now())

    def _leave(self, call: str, detail: str, send_before: float) -> None:
        if time.monotonic() > send_before:
            raise DeadlinePassed
        self._note(call, detail)
        if self.before_write is not None:
            self.before_write()

    def _note(self, call: str, detail: str = "") -> None:
        assert len(database.savepoint_ids) <= self.depth, f"{call} inside a transaction"
        self.calls.append((call, detail))

    def _written(self, kind: Kind, execute: Callable[[], Record]) -> Written:
        knob = next((knob for knob in self.knobs if knob.only in {None, kind}), None)
        if knob is not None:
            self.knobs.remove(knob)
            if knob.at == "after":
                execute()
            elif knob.at == "late":
                self.late.append(execute)
            raise knob.error
        record = execute()
        return Written(record=record, trace_id=f"tid-{len(self.calls)}")

    def run_late(self) -> None:
        """Execute what was sent before and was sitting in the queue over there."""
        for execute in self.late:
            try:
                execute()
            except (StaleRevision, DuplicateName, DuplicateNumber):
                continue
        self.late.clear()

    def _create(self, kind: Kind, payload: bytes, key: str) -> Record:
        if key in self.keys:
            return self.documents[kind, self.keys[key].id]
        self.next_id += 1
        body = json.loads(payload)["draft"]
        record = self._record(kind, RemoteRef(kind, str(self.next_id), "0"), body)
        self._refuse_twin(record)
        self.keys[key] = record.ref
        return self._store(record)

    def _update(self, kind: Kind, payload: bytes) -> Record:
        body = json.loads(payload)
        before = self.documents[kind, body["id"]]
        if before.ref.revision != body["revision"]:
            raise StaleRevision("stale", code="5010")
        record = self._record(kind, before.ref, body["draft"])
        if isinstance(record, InvoiceRecord) and isinstance(before, InvoiceRecord):
            paid = before.total - before.balance
            record = replace(record, balance=record.total - paid, payment_ids=before.payment_ids)
        if replace(record, changed_at=before.changed_at) == before:
            return before
        return self._store(next_revision(record))

    def _void(self, ref: RemoteRef) -> Record:
        before = self.documents[ref.kind, ref.id]
        if before.ref.revision != ref.revision:
            raise StaleRevision("stale", code="5010")
        return self._void_now(before)

    def _void_now(self, before: Record) -> Record:
        if isinstance(before, InvoiceRecord):
            if before.payment_ids:
                raise Rejected("It is paid.")
            nothing = tuple(replace(line, amount=Decimal(0)) for line in before.lines)
            after: Record = replace(
                before, total=Decimal(0), tax=Decimal(0), balance=Decimal(0), is_void=True,
                marker="Voided", lines=nothing,
            )  # fmt: skip
        else:
            assert isinstance(before, PaymentRecord)
            self._unsettle(before)
            after = replace(
                before, total=Decimal(0), unapplied=Decimal(0), settles=(), is_void=True,
                marker="Voided",
            )  # fmt: skip
        return self._store(next_revision(after))

    def _refuse_twin(self, record: Record) -> None:
        for other in self.documents.values():
            if other.ref.kind != record.ref.kind:
                continue
            if isinstance(other, InvoiceRecord) and other.number == record.number:  # type: ignore[union-attr]
                raise DuplicateNumber("The number is taken.", remote_id=other.ref.id, code="6140")
            if isinstance(other, CustomerRecord | ItemRecord) and other.name == record.name:  # type: ignore[union-attr]
                raise DuplicateName("The name is taken.", code="6240")
        if isinstance(record, CustomerRecord) and record.name in self.other_names:
            raise DuplicateName("The name is taken.", code="6240")

    def _store(self, record: Record) -> Record:
        record = replace(record, changed_at=self.now()) if hasattr(record, "changed_at") else record
        self.documents[record.ref.kind, record.ref.id] = record
        if isinstance(record, PaymentRecord) and not record.is_void:
            self._settle(record)
        return record

    def _settle(self, payment: PaymentRecord) -> None:
        for part in payment.settles:
            invoice = self.documents[Kind.INVOICE, part.invoice_id]
            assert isinstance(invoice, InvoiceRecord)
            if payment.ref.id not in invoice.payment_ids:
                self.documents[Kind.INVOICE, part.invoice_id] = next_revision(
                    replace(
                        invoice,
                        balance=invoice.balance - part.amount,
                        payment_ids=(*invoice.payment_ids, payment.ref.id),
                        changed_at=self.now(),
                    )
                )

    def _unsettle(self, payment: PaymentRecord) -> None:
        for part in payment.settles:
            invoice = self.documents[Kind.INVOICE, part.invoice_id]
            assert isinstance(invoice, InvoiceRecord)
            kept = tuple(pk for pk in invoice.payment_ids if pk != payment.ref.id)
            self.documents[Kind.INVOICE, part.invoice_id] = next_revision(
                replace(
                    invoice,
                    balance=invoice.balance + part.amount,
                    payment_ids=kept,
                    changed_at=self.now(),
                )
            )

    def _record(self, kind: Kind, ref: RemoteRef, body: dict) -> Record:
        if kind == Kind.CUSTOMER:
            return customer_record(ref, body, self.now())
        if kind == Kind.ITEM:
            return ItemRecord(ref, body["name"], body["income_account_id"], True, True)
        if kind == Kind.INVOICE:
            return self._invoice(ref, body)
        return payment_record(ref, body, self.now())

    def _invoice(self, ref: RemoteRef, body: dict) -> InvoiceRecord:
        lines = body["lines"]
        nets: dict[str, Decimal] = {}
        for line in lines:
            code = line["tax_code_id"]
            nets[code] = nets.get(code, Decimal(0)) + Decimal(line["amount"])
        tax = sum(
            (percent_of(net, self.tax_percent[code]) for code, net in nets.items()), Decimal(0)
        )
        net = sum(nets.values(), Decimal(0))
        if body["is_tax_inclusive"]:
            gross = sum((Decimal(line["gross"]) for line in lines), Decimal(0))
            tax = gross - net
        return InvoiceRecord(
            ref=ref,
            number=body["number"],
            customer_id=body["customer_id"],
            issued_on=date.fromisoformat(body["issued_on"]),
            total=net + tax,
            tax=tax,
            balance=net + tax,
            is_void=False,
            marker=body["marker"],
            lines=tuple(
                PostedLine(
                    line["description"],
                    Decimal(line["amount"]),
                    line["item_id"],
                    self._account(line["item_id"]),
                )
                for line in lines
            ),
            payment_ids=(),
            changed_at=self.now(),
        )

    def _account(self, item_id: str) -> str:
        item = self.documents[Kind.ITEM, item_id]
        assert isinstance(item, ItemRecord)
        return item.income_account_id

    # --- Reading ----------------------------------------------------------------------------------

    def read(self, ref: RemoteRef) -> Record:
        self._note(f"read {ref.kind}", ref.id)
        return self.documents.get((ref.kind, ref.id)) or DeletedRecord(ref, self.now())

    def read_many(self, kind: Kind, ids: Sequence[str]) -> tuple[Record, ...]:
        self._note(f"read_many {kind}", str(len(ids)))
        found = [self.documents.get((kind, pk)) for pk in ids]
        return tuple(record for record in found if record and not isinstance(record, DeletedRecord))

    def find(self, draft: Draft, *, since: datetime) -> tuple[Record, ...]:
        self._note("find")
        if self.hidden:
            return ()
        return tuple(record for record in self.documents.values() if _may_be(draft, record))

    def count_customers(self) -> int:
        self._note("count_customers")
        return len(self._active_customers())

    def customers(self, *, start: int, size: int) -> tuple[CustomerRecord, ...]:
        self._note("customers", str(start))
        return tuple(self._active_customers()[start - 1 : start - 1 + size])

    def customer_pages(self, *, start, size, expected, is_wanted):
        page = ()
        while is_wanted() and (start == 1 or not page or len(page) == size):
            page = self.customers(start=start, size=size)
            yield page
            start += size
            if len(page) < size:
                return

    def _active_customers(self) -> list[CustomerRecord]:
        found = [c for c in self.documents.values() if isinstance(c, CustomerRecord)]
        return sorted((c for c in found if c.is_active), key=lambda c: int(c.ref.id))

    def changes(self, kinds: Iterable[Kind], *, since: datetime) -> Changes:
        self._note("changes")
        wanted = list(kinds)
        found: list[Record] = []
        is_complete = True
        for kind in wanted:
            changed = [
                record
                for record in self.documents.values()
                if record.ref.kind == kind and getattr(record, "changed_at", since) >= since
            ]
            is_complete = is_complete and len(changed) < CAP
            found.extend(changed[:CAP])
        return Changes(tuple(found), is_complete, "tid-cdc")

    def payments_between(
        self, since: datetime, until: datetime, *, start: int
    ) -> tuple[PaymentRecord, ...]:
        self._note("payments_between", str(start))
        found = [
            record
            for record in self.documents.values()
            if isinstance(record, PaymentRecord) and since <= record.changed_at < until
        ]
        found.sort(key=lambda record: int(record.ref.id))
        return tuple(found[start - 1 : start - 1 + CAP])

    def document_url(self, ref: RemoteRef) -> str:
        return f"https://books.test/{ref.kind}/{ref.id}"


def _may_be(draft: Draft, record: Record) -> bool:
    if isinstance(draft, CustomerDraft):
        return isinstance(record, CustomerRecord) and record.name == draft.name
    if isinstance(draft, ItemDraft):
        return isinstance(record, ItemRecord) and record.name == draft.name
    if isinstance(draft, InvoiceDraft):
        return isinstance(record, InvoiceRecord) and (record.number, record.marker) == (
            draft.number,
            draft.marker,
        )
    assert isinstance(draft, PaymentDraft)
    return isinstance(record, PaymentRecord) and record.marker == draft.marker


__all__ = ["FakeLedger", "Knob", "OutcomeUnknown", "SimulatedCrash"]
