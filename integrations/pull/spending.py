"""What we bought, as the books say it stands now: a bill that was paid there, an edit."""

from collections.abc import Mapping
from decimal import Decimal

from ascora.common.money import ZERO
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from integrations import attempts
from integrations.contracts import BillPaymentRecord, Kind, SpendingRecord
from integrations.links import document_at, link_to
from integrations.models import Connection, PaidPart, RemoteLink
from integrations.pull.credits import apply_refund
from integrations.pull.edits import tell_of_edit
from inventory.models import SupplierInvoice
from inventory.services import (
    record_owed_for_supplier_invoice,
    record_payment_day_of_supplier_invoice,
)
from jobs.models import Expense
from jobs.services import record_owed_for_expense
from payments.models import Refund

Bought = Expense | SupplierInvoice


def apply_spending(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: SpendingRecord
) -> bool:
    """Take over what is still owed; notice an edit."""
    if isinstance(document, Refund):
        return apply_refund(connection, link, document, record)
    if not isinstance(document, Expense | SupplierInvoice):
        return False
    is_paid = _take_owed(connection, document, record)
    was_told = tell_of_edit(connection, link, document, record, is_void_here=document.is_void)
    return was_told or is_paid


def apply_bill_payment(connection: Connection, record: BillPaymentRecord) -> bool:
    """Keep what it paid of each bill, and note the day on the supplier invoices; what is owed of
    them they say themselves.
    """
    bills = _bills_of(connection, record)
    changed = _keep_parts(connection, record, bills)
    for label, pk in bills:
        document = document_at(connection, label=label, pk=pk)
        if isinstance(document, SupplierInvoice) and _is_later(document, record):
            origin = str(connection.public_id)
            record_payment_day_of_supplier_invoice(
                invoice=document, paid_on=record.paid_on, origin=origin
            )
            changed = True
    return changed


def forget_bill_payment(connection: Connection, remote_id: str) -> bool:
    """It was deleted there: what it paid is paid no more."""
    deleted, _ = _parts_of(connection, remote_id).delete()
    return deleted > 0


def _bills_of(connection: Connection, record: BillPaymentRecord) -> dict[tuple[str, int], Decimal]:
    """What it settles of ours, by label and key."""
    found: dict[tuple[str, int], Decimal] = {}
    for part in () if record.is_void else record.settles:
        link = link_to(connection, part.ref)
        if link is not None and link.gone_at is None:
            key = (link.label, link.object_pk)
            found[key] = found.get(key, ZERO) + part.amount
    return found


def _keep_parts(
    connection: Connection, record: BillPaymentRecord, bills: Mapping[tuple[str, int], Decimal]
) -> bool:
    """Its parts as they stand there now. True when they stood otherwise here."""
    kept = _parts_of(connection, record.ref.id)
    before = {((row.label, row.object_pk), row.paid_on, row.amount) for row in kept}
    if before == {(bill, record.paid_on, amount) for bill, amount in bills.items()}:
        return False
    kept.delete()
    PaidPart.objects.bulk_create(
        PaidPart(
            organization=connection.organization,
            connection=connection,
            remote_id=record.ref.id,
            label=label,
            object_pk=pk,
            paid_on=record.paid_on,
            amount=amount,
        )
        for (label, pk), amount in bills.items()
    )
    return True


def _parts_of(connection: Connection, remote_id: str) -> OwnedQuerySet[PaidPart]:
    rows = PaidPart.objects.owned_by(connection.organization)
    return rows.filter(connection=connection, remote_id=remote_id)


def _is_later(invoice: SupplierInvoice, record: BillPaymentRecord) -> bool:
    """Of several payments the last says when it was paid."""
    return bool(invoice.paid) and (invoice.paid_on is None or record.paid_on > invoice.paid_on)


def _take_owed(connection: Connection, document: Bought, record: SpendingRecord) -> bool:
    """Payments move the balance of a bill and are no edit."""
    if record.is_void or not _has_balance(document, record):
        return False
    before = document.total if document.still_owed is None else document.still_owed
    if record.balance == before:
        return False
    _record_owed(document, record.balance, str(connection.public_id))
    verb = "Used" if record.ref.kind == Kind.SUPPLIER_CREDIT else "Paid"
    message = f"{verb} in the books." if not record.balance else f"Partly {verb.lower()} there."
    if record.balance > before:
        message = "A payment of it was taken back in the books."
    attempts.note_read(connection, document, record.ref, message=message)
    return True


def _has_balance(document: Bought, record: SpendingRecord) -> bool:
    """A bill or credit that comes to the same on both sides; what was edited there is told."""
    if record.ref.kind not in {Kind.BILL, Kind.SUPPLIER_CREDIT}:
        return False
    if isinstance(document, SupplierInvoice):
        return document.is_approved and record.total == document.total
    return document.is_to_be_paid


def _record_owed(document: Bought, owed: Decimal, origin: str) -> None:
    if isinstance(document, Expense):
        record_owed_for_expense(expense=document, owed=owed, origin=origin)
    else:
        record_owed_for_supplier_invoice(invoice=document, owed=owed, origin=origin)
