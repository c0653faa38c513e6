"""A fixed-price job with its deposit and a progress claim; credit notes; a card payment."""

from datetime import date, timedelta
from decimal import Decimal

from ascora.common.money import to_cents
from ascora.tenancy.models import Organization, User
from jobs.models import Customer, Job, JobType
from jobs.services import create_job
from payments.models import Invoice, PaymentMethod
from payments.services import (
    NewCreditLine,
    Share,
    apply_credit_note,
    claim_fixed_price,
    draft_credit_note,
    issue_credit_note,
    issue_invoice,
    record_payment,
)

PRICE = Decimal("18640.00")


def claim(business: Organization, customer: Customer, *, today: date, by: User) -> Job:
    """A switchboard for a fixed price: the deposit is paid by card, a progress claim is open."""
    job = create_job(
        organization=business,
        by=by,
        customer=customer,
        job_type=JobType.objects.owned_by(business).order_by("pk").first(),
        description="New main switchboard and sub-mains, levels 1 to 4, for a fixed price",
        pricing="fixed_price",
        fixed_price=PRICE,
        purchase_order="PO 48122",
        status="in_progress",
    )
    deposit = _issued(job, "Deposit", Decimal(30), day=today - timedelta(days=24), by=by)
    mastercard = PaymentMethod.objects.owned_by(business).get(name="Mastercard")
    record_payment(
        customer=customer,
        allocations={deposit: deposit.balance},
        by=by,
        method=mastercard,
        received_on=today,
        reference="Card on file",
    )
    _issued(job, "Progress claim", Decimal(40), day=today - timedelta(days=6), by=by)
    return job


def _issued(job: Job, name: str, percent: Decimal, *, day: date, by: User) -> Invoice:
    draft = claim_fixed_price(job=job, name=name, share=Share(percent=percent), by=by)
    return issue_invoice(invoice=draft, by=by, issued_on=day)


def give_credit(invoices: list[Invoice], *, today: date, by: User) -> None:
    """One credit note used for an open invoice, and one that is still a draft."""
    used, other = invoices[0], invoices[1]
    lines = [_credited("Second visit was not needed", min(Decimal(50), used.balance / 2))]
    draft = draft_credit_note(
        customer=used.customer, by=by, lines=lines, reason="Agreed by telephone", issued_on=today
    )
    note = issue_credit_note(credit_note=draft, by=by)
    part = min(note.remaining, used.balance)
    apply_credit_note(credit_note=note, allocations={used: part}, by=by, applied_on=today)
    draft_credit_note(
        customer=other.customer,
        by=by,
        lines=[_credited("Damaged wall plate, not replaced", Decimal("38.50"))],
        reason="Goodwill",
    )


def _credited(what: str, amount: Decimal) -> NewCreditLine:
    return NewCreditLine(description=what, unit_price=to_cents(amount))
