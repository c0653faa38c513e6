"""Payments: whose, when, how much, and what they settle. Pure."""

from decimal import Decimal

from integrations.comparison.likeness import Essence, Likeness
from integrations.contracts import PaymentDraft, PaymentRecord, UsedCredit

Parts = dict[str, Decimal]


def _essence(record: PaymentRecord) -> Essence:
    parts = sorted(record.settles, key=lambda part: part.invoice_id)
    return {
        "customer_id": record.customer_id,
        "received_on": record.received_on.isoformat(),
        "total": str(record.total),
        "unapplied": str(record.unapplied),
        "settles": [[part.invoice_id, str(part.amount)] for part in parts],
        "deposit_account_id": record.deposit_account_id,
        "method_id": record.method_id,
        "is_void": record.is_void,
    } | _credits_in(record)


def _credits_in(record: PaymentRecord) -> Essence:
    """Only where there are any, so that what was noted of plain payments stays comparable."""
    _, uses, paid_out = _parts(record)
    found = {"uses": uses, "paid_out": paid_out}
    return {
        name: sorted([pk, str(amount)] for pk, amount in parts.items())
        for name, parts in found.items()
        if parts
    }


def _parts(payment: PaymentDraft | PaymentRecord) -> tuple[Parts, Parts, Parts]:
    return (
        {part.invoice_id: part.amount for part in payment.settles},
        {part.credit_note_id: part.amount for part in _uses(payment)},
        {part.purchase_id: part.amount for part in payment.paid_out},
    )


def _uses(payment: PaymentDraft | PaymentRecord) -> tuple[UsedCredit, ...]:
    return payment.credits if isinstance(payment, PaymentDraft) else payment.uses


def _same(payment: PaymentDraft | PaymentRecord) -> tuple[object, ...]:
    return (payment.customer_id, payment.received_on, payment.total, _parts(payment))


def _complaint(draft: PaymentDraft, record: PaymentRecord) -> str:
    if _parts(draft) == _parts(record):
        return ""
    return "The payment settles other amounts in the books than in Ascora."


PAYMENT = Likeness(essence=_essence, sent=_same, shown=_same, complaint=_complaint)
