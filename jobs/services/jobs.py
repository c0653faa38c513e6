"""Changing jobs. Jobs are not pushed themselves: their invoices are."""

from decimal import Decimal
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from ascora.common.money import ZERO
from ascora.common.texts import refuse_long_texts
from ascora.history.services import note_changes
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from ascora.tenancy.numbering import take_number
from jobs.models import ENDS, Customer, Job, JobStatus, JobType, Pricing, statuses_after
from jobs.selectors import uninvoiced_worth_of

_ADDRESS = ("street", "city", "region", "postcode")


class JobValues(TypedDict, total=False):
    """The plain values of a job; the fixed price is before tax."""

    customer: Customer
    billing_customer: Customer | None
    job_type: JobType | None
    description: str
    site_street: str
    site_city: str
    site_region: str
    site_postcode: str
    purchase_order: str
    client_order_number: str
    status: str
    pricing: str
    fixed_price: Decimal | None
    work_done: str


class LeavesWorkBehind(Exception):
    """The job would end with work that nobody was charged for: is that meant?"""


@transaction.atomic
def create_job(*, organization: Organization, by: User | None, **values: Unpack[JobValues]) -> Job:
    """Open a job under the next number. Without an address of its own it is at the customer's."""
    job = Job(organization=organization, **values)
    _use_customers_address(job)
    job.number = take_number(organization, kind="job")
    _check(job)
    job.save()
    index_for_search(job)
    return job


@transaction.atomic
def change_job(*, job: Job, by: User | None, **values: Unpack[JobValues]) -> Job:
    """Change the given values. Raises ValidationError for another customer once it is invoiced."""
    job = locked_job(job)
    customer = values.get("customer", job.customer)
    if customer != job.customer and job.invoices.exclude(status="void").exists():
        message = "This job has been invoiced, so it stays with its customer."
        raise ValidationError({"customer": message})
    before = {name: getattr(job, name) for name in values}
    for name, value in values.items():
        setattr(job, name, value)
    _check(job)
    _keep_price_above_claims(job)
    job.save()
    changed = {name: old for name, old in before.items() if old != getattr(job, name)}
    note_changes(job, before=changed, by=by)
    index_for_search(job)
    return job


@transaction.atomic
def set_job_status(*, job: Job, status: str, by: User | None, is_sure: bool = False) -> Job:
    """Move a job to a status that may follow. The same status again changes nothing.

    Raises ValidationError for one that may not, and LeavesWorkBehind when a job would be closed or
    cancelled with work that nobody was charged for and nobody `is_sure`.
    """
    job = locked_job(job)
    wanted = JobStatus(status)
    if job.status == wanted:
        return job
    if wanted not in statuses_after(job.status):
        now = job.get_status_display()
        raise ValidationError(f"{job} is {now}: reopen it first, then it can be {wanted.label}.")
    worth = uninvoiced_worth_of(job) if wanted in ENDS and not is_sure else ZERO
    if worth > 0:
        raise LeavesWorkBehind(f"${worth:,.2f} before tax on {job} is not invoiced yet.")
    return _moved(job, wanted, by=by)


@transaction.atomic
def close_job(*, job: Job, by: User | None) -> Job:
    """Done with, whatever came before; what is open may be closed when it is invoiced."""
    return _moved(locked_job(job), JobStatus.CLOSED, by=by)


def _moved(job: Job, status: JobStatus, *, by: User | None) -> Job:
    before = {"status": job.status} if job.status != status else {}
    job.status = status
    job.save(update_fields=["status"])
    note_changes(job, before=before, by=by)
    return job


def locked_job(job: Job) -> Job:
    """The row as it stands now, held until the transaction ends. Work and invoicing meet here."""
    rows = Job.objects.filter(organization=job.organization_id)
    related = rows.select_related("organization", "customer__billing_customer", "billing_customer")
    return related.select_for_update(of=("self",)).get(pk=job.pk)


def _use_customers_address(job: Job) -> None:
    if any(getattr(job, f"site_{part}") for part in _ADDRESS):
        return
    source = "site" if job.customer.site_street or job.customer.site_city else "billing"
    for part in _ADDRESS:
        setattr(job, f"site_{part}", getattr(job.customer, f"{source}_{part}"))


def _keep_price_above_claims(job: Job) -> None:
    """What is on invoices of a fixed price cannot be more than the price becomes."""
    claims = job.invoice_lines.filter(released_at=None, claimed__isnull=False)
    claimed = claims.aggregate(sum=Sum("claimed"))["sum"]
    was = Job.objects.filter(organization=job.organization_id).get(pk=job.pk).fixed_price
    if claimed is None or job.fixed_price == was:
        return
    if job.fixed_price is None:
        message = f"${claimed:,.2f} of the fixed price is on invoices. Void those first."
        raise ValidationError({"pricing": message})
    if job.fixed_price < min(claimed, was or claimed):
        message = f"${claimed:,.2f} of the price is on invoices, so it cannot be less than that."
        raise ValidationError({"fixed_price": message})


def _check(job: Job) -> None:
    if job.pricing != Pricing.FIXED_PRICE:
        job.fixed_price = None
    elif job.fixed_price is None or job.fixed_price < 0:
        raise ValidationError({"fixed_price": "Give the fixed price, before tax."})
    if job.billing_customer and job.billing_customer.billing_customer_id:
        message = "Choose a customer whose own bills go to nobody else."
        raise ValidationError({"billing_customer": message})
    refuse_long_texts(job)
    job.full_clean()
