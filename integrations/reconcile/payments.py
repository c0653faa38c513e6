"""What payments move: from receivables to where the money stands."""

from collections.abc import Iterator
from functools import partial

from integrations.posting import Posting, payment_postings
from integrations.reconcile.source import Source, unless_unplaced
from integrations.snapshots.payments import deposit_account, stands_somewhere
from payments.models import Allocation, Payment, PaymentSettings


def payment_movements(source: Source) -> Iterator[Posting]:
    """Of every payment that stands in the books, or belongs there."""
    for payment in _payments(source):
        yield from unless_unplaced(partial(_of, source, payment))


def _of(source: Source, payment: Payment) -> tuple[Posting, ...]:
    account = deposit_account(source.books, payment)
    return payment_postings(
        payment.amount,
        deposit_account_id=account.remote_id,
        receivable_id=source.receivable_id,
    )


def _payments(source: Source) -> list[Payment]:
    """One whose account is known was sent or found there; others as the rules of sending say."""
    standing = Payment.objects.owned_by(source.organization).standing()
    old = source.asked_for("payments.payment")
    held = _of_older_invoices(source) - old
    settings = PaymentSettings.objects.owned_by(source.organization).first()
    takes_cards = settings is None or settings.accepts_cards
    return [
        payment
        for payment in standing.select_related("method", "deposit_account")
        if stands_somewhere(payment)
        or (
            (payment.received_on >= source.books.cut_off_on or payment.pk in old)
            and payment.pk not in held
            and (takes_cards or not (payment.method and payment.method.is_card))
        )
    ]


def _of_older_invoices(source: Source) -> set[int]:
    """Payments of invoices from before the cut-off wait for a person: they are not in the books."""
    asked = source.asked_for("payments.invoice")
    older = Allocation.objects.owned_by(source.organization).filter(
        released_at=None, invoice__issued_on__lt=source.books.cut_off_on
    )
    return set(older.exclude(invoice__in=asked).values_list("payment_id", flat=True))
