"""What we bought, as the books say it stands now: a bill that was paid there, an edit."""

from decimal import Decimal

from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import BillPaymentRecord, Kind, SpendingRecord
from integrations.links import document_at, link_to
from integrations.models import Connection, RemoteLink
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
    """Note the day on the supplier invoices that it pays; what is owed of them they say
    themselves.
    """
    changed = False
    for part in record.settles:
        link = link_to(connection, part.ref)
        if link is None or link.gone_at is not None:
            continue
        document = document_at(connection, label=link.label, pk=link.object_pk)
        if isinstance(document, SupplierInvoice) and _is_later(document, record):
            origin = str(connection.public_id)
            record_payment_day_of_supplier_invoice(
                invoice=document, paid_on=record.paid_on, origin=origin
            )
            changed = True
    return changed


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
