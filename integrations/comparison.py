"""What of a record matters: was it edited there, and does it show what was sent. Pure.

`essence` leaves out what the books keep themselves (balances, links, times), so that a payment
applied to an invoice is not mistaken for an edit of it.
"""

from collections.abc import Mapping
from decimal import Decimal

from integrations.contracts import (
    Address,
    CustomerDraft,
    CustomerRecord,
    Draft,
    InvoiceDraft,
    InvoiceRecord,
    ItemDraft,
    ItemRecord,
    PaymentDraft,
    PaymentRecord,
    Record,
)

Essence = dict[str, object]

_CUSTOMER_TEXTS = (
    "name", "company_name", "given_name", "family_name", "email", "phone", "mobile", "notes",
)  # fmt: skip
_ADDRESS_TEXTS = ("street", "city", "region", "postcode", "country")


def essence(record: Record) -> Essence:
    """What a person could have edited, as plain JSON: texts and decimal strings."""
    if isinstance(record, CustomerRecord):
        return _customer(record) | {"parent_id": record.parent_id}
    if isinstance(record, InvoiceRecord):
        return _invoice(record)
    if isinstance(record, PaymentRecord):
        return _payment(record)
    if isinstance(record, ItemRecord):
        return {
            "name": record.name,
            "income_account_id": record.income_account_id,
            "is_active": record.is_active,
        }
    return {"is_deleted": True}


def total_in(record: Record) -> Decimal | None:
    """The total of a document; None for a customer or an item."""
    return record.total if isinstance(record, InvoiceRecord | PaymentRecord) else None


def total_of_draft(draft: Draft) -> Decimal | None:
    """The total that was sent; None for a customer or an item."""
    return draft.total if isinstance(draft, InvoiceDraft | PaymentDraft) else None


def is_what_was_sent(draft: Draft, record: Record) -> bool:
    """The record shows what this draft says: an update whose answer was lost has arrived after
    all.
    """
    if isinstance(draft, InvoiceDraft) and isinstance(record, InvoiceRecord):
        return not record.is_void and _sent_invoice(draft) == _shown_invoice(record)
    if isinstance(draft, PaymentDraft) and isinstance(record, PaymentRecord):
        return not record.is_void and _sent_payment(draft) == _shown_payment(record)
    if isinstance(draft, CustomerDraft) and isinstance(record, CustomerRecord):
        return _customer(draft) == _customer(record)
    if isinstance(draft, ItemDraft) and isinstance(record, ItemRecord):
        return (draft.name, draft.income_account_id) == (record.name, record.income_account_id)
    return False


def complaint(draft: Draft, record: Record) -> str:
    """A sentence when the books show other amounts or accounts than were sent, else nothing."""
    sent, shown = total_of_draft(draft), total_in(record)
    if sent is not None and shown is not None and sent != shown:
        cents = abs(sent - shown)
        return f"The books show {shown:,.2f}, Ascora {sent:,.2f}: a difference of {cents:,.2f}."
    if isinstance(draft, InvoiceDraft) and isinstance(record, InvoiceRecord):
        return _tax_complaint(draft, record) or _account_complaint(draft, record)
    if isinstance(draft, PaymentDraft) and isinstance(record, PaymentRecord):
        return _settled_complaint(draft, record)
    return ""


def changed_texts(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, str]:
    """The texts of a customer that differ between two essences, by name."""
    return {
        key: str(after[key])
        for key in customer_fields()
        if key in after and before.get(key) != after[key]
    }


def customer_fields() -> list[str]:
    """Names of a customer's texts, addresses as billing_street and so on."""
    places = [f"{place}_{part}" for place in ("billing", "site") for part in _ADDRESS_TEXTS]
    return [*_CUSTOMER_TEXTS, *places]


def _tax_complaint(draft: InvoiceDraft, record: InvoiceRecord) -> str:
    if draft.tax == record.tax:
        return ""
    return f"The books show {record.tax:,.2f} of tax, Ascora {draft.tax:,.2f}."


def _account_complaint(draft: InvoiceDraft, record: InvoiceRecord) -> str:
    wanted = {line.item_id: line.income_account_id for line in draft.lines}
    for line in record.lines:
        expected = wanted.get(line.item_id, "")
        if line.income_account_id and expected and line.income_account_id != expected:
            return (
                f'The line "{line.description[:60]}" went to another income account than Ascora\'s:'
                " the item it uses was changed in the books."
            )
    return ""


def _settled_complaint(draft: PaymentDraft, record: PaymentRecord) -> str:
    if _settles(draft) == _settles(record):
        return ""
    return "The payment settles other amounts in the books than in Ascora."


def _customer(customer: CustomerDraft | CustomerRecord) -> Essence:
    texts: Essence = {key: getattr(customer, key) for key in _CUSTOMER_TEXTS}
    for place in ("billing", "site"):
        address: Address = getattr(customer, place)
        texts |= {f"{place}_{part}": getattr(address, part) for part in _ADDRESS_TEXTS}
    return texts | {"is_active": customer.is_active}


def _invoice(record: InvoiceRecord) -> Essence:
    return {
        "number": record.number,
        "customer_id": record.customer_id,
        "issued_on": record.issued_on.isoformat(),
        "total": str(record.total),
        "tax": str(record.tax),
        "is_void": record.is_void,
        "lines": [[line.description, str(line.amount), line.item_id] for line in record.lines],
    }


def _payment(record: PaymentRecord) -> Essence:
    return {
        "customer_id": record.customer_id,
        "received_on": record.received_on.isoformat(),
        "total": str(record.total),
        "unapplied": str(record.unapplied),
        "settles": [[part.invoice_id, str(part.amount)] for part in _sorted(record)],
        "deposit_account_id": record.deposit_account_id,
        "method_id": record.method_id,
        "is_void": record.is_void,
    }


def _sorted(payment: PaymentDraft | PaymentRecord) -> list:  # type: ignore[type-arg]
    return sorted(payment.settles, key=lambda part: part.invoice_id)


def _settles(payment: PaymentDraft | PaymentRecord) -> dict[str, Decimal]:
    return {part.invoice_id: part.amount for part in payment.settles}


def _sent_invoice(draft: InvoiceDraft) -> tuple[object, ...]:
    lines = [(line.amount, line.item_id) for line in draft.lines]
    return (draft.number, draft.customer_id, draft.issued_on, draft.total, draft.tax, lines)


def _shown_invoice(record: InvoiceRecord) -> tuple[object, ...]:
    lines = [(line.amount, line.item_id) for line in record.lines if line.item_id]
    return (record.number, record.customer_id, record.issued_on, record.total, record.tax, lines)


def _sent_payment(draft: PaymentDraft) -> tuple[object, ...]:
    return (draft.customer_id, draft.received_on, draft.total, _settles(draft))


def _shown_payment(record: PaymentRecord) -> tuple[object, ...]:
    return (record.customer_id, record.received_on, record.total, _settles(record))
