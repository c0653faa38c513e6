"""Taking a payment back: a record of its own, never a delete."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from ascora.outbox.services import record_change
from ascora.tenancy.models import User
from ascora.tenancy.selectors import today_for
from payments.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
    PaymentOrigin,
    PaymentReversal,
)
from payments.services.applications import release
from payments.services.changes import make_void
from payments.services.lines import lines_of, locked_invoices, restate
from payments.services.payments import locked_payment, refunded_of
from payments.services.refusals import Refused
from payments.services.versions import keep_version


@transaction.atomic
def reverse_payment(
    *, payment: Payment, reason: str, by: User | None, keep_surcharge: bool = False
) -> PaymentReversal:
    """Take a payment back: its invoices are owed again, its cash rounding goes, and its surcharge
    lines go unless they are kept.

    Refused when it is reversed already, without a reason, and when an invoice without its
    surcharge would come to
    less than what other payments settled of it.
    """
    payment = locked_payment(payment)
    if payment.is_reversed:
        raise Refused("This payment has been reversed already.")
    if not reason.strip():
        raise Refused("Say why the payment is taken back.")
    if refunded := refunded_of(payment):
        raise Refused(f"${refunded:,.2f} of it was paid out. Take that refund back first.")
    _release_used_credits(payment)
    for allocation, invoice in _released(payment):
        added = [] if keep_surcharge else surcharge_added_by(allocation, invoice)
        added += _rounding_added_by(allocation, invoice)
        if added:
            take_lines_back(invoice, added, by)
        else:
            restate(invoice)
            invoice.save()
    reversal = _reversal(
        payment, reason, is_surcharge_kept=keep_surcharge and payment.surcharge > 0
    )
    reversal.made_by = by
    reversal.save()
    record_change(payment, by=by)
    return reversal


@transaction.atomic
def reverse_external_payment(*, payment: Payment, reason: str, origin: str) -> Payment:
    """The books no longer have this payment. Again changes nothing; never sent back.

    Its surcharge lines stay, because the invoice over there still has them: a person may amend
    them away.
    """
    payment = locked_payment(payment)
    if payment.is_reversed:
        return payment
    _release_used_credits(payment)
    for _, invoice in _released(payment):
        restate(invoice)
        invoice.save()
    reversal = _reversal(payment, reason, is_surcharge_kept=payment.surcharge > 0)
    reversal.origin = PaymentOrigin.BOOKS
    reversal.save()
    record_change(payment, by=None, origin=origin)
    return payment


def _release_used_credits(payment: Payment) -> None:
    """Credit that the books used together with this money is free again."""
    for application in payment.used_credits.filter(reversed_at=None):
        release(application)


@transaction.atomic
def take_off_surcharge(*, payment: Payment, by: User | None) -> Payment:
    """What a reversed payment left on its invoices goes now, as if it had not been kept.

    Refused while the payment stands, and when nothing of it is left.
    """
    payment = locked_payment(payment)
    if not payment.is_reversed:
        raise Refused("The payment stands: reverse it first.")
    allocations = list(payment.allocations.select_related("invoice__organization"))
    invoices = {i.pk: i for i in locked_invoices([a.invoice for a in allocations])}
    has_gone = False
    for allocation in allocations:
        invoice = invoices[allocation.invoice_id]
        left = [] if invoice.is_void else lines_added_by(allocation, invoice)
        if left:
            take_lines_back(invoice, left, by)
            has_gone = True
    if not has_gone:
        raise Refused("Nothing of this payment is left on an invoice.")
    return payment


def lines_added_by(allocation: Allocation, invoice: Invoice) -> list[InvoiceLine]:
    """The lines that an allocation added to its invoice and that stand on it: surcharge, cash
    rounding.
    """
    surcharge = surcharge_added_by(allocation, invoice)
    return [*surcharge, *_rounding_added_by(allocation, invoice)]


def surcharge_added_by(allocation: Allocation, invoice: Invoice) -> list[InvoiceLine]:
    """The surcharge lines of an allocation: the one it names, and the tax free part that follows
    it.
    """
    lines = lines_of(invoice)
    places = [place for place, line in enumerate(lines) if line.pk == allocation.surcharge_line_id]
    if not places:
        return []
    place = places[0]
    following = lines[place + 1 : place + 2]
    is_second_part = following and _is_second_part(lines[place], following[0])
    return [lines[place], *(following if is_second_part else [])]


def _rounding_added_by(allocation: Allocation, invoice: Invoice) -> list[InvoiceLine]:
    """The cash rounding of an allocation."""
    return [line for line in lines_of(invoice) if line.pk == allocation.rounding_line_id]


def _is_second_part(first: InvoiceLine, second: InvoiceLine) -> bool:
    if second.kind != LineKind.SURCHARGE or second.is_taxed or not first.is_taxed:
        return False
    return not Allocation.objects.filter(
        organization=first.organization_id, surcharge_line=second
    ).exists()


def _released(payment: Payment) -> list[tuple[Allocation, Invoice]]:
    """Its allocations, no longer standing, each with its invoice, held in the order of keys."""
    standing = payment.allocations.filter(released_at=None).select_related("invoice__organization")
    by_invoice = {allocation.invoice_id: allocation for allocation in standing}
    invoices = locked_invoices([allocation.invoice for allocation in by_invoice.values()])
    payment.allocations.filter(released_at=None).update(released_at=timezone.now())
    return [(by_invoice[invoice.pk], invoice) for invoice in invoices]


def take_lines_back(
    invoice: Invoice,
    added: Sequence[InvoiceLine],
    by: User | None,
    *,
    reason: str = "Taken back with its payment: what the payment had added",
) -> None:
    """The invoice without these lines is a new version; one that held nothing else is void.

    Raises Refused when other payments have settled more of it than it then comes to.
    """
    if len(added) == len(lines_of(invoice)):
        make_void(invoice)
    else:
        for line in added:
            line.delete()
        _restate_without(invoice)
        invoice.version += 1
    invoice.save()
    keep_version(invoice, reason=reason, by=by)
    record_change(invoice, by=by)


def _restate_without(invoice: Invoice) -> None:
    try:
        restate(invoice)
    except Refused as refused:
        raise Refused(
            f"Other payments have settled more of {invoice} than it comes to without this"
            " surcharge. Keep the surcharge, or reverse the other payment first."
        ) from refused


def _reversal(payment: Payment, reason: str, *, is_surcharge_kept: bool) -> PaymentReversal:
    payment.reversed_at = timezone.now()
    payment.save(update_fields=["reversed_at"])
    return PaymentReversal(
        organization=payment.organization,
        payment=payment,
        reversed_on=today_for(payment.organization),
        reason=reason.strip()[:200],
        is_surcharge_kept=is_surcharge_kept,
    )
