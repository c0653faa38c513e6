"""Reading what jobs have to charge for: work that waits for an invoice, and fixed prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from ascora.common.money import ZERO, total_of
from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Expense, ExpenseStatus, Job, JobStatus, JobSupply, LabourEntry, Pricing
from jobs.selectors import jobs_for
from payments.claims import Claim, left_of
from payments.models import Invoice, InvoiceLine, InvoiceStatus
from payments.models.invoices import InvoiceQuerySet

FINISHED = (JobStatus.COMPLETED, JobStatus.READY_TO_INVOICE)
MOST_JOBS = 100
E = TypeVar("E", LabourEntry, JobSupply, Expense)


@dataclass(frozen=True, slots=True)
class UninvoicedWork:
    """What a job has to charge for and no invoice has taken yet. `total` is before tax."""

    labour: Sequence[LabourEntry]
    supplies: Sequence[JobSupply]
    expenses: Sequence[Expense]
    fixed_price: Decimal | None
    total: Decimal
    why_empty: str

    @property
    def is_empty(self) -> bool:
        """Nothing to invoice."""
        return not (self.labour or self.supplies or self.expenses or self.fixed_price)


def uninvoiced_work_for(job: Job) -> UninvoicedWork:
    """Every chargeable labour entry, supply and expense that stands on no invoice; or the fixed
    price, once.
    """
    if job.pricing == Pricing.FIXED_PRICE:
        return _fixed_price_of(job)
    labour = list(_free(job.labour_entries.filter(is_chargeable=True), "labour_entry"))
    uses = job.supplies.filter(is_chargeable=True).select_related("supply")
    supplies = list(_free(uses, "job_supply"))
    billable = job.expenses.filter(is_billable=True).exclude(status=ExpenseStatus.VOID)
    expenses = list(_free(billable, "expense"))
    charges = [
        *(entry.amount for entry in labour),
        *(use.amount for use in supplies),
        *(spent.charge for spent in expenses),
    ]
    has_any = job.invoices.exclude(status=InvoiceStatus.VOID).exists()
    why = "Everything on this job is on an invoice already." if has_any else ""
    return UninvoicedWork(
        labour,
        supplies,
        expenses,
        None,
        total_of(charges),
        why or "There is nothing to charge for on this job yet.",
    )


def _fixed_price_of(job: Job) -> UninvoicedWork:
    left = max(fixed_price_of(job).left, ZERO)
    why = "The fixed price is on an invoice already."
    if not job.fixed_price:
        why = "This job has no fixed price yet. Enter it on the job."
    return UninvoicedWork([], [], [], left, left, why)


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """A fixed price and what stands claimed of it, before tax."""

    price: Decimal
    claims: Sequence[Claim]

    @property
    def claimed(self) -> Decimal:
        """What is on drafts and invoices."""
        return total_of(claim.net for claim in self.claims)

    @property
    def left(self) -> Decimal:
        """What nobody has claimed; negative when more was claimed on purpose."""
        return left_of(self.price, self.claims)

    @property
    def percent_claimed(self) -> int:
        """For a bar: between 0 and 100."""
        if not self.price:
            return 0
        return int(min(max(self.claimed / self.price, ZERO), Decimal(1)) * 100)


def fixed_price_of(job: Job) -> FixedPrice:
    """The job's price and the claims on it that count; those of voided invoices do not."""
    lines = InvoiceLine.objects.owned_by(job.organization).filter(
        job=job, claimed__isnull=False, released_at=None
    )
    claims = [Claim(line.claimed or ZERO, line.claimed_percent) for line in lines]
    return FixedPrice(job.fixed_price or ZERO, claims)


def _free(entries: OwnedQuerySet[E], reference: str) -> OwnedQuerySet[E]:
    lines = InvoiceLine.objects.filter(
        organization=OuterRef("organization"), released_at=None, **{reference: OuterRef("pk")}
    )
    return entries.filter(~Exists(lines))


def invoices_of_job(job: Job) -> InvoiceQuerySet:
    """A job's invoices, newest first; those that charge for other jobs beside it as well."""
    lines = InvoiceLine.objects.filter(organization=OuterRef("organization"), job=job)
    found: InvoiceQuerySet = Invoice.objects.filter(organization=job.organization)
    charging = Q(job=job) | Exists(lines.filter(invoice=OuterRef("pk")))
    return found.filter(charging).select_related("customer", "job")


def finished_jobs_of(organization: Organization, asked: Iterable[str] = ()) -> list[Job]:
    """Jobs that are done and wait for an invoice, the oldest first, a hundred at most; of those
    asked for by public id only these, whatever their status.
    """
    jobs = jobs_for(organization).select_related(
        "organization", "customer__billing_customer", "billing_customer", "job_type"
    )
    chosen = [public_id for public_id in map(_uuid, asked) if public_id]
    found = jobs.filter(public_id__in=chosen) if chosen else jobs.filter(status__in=FINISHED)
    return list(found.order_by("created_at", "pk")[:MOST_JOBS])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def jobs_on(invoice: Invoice) -> list[Job]:
    """The jobs that an invoice charges for, in the order of its lines."""
    lines = invoice.lines.filter(job__isnull=False).select_related("job")
    found = [invoice.job, *(line.job for line in lines.order_by("position", "pk"))]
    return list(dict.fromkeys(job for job in found if job is not None))
