"""What of a record matters: was it edited there, and does it show what was sent. Pure.

`essence` leaves out what the books keep themselves (balances, links, times), so that a payment
applied to an invoice is not mistaken for an edit of it. Each kind has a module and a row in
LIKENESS.
"""

from decimal import Decimal

from integrations.comparison.attachments import ATTACHMENT
from integrations.comparison.creditnotes import CREDIT_NOTE
from integrations.comparison.invoices import INVOICE
from integrations.comparison.likeness import Essence, Likeness
from integrations.comparison.names import (
    CUSTOMER,
    ITEM,
    SUPPLIER,
    changed_texts,
    customer_fields,
)
from integrations.comparison.payments import PAYMENT
from integrations.comparison.spending import SPENDING
from integrations.contracts import (
    DeletedRecord,
    Draft,
    Kind,
    Record,
    Totalled,
)

__all__ = [
    "Essence",
    "changed_texts",
    "complaint",
    "customer_fields",
    "essence",
    "is_what_was_sent",
    "total_in",
    "total_of_draft",
]

LIKENESS: dict[Kind, Likeness] = {
    Kind.CUSTOMER: CUSTOMER,
    Kind.SUPPLIER: SUPPLIER,
    Kind.ITEM: ITEM,
    Kind.INVOICE: INVOICE,
    Kind.CREDIT_NOTE: CREDIT_NOTE,
    Kind.PAYMENT: PAYMENT,
    Kind.BILL: SPENDING,
    Kind.SUPPLIER_CREDIT: SPENDING,
    Kind.PURCHASE: SPENDING,
    Kind.ATTACHMENT: ATTACHMENT,
}


def essence(record: Record) -> Essence:
    """What a person could have edited, as plain JSON: texts and decimal strings."""
    if isinstance(record, DeletedRecord):
        return {"is_deleted": True}
    return LIKENESS[record.ref.kind].essence(record)


def total_in(record: Record) -> Decimal | None:
    """The total of a document; None for a name."""
    return record.total if isinstance(record, Totalled) else None


def total_of_draft(draft: Draft) -> Decimal | None:
    """The total that was sent; None for a name."""
    total: Decimal | None = getattr(draft, "total", None)
    return total


def is_what_was_sent(draft: Draft, record: Record) -> bool:
    """The record shows what this draft says: an update whose answer was lost has arrived after
    all.
    """
    if isinstance(record, DeletedRecord) or record.ref.kind != draft.kind:
        return False
    if isinstance(record, Totalled) and record.is_void:
        return False
    likeness = LIKENESS[draft.kind]
    return likeness.sent(draft) == likeness.shown(record)


def _of_tax(draft: Draft, record: Record, difference: Decimal) -> str:
    """Said when tax is all that differs: books that work it out themselves may know better."""
    sent, shown = getattr(draft, "tax", None), getattr(record, "tax", None)
    if sent is None or shown is None or shown - sent != difference:
        return ""
    return f" All of it is tax: {shown:,.2f} there, {sent:,.2f} here."


def complaint(draft: Draft, record: Record) -> str:
    """A sentence when the books show other amounts or accounts than were sent, else nothing."""
    sent, shown = total_of_draft(draft), total_in(record)
    if sent is not None and shown is not None and sent != shown:
        cents = abs(sent - shown)
        said = f"The books show {shown:,.2f}, Ascora {sent:,.2f}: a difference of {cents:,.2f}."
        return f"{said}{_of_tax(draft, record, shown - sent)}"
    if isinstance(record, DeletedRecord) or record.ref.kind != draft.kind:
        return ""
    return LIKENESS[draft.kind].complaint(draft, record)
