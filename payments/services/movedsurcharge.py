"""A surcharge whose invoice the books no longer change: it moves to an invoice of its own."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ascora.common.money import total_of
from ascora.outbox.models import EntryState, Hold
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_change
from ascora.tenancy.models import User
from ascora.tenancy.selectors import today_for
from payments.models import Allocation, Invoice, Payment
from payments.services.closed import refuse_closed_day
from payments.services.lines import lines_of, locked_invoices, restate
from payments.services.payments import locked_payment, settle_own_invoice
from payments.services.refusals import Refused
from payments.services.reversals import surcharge_added_by, take_lines_back
from payments.totals import PricedLine


def stuck_surcharges_of(*, payment: Payment) -> list[Allocation]:
    """Standing parts whose surcharge never reached its invoice in the books, because the month was
    closed meanwhile.
    """
    if payment.is_reversed:
        return []
    standing = payment.allocations.filter(released_at=None, surcharge_line__books_account=None)
    parts = standing.exclude(surcharge_line=None).select_related("invoice__organization")
    return [part for part in parts if _is_refused(part.invoice) and _holds_more(part)]


def _is_refused(invoice: Invoice) -> bool:
    entry = entry_for(invoice)
    if entry is None or entry.state != EntryState.HELD:
        return False
    return entry.hold == Hold.PERIOD_CLOSED


def _holds_more(part: Allocation) -> bool:
    """It is no invoice of the surcharge's own already."""
    return len(surcharge_added_by(part, part.invoice)) < len(lines_of(part.invoice))


@transaction.atomic
def move_surcharge(*, payment: Payment, by: User | None) -> Invoice:
    """Take a payment's surcharge off the invoices of a month that was closed before the books had
    it; an invoice of today holds it instead, settled by the same payment. What was charged stays.

    Raises Refused when the payment was reversed, when nothing of its surcharge waits for a closed
    month, and when today is closed, too.
    """
    payment = locked_payment(payment)
    if payment.is_reversed:
        raise Refused("This payment has been reversed.")
    today = today_for(payment.organization)
    refuse_closed_day(payment.organization, today)
    stuck = stuck_surcharges_of(payment=payment)
    held = {each.pk: each for each in locked_invoices([part.invoice for part in stuck])}
    if not stuck:
        raise Refused("Nothing of its surcharge waits for a closed month, so it stays.")
    taken = [_taken_off(payment, part, held[part.invoice_id], by) for part in stuck]
    taxed, free = total_of(each[0] for each in taken), total_of(each[1] for each in taken)
    lines = (PricedLine(taxed), PricedLine(free, is_taxed=False))
    own = settle_own_invoice(payment, [each for each in lines if each.amount], day=today, by=by)
    record_change(payment, by=by)
    return own


def _taken_off(
    payment: Payment, part: Allocation, invoice: Invoice, by: User | None
) -> tuple[Decimal, Decimal]:
    """What goes, tax included: the taxed and the tax free. The payment settles so much less of the
    invoice.
    """
    added = surcharge_added_by(part, invoice)
    before, free = invoice.total, total_of(line.amount for line in added if not line.is_taxed)
    part.released_at = timezone.now()
    part.save(update_fields=["released_at"])
    take_lines_back(invoice, added, by, reason="Its surcharge moved to an invoice of its own")
    gone: Decimal = before - invoice.total
    Allocation.objects.create(
        organization=payment.organization,
        payment=payment,
        invoice=invoice,
        amount=part.amount - gone,
        rounding_line=part.rounding_line,
    )
    restate(invoice)
    invoice.save()
    return gone - free, free
