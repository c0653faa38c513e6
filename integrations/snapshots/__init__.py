"""A document as it is now, as a draft for the books; or what must be pushed first; or what is
missing.

Reads only, inside `acting_for`; speaks to nobody and knows no provider.
"""

from collections.abc import Callable
from typing import Any

from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import OwnedModel
from integrations.links import label_of
from integrations.snapshots.attachments import attachment_snapshot
from integrations.snapshots.creditnotes import credit_note_snapshot
from integrations.snapshots.credituse import credit_use_snapshot, refund_snapshot
from integrations.snapshots.customers import customer_snapshot
from integrations.snapshots.expenses import expense_snapshot
from integrations.snapshots.invoices import invoice_snapshot
from integrations.snapshots.items import item_snapshot
from integrations.snapshots.outcomes import (
    Books,
    Remove,
    Requires,
    Send,
    Snapshot,
    Stays,
    Void,
    books_of,
)
from integrations.snapshots.payments import payment_snapshot
from integrations.snapshots.supplierinvoices import supplier_invoice_snapshot
from integrations.snapshots.suppliers import supplier_snapshot

__all__ = [
    "SNAPSHOTS",
    "Books",
    "Remove",
    "Requires",
    "Send",
    "Snapshot",
    "Stays",
    "Void",
    "books_of",
    "snapshot",
]

SNAPSHOTS: dict[str, Callable[[Books, Any, OutboxEntry], Snapshot]] = {
    "chart.ledgeraccount": item_snapshot,
    "jobs.customer": customer_snapshot,
    "inventory.supplier": supplier_snapshot,
    "inventory.supplierinvoice": supplier_invoice_snapshot,
    "payments.invoice": invoice_snapshot,
    "payments.creditnote": credit_note_snapshot,
    "payments.refund": refund_snapshot,
    "payments.payment": payment_snapshot,
    "payments.creditapplication": credit_use_snapshot,
    "jobs.expense": expense_snapshot,
    "attachments.attachment": attachment_snapshot,
}


def snapshot(books: Books, document: OwnedModel, entry: OutboxEntry) -> Snapshot:
    """What is to be done about this document now.

    Raises NeedsMapping naming the account or tax code that is missing, and BeforeCutOff when a
    person must say what happens to a document that belongs to an older one.
    """
    return SNAPSHOTS[label_of(document)](books, document, entry)
