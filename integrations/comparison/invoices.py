"""Invoices and credit notes: number, customer, day, totals and lines. Pure."""

from integrations.comparison.likeness import Essence, Likeness
from integrations.contracts import (
    CreditNoteDraft,
    CreditNoteRecord,
    InvoiceDraft,
    InvoiceRecord,
)

_Draft = InvoiceDraft | CreditNoteDraft
_Record = InvoiceRecord | CreditNoteRecord


def _essence(record: _Record) -> Essence:
    return {
        "number": record.number,
        "customer_id": record.customer_id,
        "issued_on": record.issued_on.isoformat(),
        "total": str(record.total),
        "tax": str(record.tax),
        "is_void": record.is_void,
        "lines": [[line.description, str(line.amount), line.item_id] for line in record.lines],
    }


def _sent(draft: _Draft) -> tuple[object, ...]:
    lines = [(line.amount, line.item_id) for line in draft.lines]
    return (draft.number, draft.customer_id, draft.issued_on, draft.total, draft.tax, lines)


def _shown(record: _Record) -> tuple[object, ...]:
    lines = [(line.amount, line.item_id) for line in record.lines if line.item_id]
    return (record.number, record.customer_id, record.issued_on, record.total, record.tax, lines)


def _complaint(draft: _Draft, record: _Record) -> str:
    if draft.tax != record.tax:
        return f"The books show {record.tax:,.2f} of tax, Ascora {draft.tax:,.2f}."
    wanted = {line.item_id: line.income_account_id for line in draft.lines}
    for line in record.lines:
        expected = wanted.get(line.item_id, "")
        if line.income_account_id and expected and line.income_account_id != expected:
            return (
                f'The line "{line.description[:60]}" went to another income account than Ascora\'s:'
                " the item it uses was changed in the books."
            )
    return ""


INVOICE = Likeness(essence=_essence, sent=_sent, shown=_shown, complaint=_complaint)
