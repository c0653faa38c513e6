"""One record of the books, applied here. Runs inside `acting_for`; idempotent; never sends anything
back.
"""

from collections.abc import Callable
from typing import Any

from django.db.models.functions import Now

from ascora.outbox.models import Hold
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import (
    BillPaymentRecord,
    DeletedRecord,
    Kind,
    PaymentRecord,
    Record,
)
from integrations.links import document_at, is_known_revision, link_to
from integrations.models import Connection, RemoteLink
from integrations.pull.credits import apply_credit_note, take_back
from integrations.pull.invoices import apply_invoice
from integrations.pull.items import apply_item
from integrations.pull.merges import apply_merge
from integrations.pull.names import apply_name
from integrations.pull.payments import apply_payment, reverse_here
from integrations.pull.spending import apply_bill_payment, apply_spending, forget_bill_payment
from payments.models import CreditApplication, Payment

# What else can be done about a document that is gone there, than creating it again.
_REMEDIES = {
    "payments.invoice": "or void it here.",
    "payments.creditnote": "or void it here.",
    "payments.creditapplication": "or take the refund back here.",
    "payments.refund": "or take it back here.",
    "inventory.supplierinvoice": "or void it here.",
}
Applier = Callable[[Connection, RemoteLink, OwnedModel, Any], bool]

# What to do with a record of something that is linked to a document of ours, by the record's kind.
APPLIERS: dict[Kind, Applier] = {
    Kind.CUSTOMER: apply_name,
    Kind.SUPPLIER: apply_name,
    Kind.INVOICE: apply_invoice,
    Kind.CREDIT_NOTE: apply_credit_note,
    Kind.ITEM: apply_item,
    Kind.BILL: apply_spending,
    Kind.SUPPLIER_CREDIT: apply_spending,
    Kind.PURCHASE: apply_spending,
}


def apply(connection: Connection, record: Record) -> bool:
    """Take over one record. True when something changed here."""
    if isinstance(record, DeletedRecord):
        return _apply_deletion(connection, record)
    if isinstance(record, PaymentRecord):
        return apply_payment(connection, record)
    if isinstance(record, BillPaymentRecord):
        return apply_bill_payment(connection, record)
    link = link_to(connection, record.ref)
    if link is None or link.gone_at is not None or is_known_revision(link, record):
        return False
    document = document_at(connection, label=link.label, pk=link.object_pk)
    if document is None:
        return False
    return APPLIERS[record.ref.kind](connection, link, document, record)


def _apply_deletion(connection: Connection, record: DeletedRecord) -> bool:
    """A payment deleted there is reversed here; for the rest a person decides."""
    if record.ref.kind == Kind.BILL_PAYMENT:
        return forget_bill_payment(connection, record.ref.id)
    link = link_to(connection, record.ref)
    if link is None or link.gone_at is not None:
        return False
    document = document_at(connection, label=link.label, pk=link.object_pk)
    if document is not None and record.survivor is not None:
        return apply_merge(connection, link, document, record)
    link.gone_at = Now()
    link.save(update_fields=["gone_at"])
    if document is None:
        return False
    message = "It was deleted in the books."
    if isinstance(document, Payment):
        reverse_here(connection, document, reason="Deleted in the books")
        message += " Reversed here."
    elif isinstance(document, CreditApplication) and document.refund_id is None:
        take_back(connection, document)
        message += " Un-applied here."
    elif (entry := entry_for(document)) is not None:
        remedy = _REMEDIES.get(link.label, "or link it to another.")
        message += f" Create it again there, {remedy}"
        hold_document(entry, why=Hold.REMOTE_GONE, message=message)
    attempts.note_read(connection, document, record.ref, message=message)
    return True
