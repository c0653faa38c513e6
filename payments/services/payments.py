"""Taking money: over several invoices, in parts, with its surcharge, the rest as credit."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from ascora.common.money import ZERO, to_cents, total_of
from ascora.common.wording import money
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import User
from ascora.tenancy.numbering import take_number
from ascora.tenancy.selectors import today_for
from jobs.models import Customer
from payments.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
    PaymentMethod,
    TaxMode,
)
from payments.selectors import tax_percent_for
from payments.services.charges import quote
from payments.services.closed import refuse_closed_day
from payments.services.lines import NewLine, append_lines, locked_invoices, restate
from payments.services.quotes import Part, PaymentQuote, PaymentTerms
from payments.services.refusals import Refused
from payments.services.versions import keep_version
from payments.totals import PricedLine


def quote_payment(
    *, customer: Customer, allocations: Mapping[Invoice, Decimal], **terms: Unpack[PaymentTerms]
) -> PaymentQuote:
    """What a payment would charge, for showing it before it is taken. Raises Refused. Writes
    nothing.
    """
    _complete(customer, terms)
    return quote(customer, allocations, terms)


@transaction.atomic
def record_payment(
    *,
    customer: Customer,
    allocations: Mapping[Invoice, Decimal],
    by: User | None,
    **terms: Unpack[PaymentTerms],
) -> Payment:
    """Take a payment. `allocations` says what of each invoice is paid, before the surcharge.

    The surcharge is on the part paid; its line is added to each invoice, and what is charged is
    the change of the
    invoices' totals. The invoices' changes are recorded before the payment. Raises Refused.
    """
    _complete(customer, terms)
    held = {invoice: allocations[invoice] for invoice in locked_invoices(allocations)}
    planned = quote(customer, held, terms)
    payment = Payment.objects.create(
        organization=customer.organization,
        customer=customer,
        method=terms.get("method"),
        received_on=terms["received_on"],
        reference=terms.get("reference", "")[:21],
        note=terms.get("note", "")[:500],
        amount=planned.charged,
        surcharge=planned.surcharge,
        rounding=planned.rounding,
        created_by=by,
    )
    for part in planned.parts:
        _settle(payment, part, by)
    if planned.has_own_invoice:
        settle_own_invoice(payment, planned.own_lines, day=payment.received_on, by=by)
    record_change(payment, by=by)
    return payment


@transaction.atomic
def allocate_credit(
    *, payment: Payment, allocations: Mapping[Invoice, Decimal], by: User | None
) -> Payment:
    """Settle invoices from what a payment has left over. No surcharge: the money is here
    already.
    """
    payment = locked_payment(payment)
    if payment.is_reversed:
        raise Refused("This payment has been reversed.")
    held = {invoice: allocations[invoice] for invoice in locked_invoices(allocations)}
    planned = quote(payment.customer, held, {"received_on": payment.received_on})
    left = credit_of(payment)
    if planned.amount > left:
        raise Refused(f"Only ${left:,.2f} of this payment is left.")
    for part in planned.parts:
        _add_to_allocation(payment, part)
    record_change(payment, by=by)
    return payment


def locked_payment(payment: Payment) -> Payment:
    """The row as it stands now, held until the transaction ends. Payments are held before their
    invoices.
    """
    rows = Payment.objects.owned_by(payment.organization)
    related = rows.select_related("organization", "customer", "method")
    return related.select_for_update(of=("self",)).get(pk=payment.pk)


def credit_of(payment: Payment) -> Decimal:
    """What of a payment settles no invoice and was not paid out."""
    standing = payment.allocations.filter(released_at=None)
    left: Decimal = payment.amount - total_of(allocation.amount for allocation in standing)
    return left - refunded_of(payment)


def refunded_of(payment: Payment) -> Decimal:
    """What of a payment was paid out again."""
    return total_of(refund.amount for refund in payment.refunds.filter(reversed_at=None))


def _complete(customer: Customer, terms: PaymentTerms) -> None:
    terms.setdefault("received_on", today_for(customer.organization))
    refuse_closed_day(customer.organization, terms["received_on"])


def _settle(payment: Payment, part: Part, by: User | None) -> None:
    """Add surcharge and rounding to the invoice, then settle it; its change goes to the books
    before the payment.
    """
    invoice = part.invoice
    added = append_lines(invoice, _surcharge_lines(payment.method, part.charge.lines))
    coins = append_lines(invoice, _rounding_lines(part.rounding))
    _allocate(payment, invoice, part.settled, added, coins)
    restate(invoice)
    if added or coins:
        invoice.version += 1
    invoice.save()
    if added or coins:
        keep_version(invoice, reason=_reason(payment, part), by=by)
        record_change(invoice, by=by)


def _reason(payment: Payment, part: Part) -> str:
    if not part.rounding:
        return f"Surcharge of ${part.charge.amount:,.2f} on a payment by {payment.method}"
    surcharge = f"surcharge of ${part.charge.amount:,.2f}, " if part.charge.amount else ""
    return f"Paid by {payment.method}: {surcharge}cash rounding of {money(part.rounding)}"


def settle_own_invoice(
    payment: Payment, priced: Sequence[PricedLine], *, day: date, by: User | None
) -> Invoice:
    """An issued invoice of this day that holds the surcharge alone, tax included, settled by the
    payment.
    """
    organization = payment.organization
    invoice = Invoice.objects.create(
        organization=organization,
        customer=payment.customer,
        number=take_number(organization, kind="invoice"),
        issued_on=day,
        due_on=day,
        issued_at=timezone.now(),
        status="issued",
        tax_mode=TaxMode.INCLUSIVE,
        tax_percent=tax_percent_for(organization, day),
        created_by=by,
    )
    added = append_lines(invoice, _surcharge_lines(payment.method, priced))
    _allocate(payment, invoice, to_cents(total_of(line.amount for line in added)), added)
    restate(invoice)
    invoice.save()
    keep_version(invoice, reason="Issued for the surcharge of a payment", by=by)
    record_change(invoice, by=by)
    index_for_search(invoice)
    return invoice


def _surcharge_lines(method: PaymentMethod | None, priced: Sequence[PricedLine]) -> list[NewLine]:
    words = f"Surcharge, {method}" if method else "Surcharge"
    return [
        NewLine(
            kind=LineKind.SURCHARGE,
            description=words if line.is_taxed or len(priced) == 1 else f"{words}, tax free part",
            unit_price=line.amount,
            is_taxed=line.is_taxed,
            surcharge_method=method,
        )
        for line in priced
    ]


def _rounding_lines(off: Decimal) -> list[NewLine]:
    words = "Cash rounding"
    line = NewLine(kind=LineKind.ROUNDING, description=words, unit_price=off, is_taxed=False)
    return [line] if off else []


def _allocate(
    payment: Payment,
    invoice: Invoice,
    amount: Decimal,
    added: Sequence[InvoiceLine],
    coins: Sequence[InvoiceLine] = (),
) -> None:
    Allocation.objects.create(
        organization=payment.organization,
        payment=payment,
        invoice=invoice,
        amount=amount,
        surcharge_line=added[0] if added else None,
        rounding_line=coins[0] if coins else None,
    )


def _add_to_allocation(payment: Payment, part: Part) -> None:
    """More of a payment for an invoice: the old allocation is released, a bigger one takes its
    place.
    """
    invoice = part.invoice
    before = payment.allocations.filter(invoice=invoice, released_at=None).first()
    if before is not None:
        before.released_at = timezone.now()
        before.save(update_fields=["released_at"])
    amount = part.amount + (before.amount if before else ZERO)
    line = before.surcharge_line if before else None
    coins = before.rounding_line if before else None
    _allocate(payment, invoice, amount, [line] if line else [], [coins] if coins else [])
    restate(invoice)
    invoice.save()
