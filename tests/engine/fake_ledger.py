"""Books in memory: faithful enough to lose replies, execute late, keep revisions, and be edited by
a bookkeeper.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection as database

from integrations.contracts import (
    Address,
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
    SettledInvoice,
    Written,
)
from integrations.errors import (
    DuplicateName,
    DuplicateNumber,
    OutcomeUnknown,
    Rejected,
    StaleRevision,
)

CENT = Decimal("0.01")
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
class FakeLedger:
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
        return self._store(_next(record))

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
        return self._store(_next(after))

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
                self.documents[Kind.INVOICE, part.invoice_id] = _next(
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
            self.documents[Kind.INVOICE, part.invoice_id] = _next(
                replace(
                    invoice,
                    balance=invoice.balance + part.amount,
                    payment_ids=kept,
                    changed_at=self.now(),
                )
            )

    def _record(self, kind: Kind, ref: RemoteRef, body: dict) -> Record:
        if kind == Kind.CUSTOMER:
            return _customer(ref, body, self.now())
        if kind == Kind.ITEM:
            return ItemRecord(ref, body["name"], body["income_account_id"], True, True)
        if kind == Kind.INVOICE:
            return self._invoice(ref, body)
        return _payment(ref, body, self.now())

    def _invoice(self, ref: RemoteRef, body: dict) -> InvoiceRecord:
        lines = body["lines"]
        nets: dict[str, Decimal] = {}
        for line in lines:
            code = line["tax_code_id"]
            nets[code] = nets.get(code, Decimal(0)) + Decimal(line["amount"])
        tax = sum((_percent(net, self.tax_percent[code]) for code, net in nets.items()), Decimal(0))
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

    # --- What a bookkeeper does there -------------------------------------------------------------

    def of(self, kind: Kind) -> list[Record]:
        """The live documents of one kind."""
        return [
            record
            for record in self.documents.values()
            if record.ref.kind == kind and not isinstance(record, DeletedRecord)
        ]

    def invoice(self, number: str) -> InvoiceRecord:
        """The live invoice of this number; there is exactly one."""
        (found,) = [i for i in self.of(Kind.INVOICE) if i.number == number]  # type: ignore[union-attr]
        assert isinstance(found, InvoiceRecord)
        return found

    def receive(
        self,
        parts: Mapping[str, str],
        *,
        customer_id: str,
        account_id: str = "acc-1100",
        total: str = "",
        method_id: str = "",
        on: date = date(2026, 11, 20),
    ) -> PaymentRecord:
        """Receive a payment over there: remote invoice id to amount."""
        settles = tuple(SettledInvoice(pk, Decimal(amount)) for pk, amount in parts.items())
        settled = sum((part.amount for part in settles), Decimal(0))
        amount = Decimal(total) if total else settled
        self.next_id += 1
        record = self._store(
            PaymentRecord(
                ref=RemoteRef(Kind.PAYMENT, str(self.next_id), "0"),
                customer_id=customer_id,
                received_on=on,
                total=amount,
                unapplied=amount - settled,
                settles=settles,
                credits=Decimal(0),
                deposit_account_id=account_id,
                method_id=method_id,
                reference="",
                marker="",
                is_void=False,
                is_deposited=False,
                changed_at=self.now(),
            )
        )
        assert isinstance(record, PaymentRecord)
        return record

    def edit(self, record: Record, **changes: object) -> Record:
        """Edit any document over there; its revision moves on."""
        current = self.documents[record.ref.kind, record.ref.id]
        if isinstance(current, PaymentRecord):
            self._unsettle(current)
        return self._store(_next(replace(current, **changes)))

    def void_there(self, record: Record) -> Record:
        return self._void_now(self.documents[record.ref.kind, record.ref.id])

    def delete_there(self, record: Record) -> None:
        current = self.documents[record.ref.kind, record.ref.id]
        if isinstance(current, PaymentRecord):
            self._unsettle(current)
        self.documents[record.ref.kind, record.ref.id] = DeletedRecord(record.ref, self.now())

    def add_customers(self, count: int) -> None:
        """Customers with untidy but valid names."""
        for number in range(1, count + 1):
            self.next_id += 1
            ref = RemoteRef(Kind.CUSTOMER, str(self.next_id), "0")
            record = _customer(ref, {"name": f"Customer {number:05d}"}, self.now())
            self.documents[Kind.CUSTOMER, ref.id] = record

    def age(self, by: timedelta) -> None:
        """Everything over there happened that much earlier."""
        for key, record in self.documents.items():
            if hasattr(record, "changed_at"):
                self.documents[key] = replace(record, changed_at=record.changed_at - by)


def _next(record: Record) -> Record:
    revision = str(int(record.ref.revision or "0") + 1)
    return replace(record, ref=replace(record.ref, revision=revision))


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return (amount * percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def _customer(ref: RemoteRef, body: Mapping, now: datetime) -> CustomerRecord:
    texts = (
        "name",
        "company_name",
        "given_name",
        "family_name",
        "email",
        "phone",
        "mobile",
        "notes",
    )
    return CustomerRecord(
        ref=ref,
        billing=Address(**body.get("billing", {})),
        site=Address(**body.get("site", {})),
        is_taxed=body.get("is_taxed", True),
        is_active=body.get("is_active", True),
        parent_id="",
        changed_at=now,
        **{text: body.get(text, "") for text in texts},
    )


def _payment(ref: RemoteRef, body: Mapping, now: datetime) -> PaymentRecord:
    settles = tuple(
        SettledInvoice(part["invoice_id"], Decimal(part["amount"])) for part in body["settles"]
    )
    total = Decimal(body["total"])
    return PaymentRecord(
        ref=ref,
        customer_id=body["customer_id"],
        received_on=date.fromisoformat(body["received_on"]),
        total=total,
        unapplied=total - sum((part.amount for part in settles), Decimal(0)),
        settles=settles,
        credits=Decimal(0),
        deposit_account_id=body["deposit_account_id"],
        method_id=body["method_id"],
        reference=body["reference"],
        marker=body["marker"],
        is_void=False,
        is_deposited=False,
        changed_at=now,
    )


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
