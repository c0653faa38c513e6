"""Paying credit out to a customer: what is left of a credit note, or of a payment."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import AccountKind, LedgerAccount
from ascora.common.money import to_cents
from ascora.outbox.services import record_change
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.selectors import today_for
from payments.models import (
    CreditApplication,
    CreditNote,
    CreditReversal,
    Payment,
    Refund,
)
from payments.services.applications import release, use_parts
from payments.services.closed import refuse_closed_day
from payments.services.creditstanding import locked_credit_note, refuse_unusable
from payments.services.payments import credit_of, locked_payment
from payments.services.refusals import Refused

REFERENCE_LENGTH = 21


class RefundTerms(TypedDict):
    """What is paid out, from which bank account, when, and the bank's reference."""

    amount: Decimal
    paid_from: LedgerAccount
    paid_on: date
    reference: str


@transaction.atomic
def refund_credit_note(
    *, credit_note: CreditNote, by: User | None, **terms: Unpack[RefundTerms]
) -> Refund:
    """Pay out what is left of a credit note, or part of it. Refused when there is less."""
    credit_note = locked_credit_note(credit_note)
    refuse_unusable(credit_note)
    refund = _new_refund(credit_note, terms, by)
    if refund.amount > credit_note.remaining:
        raise Refused(f"Only ${credit_note.remaining:,.2f} of {credit_note} is left.")
    refund.credit_note = credit_note
    refund.save()
    application = CreditApplication.objects.create(
        organization=refund.organization,
        customer=refund.customer,
        applied_on=refund.paid_on,
        refund=refund,
        created_by=by,
    )
    use_parts(application, {(credit_note, None): refund.amount})
    record_change(refund, by=by)
    record_change(application, by=by)
    return refund


@transaction.atomic
def refund_payment(*, payment: Payment, by: User | None, **terms: Unpack[RefundTerms]) -> Refund:
    """Pay out what a payment has left over, or part of it. Refused when there is less."""
    payment = locked_payment(payment)
    if payment.is_reversed:
        raise Refused("This payment has been reversed: nothing of it is left.")
    refund = _new_refund(payment, terms, by)
    left = credit_of(payment)
    if refund.amount > left:
        raise Refused(f"Only ${left:,.2f} of this payment is left.")
    refund.payment = payment
    refund.save()
    record_change(refund, by=by)
    record_change(payment, by=by)
    return refund


@transaction.atomic
def reverse_refund(*, refund: Refund, reason: str, by: User | None) -> CreditReversal:
    """The money did not leave after all: the credit is there again."""
    if not reason.strip():
        raise Refused("Say why it is taken back.")
    source: OwnedModel
    if refund.payment is not None:
        source = locked_payment(refund.payment)
    else:
        source = refund.application
        release(refund.application)
    rows = Refund.objects.owned_by(refund.organization).filter(pk=refund.pk, reversed_at=None)
    if not rows.update(reversed_at=timezone.now()):
        raise Refused("This has been taken back already.")
    reversal = CreditReversal.objects.create(
        organization=refund.organization,
        refund=refund,
        reversed_on=today_for(refund.organization),
        reason=reason.strip()[:200],
        made_by=by,
    )
    record_change(source, by=by)
    record_change(refund, by=by)
    return reversal


def _new_refund(source: CreditNote | Payment, terms: RefundTerms, by: User | None) -> Refund:
    amount = to_cents(terms["amount"])
    account = terms["paid_from"]
    if amount <= 0:
        raise Refused("Enter what is paid out.")
    refuse_closed_day(source.organization, terms["paid_on"])
    if account.kind != AccountKind.BANK or not account.is_active:
        raise Refused("Choose the bank account that it is paid from.")
    return Refund(
        organization=source.organization,
        customer=source.customer,
        amount=amount,
        paid_from=account,
        paid_on=terms["paid_on"],
        reference=terms["reference"].strip()[:REFERENCE_LENGTH],
        created_by=by,
    )
