"""What a bookkeeper does in the books in memory, behind our back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from integrations.contracts import (
    DeletedRecord,
    InvoiceRecord,
    Kind,
    PaymentRecord,
    Record,
    RemoteRef,
    SettledInvoice,
)
from tests.engine.fake_records import customer_record, next_revision


class FakeBookkeeper:
    """The half of the books that a person works with."""

    documents: dict[tuple[Kind, str], Record]
    next_id: int
    now: Callable[[], datetime]

    def _store(self, record: Record) -> Record:
        raise NotImplementedError

    def _unsettle(self, payment: PaymentRecord) -> None:
        raise NotImplementedError

    def _void_now(self, before: Record) -> Record:
        raise NotImplementedError

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
        return self._store(next_revision(replace(current, **changes)))

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
            record = customer_record(ref, {"name": f"Customer {number:05d}"}, self.now())
            self.documents[Kind.CUSTOMER, ref.id] = record

    def age(self, by: timedelta) -> None:
        """Everything over there happened that much earlier."""
        for key, record in self.documents.items():
            if hasattr(record, "changed_at"):
                self.documents[key] = replace(record, changed_at=record.changed_at - by)
