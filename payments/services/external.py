"""Payments as the books hold them: recorded here as they stand there, never sent back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.money import ZERO, to_cents
from ascora.outbox.services import record_change
from ascora.tenancy.models import Organization
from jobs.models import Customer
from payments.models import Allocation, Invoice, InvoiceLine, Payment, PaymentMethod, PaymentOrigin
from payments.services.lines import locked_invoices, restate
from payments.services.payments import locked_payment, refunded_of

NOTE_LENGTH = 500
REFERENCE_LENGTH = 21


class FoundPayment(TypedDict):
    """A payment as the books have it. `amount` is positive; `allocations` say what of our invoices
    it settles.
    """

    customer: Customer
    received_on: date
    amount: Decimal
    allocations: Mapping[Invoice, Decimal]
    method: PaymentMethod | None
    reference: str
    deposit_account: NotRequired[LedgerAccount | None]


@transaction.atomic
def record_external_payment(
    *,
    organization: Organization,
    origin: str,
    payment: Payment | None,
    **found: Unpack[FoundPayment],
) -> Payment:
    """Create or change a payment to what the books say; the same again changes nothing.

    Never raises on odd data: what an invoice does not owe (or owes no longer, being void) stays as
    the customer's
    credit, and the payment's note says so. A payment that was reversed here stays reversed.
    """
    if payment is not None:
        payment = locked_payment(payment)
        if payment.is_reversed:
            return payment
    before = _standing(payment)
    wanted = found["allocations"]
    touched = {a.invoice_id: a.invoice for a in before} | {i.pk: i for i in wanted}
    invoices = locked_invoices(touched.values())
    refunded = refunded_of(payment) if payment else ZERO
    shares = _shares(invoices, wanted, before, limit=to_cents(found["amount"]) - refunded)
    values = _values(found, _note(invoices, wanted, shares))
    if payment is not None and _says(payment, before, values, shares):
        return payment
    kept = payment or Payment(
        organization=organization, origin=PaymentOrigin.BOOKS, customer=found["customer"]
    )
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    _replace_allocations(kept, invoices, before, shares)
    record_change(kept, by=None, origin=origin)
    return kept


def keep_deposit_account(*, payment: Payment, remote_id: str) -> None:
    """The books have taken this payment's money into this account: it stands there from now on.

    Nothing to send, because it came from what was sent. Again changes nothing.
    """
    accounts = LedgerAccount.objects.owned_by(payment.organization)
    account = accounts.filter(remote_id=remote_id).first() if remote_id else None
    if account is not None:
        rows = Payment.objects.owned_by(payment.organization).filter(pk=payment.pk)
        rows.update(deposit_account=account)


def keep_line_accounts(*, invoice: Invoice, accounts: Mapping[int, str]) -> None:
    """The books have taken these lines (by key) into these accounts: they stand there from now on.

    Nothing to send, because it came from what was sent. Again changes nothing.
    """
    known = LedgerAccount.objects.owned_by(invoice.organization)
    by_id = {row.remote_id: row for row in known.filter(remote_id__in=set(accounts.values()))}
    lines = InvoiceLine.objects.owned_by(invoice.organization).filter(invoice=invoice)
    for pk, remote_id in accounts.items():
        lines.filter(pk=pk).update(books_account=by_id.get(remote_id))


def _standing(payment: Payment | None) -> list[Allocation]:
    if payment is None:
        return []
    standing = payment.allocations.filter(released_at=None)
    return list(standing.select_related("invoice__organization"))


def _shares(
    invoices: Sequence[Invoice],
    wanted: Mapping[Invoice, Decimal],
    before: Sequence[Allocation],
    *,
    limit: Decimal,
) -> dict[int, Decimal]:
    """What each invoice can take of it: no more than it owes to others than this payment."""
    own = {allocation.invoice_id: allocation.amount for allocation in before}
    shares: dict[int, Decimal] = {}
    for invoice in invoices:
        owed = invoice.balance + own.get(invoice.pk, ZERO)
        can_take = ZERO if invoice.is_draft or invoice.is_void else owed
        share = min(to_cents(wanted.get(invoice, ZERO)), can_take, limit)
        if share > 0:
            shares[invoice.pk] = share
            limit -= share
    return shares


def _values(found: FoundPayment, note: str) -> dict[str, object]:
    return {
        "customer": found["customer"],
        "received_on": found["received_on"],
        "amount": to_cents(found["amount"]),
        "method": found["method"],
        "deposit_account": found.get("deposit_account"),
        "reference": found["reference"][:REFERENCE_LENGTH],
        "note": note,
    }


def _note(
    invoices: Sequence[Invoice], wanted: Mapping[Invoice, Decimal], shares: Mapping[int, Decimal]
) -> str:
    """What could not be settled as the books say, in words."""
    words = []
    for invoice in invoices:
        over = to_cents(wanted.get(invoice, ZERO)) - shares.get(invoice.pk, ZERO)
        if over > 0:
            words.append(f"${over:,.2f} more for {invoice} than it owes: kept as credit.")
    return " ".join(words)[:NOTE_LENGTH]


def _says(
    payment: Payment,
    before: Sequence[Allocation],
    values: Mapping[str, object],
    shares: Mapping[int, Decimal],
) -> bool:
    is_same = all(getattr(payment, name) == value for name, value in values.items())
    return is_same and {a.invoice_id: a.amount for a in before} == shares


def _replace_allocations(
    payment: Payment,
    invoices: Sequence[Invoice],
    before: Sequence[Allocation],
    shares: Mapping[int, Decimal],
) -> None:
    own = {allocation.invoice_id: allocation for allocation in before}
    for invoice in invoices:
        old, share = own.get(invoice.pk), shares.get(invoice.pk, ZERO)
        if old is not None and old.amount == share:
            continue
        if old is not None:
            old.released_at = timezone.now()
            old.save(update_fields=["released_at"])
        if share:
            Allocation.objects.create(
                organization=payment.organization,
                payment=payment,
                invoice=invoice,
                amount=share,
                surcharge_line_id=old.surcharge_line_id if old else None,
                rounding_line_id=old.rounding_line_id if old else None,
            )
        restate(invoice)
        invoice.save()
