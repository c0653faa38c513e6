"""Bills, supplier credits and purchases: whose, when, how much, and on which accounts. Pure."""

from integrations.comparison.likeness import Essence, Likeness
from integrations.contracts import PurchaseDraft, SpendingDraft, SpendingRecord


def _essence(record: SpendingRecord) -> Essence:
    """Neither balance nor payments: being paid is no edit."""
    return {
        "number": record.number,
        "payee_id": record.payee_id,
        "dated_on": record.dated_on.isoformat(),
        "due_on": record.due_on.isoformat() if record.due_on else "",
        "total": str(record.total),
        "tax": str(record.tax),
        "is_void": record.is_void,
        "paid_from_id": record.paid_from_id,
        "lines": [[line.description, str(line.amount), line.account_id] for line in record.lines],
    }


def _sent(draft: SpendingDraft) -> tuple[object, ...]:
    if isinstance(draft, PurchaseDraft):
        payee, paid_from = draft.payee_id, draft.paid_from_id
    else:
        payee, paid_from = draft.supplier_id, ""
    lines = [(line.amount, line.account_id) for line in draft.lines]
    return (draft.number, payee, draft.dated_on, draft.total, draft.tax, paid_from, lines)


def _shown(record: SpendingRecord) -> tuple[object, ...]:
    lines = [(line.amount, line.account_id) for line in record.lines]
    return (
        record.number,
        record.payee_id,
        record.dated_on,
        record.total,
        record.tax,
        record.paid_from_id,
        lines,
    )


def _complaint(draft: SpendingDraft, record: SpendingRecord) -> str:
    if draft.tax != record.tax:
        return f"The books show {record.tax:,.2f} of tax, Ascora {draft.tax:,.2f}."
    if [line.account_id for line in draft.lines] != [line.account_id for line in record.lines]:
        return "A line went to another account in the books than Ascora's."
    return ""


SPENDING = Likeness(essence=_essence, sent=_sent, shown=_shown, complaint=_complaint)
