"""Reading customers, jobs and the work on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from ascora.common.money import ZERO, total_of
from ascora.search.services import matching
from ascora.tenancy.models import Organization, User
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.selectors import today_for
from inventory.models import SupplierInvoice, SupplierInvoiceLine, SupplierInvoiceStatus
from inventory.selectors import net_price_for, supply_for
from jobs.models import (
    Contact,
    Customer,
    CustomerQuerySet,
    Expense,
    ExpenseQuerySet,
    Job,
    JobAllocation,
    JobQuerySet,
    JobStatus,
    JobSupply,
    JobType,
    LabourEntry,
    LeadSource,
    PaymentTerm,
    Pricing,
    statuses_after,
)


def customers_for(organization: Organization) -> CustomerQuerySet:
    """All customers of the business, archived ones too."""
    found: CustomerQuerySet = Customer.objects.filter(organization=organization)
    return found.select_related("lead_source", "billing_customer", "payment_term")


def current_or_archived(customers: CustomerQuerySet, shown: str) -> CustomerQuerySet:
    """As the list's filter says."""
    return customers.filter(archived_at__isnull=shown != "archived")


def customer_for(organization: Organization, public_id: UUID) -> Customer:
    """One customer; Http404 when the business has no such one."""
    return get_object_or_404(customers_for(organization), public_id=public_id)


def with_open_jobs(customers: CustomerQuerySet) -> CustomerQuerySet:
    """Each customer with the number of its jobs that are neither closed nor cancelled."""
    closed = Q(jobs__status__in=[JobStatus.CLOSED, JobStatus.CANCELLED])
    return customers.annotate(open_jobs=Count("jobs", filter=~closed))


def customers_matching(organization: Organization, typed: str) -> CustomerQuerySet:
    """Current customers in which every typed word is the beginning of some word."""
    return matching(customers_for(organization).current(), organization, typed)  # type: ignore[return-value]


def is_name_free(organization: Organization, name: str, *, but_for: int | None = None) -> bool:
    """Whether no other current customer has this name, upper and lower case being the same."""
    alike = customers_for(organization).current().filter(name__iexact=name)
    return not any(pk != but_for for pk in alike.values_list("pk", flat=True))


def contact_for(organization: Organization, public_id: UUID) -> Contact:
    """One contact with its customer; Http404 when the business has no such one."""
    contacts = Contact.objects.owned_by(organization).select_related("customer")
    return get_object_or_404(contacts, public_id=public_id)


def lead_sources_for(organization: Organization) -> OwnedQuerySet[LeadSource]:
    """All lead sources, archived ones too."""
    return LeadSource.objects.owned_by(organization)


def lead_source_for(organization: Organization, public_id: UUID) -> LeadSource:
    """One lead source; Http404 when the business has no such one."""
    return get_object_or_404(lead_sources_for(organization), public_id=public_id)


def payment_terms_for(organization: Organization) -> OwnedQuerySet[PaymentTerm]:
    """All payment terms, archived ones too."""
    return PaymentTerm.objects.owned_by(organization)


def payment_term_for(organization: Organization, public_id: UUID) -> PaymentTerm:
    """One payment term; Http404 when the business has no such one."""
    return get_object_or_404(payment_terms_for(organization), public_id=public_id)


def job_types_for(organization: Organization) -> OwnedQuerySet[JobType]:
    """All job types with their account codes, archived ones too."""
    types = JobType.objects.owned_by(organization)
    return types.select_related("labour_account", "materials_account")


def job_type_for(organization: Organization, public_id: UUID) -> JobType:
    """One job type; Http404 when the business has no such one."""
    return get_object_or_404(job_types_for(organization), public_id=public_id)


def jobs_for(organization: Organization) -> JobQuerySet:
    """All jobs with customer and type."""
    found: JobQuerySet = Job.objects.filter(organization=organization)
    return found.select_related("customer__billing_customer", "billing_customer", "job_type")


def jobs_of(customer: Customer) -> JobQuerySet:
    """A customer's jobs, the newest first."""
    return jobs_for(customer.organization).filter(customer=customer)


def with_status(jobs: JobQuerySet, status: str) -> JobQuerySet:
    """As the list's filter says: one status, or every open one."""
    return jobs.open() if status == "open" else jobs.filter(status=status)


def with_type(jobs: JobQuerySet, public_id: str) -> JobQuerySet:
    """As the list's filter says."""
    return jobs.filter(job_type__public_id=public_id)


def job_for(organization: Organization, public_id: UUID) -> Job:
    """One job; Http404 when the business has no such one."""
    return get_object_or_404(jobs_for(organization), public_id=public_id)


def labour_entry_for(organization: Organization, public_id: UUID) -> LabourEntry:
    """One labour entry with its job; Http404 when the business has no such one."""
    entries = LabourEntry.objects.owned_by(organization)
    return get_object_or_404(entries.select_related("job__customer"), public_id=public_id)


def supply_use_for(organization: Organization, public_id: UUID) -> JobSupply:
    """One supply used, with its job; Http404 when the business has no such one."""
    uses = JobSupply.objects.owned_by(organization)
    return get_object_or_404(uses.select_related("job__customer", "supply"), public_id=public_id)


@dataclass(frozen=True, slots=True)
class Step:
    """The button that moves a job on: to which status, and what the button says."""

    status: str
    label: str


_NEXT = {
    JobStatus.UNSCHEDULED: Step(JobStatus.BOOKED, "Book"),
    JobStatus.BOOKED: Step(JobStatus.IN_PROGRESS, "Start work"),
    JobStatus.IN_PROGRESS: Step(JobStatus.COMPLETED, "Complete"),
    JobStatus.DEFERRED: Step(JobStatus.BOOKED, "Book again"),
    JobStatus.CANCELLED: Step(JobStatus.UNSCHEDULED, "Reopen"),
    JobStatus.COMPLETED: Step(JobStatus.READY_TO_INVOICE, "Ready to invoice"),
    JobStatus.READY_TO_INVOICE: Step(JobStatus.CLOSED, "Close"),
    JobStatus.CLOSED: Step(JobStatus.IN_PROGRESS, "Reopen"),
}


def next_step_of(job: Job) -> Step:
    """What usually comes next."""
    return _NEXT[JobStatus(job.status)]


def workers_for(organization: Organization) -> list[str]:
    """Names that hours were logged under, to choose from while typing."""
    entries = LabourEntry.objects.owned_by(organization)
    return list(entries.order_by("worker").values_list("worker", flat=True).distinct()[:200])


def usual_labour_for(organization: Organization, *, person: User) -> dict[str, Any]:
    """What a new labour entry most likely says: today, and who and at which rate as the last."""
    last = LabourEntry.objects.owned_by(organization).order_by("-created_at", "-pk").first()
    return {
        "worked_on": today_for(organization),
        "worker": last.worker if last else str(person),
        "hourly_rate": last.hourly_rate if last else None,
    }


def terms_of_supply(organization: Organization, chosen: str) -> dict[str, Any]:
    """Description, price before tax and tax of a supply; nothing when there is no such supply."""
    try:
        supply = supply_for(organization, UUID(chosen))
    except (ValueError, Http404):
        return {}
    return {
        "description": supply.description,
        "unit_price": net_price_for(supply, today_for(organization)),
        "is_taxed": supply.is_taxed,
    }


def expenses_for(organization: Organization) -> ExpenseQuerySet:
    """All expenses with job, supplier and accounts, void ones too."""
    found: ExpenseQuerySet = Expense.objects.filter(organization=organization)
    return found.select_related("job__customer", "supplier", "account", "paid_from")


def expense_for(organization: Organization, public_id: UUID) -> Expense:
    """One expense; Http404 when the business has no such one."""
    return get_object_or_404(expenses_for(organization), public_id=public_id)


def usual_expense_for(organization: Organization) -> dict[str, Any]:
    """What a new expense most likely says: today, paid and marked up as the last one."""
    last = expenses_for(organization).order_by("-created_at", "-pk").first()
    return {
        "spent_on": today_for(organization),
        "paid_from": last.paid_from if last else None,
        "markup": last.markup if last else None,
    }


Billable = LabourEntry | JobSupply | Expense


def is_invoiced(entry: Billable) -> bool:
    """Whether it stands on an invoice that counts (lines of voided invoices are released)."""
    return entry.invoice_lines.filter(released_at=None).exists()


def has_been_invoiced(entry: Billable) -> bool:
    """Whether any invoice, voided ones included, ever carried it."""
    return entry.invoice_lines.exists()


@dataclass(frozen=True, slots=True)
class JobWork:
    """The work on a job; each entry knows `invoiced`. Totals are what is chargeable, before tax."""

    labour: Sequence[LabourEntry]
    supplies: Sequence[JobSupply]
    expenses: Sequence[Expense]
    labour_total: Decimal
    supplies_total: Decimal
    expenses_total: Decimal

    @property
    def total(self) -> Decimal:
        """Labour, supplies and expenses together, before tax."""
        return self.labour_total + self.supplies_total + self.expenses_total


def work_on(job: Job) -> JobWork:
    """Labour, supplies used and expenses, with running totals before tax; three queries."""
    labour = list(
        job.labour_entries.annotate(invoiced=_invoice_lines_of(LabourEntry, "labour_entry"))
    )
    supplies = list(
        job.supplies.select_related("supply").annotate(
            invoiced=_invoice_lines_of(JobSupply, "job_supply")
        )
    )
    expenses = list(
        job.expenses.select_related("supplier", "paid_from").annotate(
            invoiced=_invoice_lines_of(Expense, "expense")
        )
    )
    return JobWork(
        labour=labour,
        supplies=supplies,
        expenses=expenses,
        labour_total=total_of(entry.amount for entry in labour if entry.is_chargeable),
        supplies_total=total_of(use.amount for use in supplies if use.is_chargeable),
        expenses_total=total_of(spent.charge for spent in expenses if not spent.is_void),
    )


def uninvoiced_worth_of(job: Job) -> Decimal:
    """What nobody was charged for yet, before tax: of a fixed price what no claim has taken."""
    if job.pricing == Pricing.FIXED_PRICE:
        claims = job.invoice_lines.filter(released_at=None, claimed__isnull=False)
        claimed = claims.aggregate(sum=Sum("claimed"))["sum"] or ZERO
        return max((job.fixed_price or ZERO) - claimed, ZERO)
    work = work_on(job)
    spent = [one for one in work.expenses if one.is_billable and not one.is_void]
    left = [
        *(one.amount for one in work.labour if one.is_chargeable and not _is_on_invoice(one)),
        *(one.amount for one in work.supplies if one.is_chargeable and not _is_on_invoice(one)),
        *(one.charge for one in spent if not _is_on_invoice(one)),
    ]
    return total_of(left)


def _is_on_invoice(entry: Billable) -> bool:
    return bool(getattr(entry, "invoiced", False))


BOARD = (
    JobStatus.UNSCHEDULED,
    JobStatus.BOOKED,
    JobStatus.IN_PROGRESS,
    JobStatus.DEFERRED,
    JobStatus.COMPLETED,
    JobStatus.READY_TO_INVOICE,
)
MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A status on the board: its newest jobs, and how many there are in all."""

    status: JobStatus
    jobs: Sequence[Job]
    count: int

    @property
    def next_statuses(self) -> Sequence[JobStatus]:
        """Where its cards may go."""
        return statuses_after(self.status)

    @property
    def has_more(self) -> bool:
        """More than the board shows."""
        return self.count > len(self.jobs)


def board_for(organization: Organization) -> list[Column]:
    """The open jobs by status, the newest of each; what is closed or cancelled is in the list."""
    counts = count_by_status(organization)
    jobs = jobs_for(organization)
    return [
        Column(
            status,
            list(jobs.filter(status=status)[:MOST_CARDS]) if counts.get(status) else [],
            counts.get(status, 0),
        )
        for status in BOARD
    ]


def count_by_status(organization: Organization) -> dict[str, int]:
    """How many jobs there are of each status."""
    rows = jobs_for(organization).order_by().values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def _invoice_lines_of(model: type[Billable], column: str) -> Exists:
    """Through the reverse relation, so that nothing of payments is imported."""
    lines: Any = model._meta.get_field("invoice_lines").related_model
    of_this = {column: OuterRef("pk"), "organization": OuterRef("organization")}
    return Exists(lines.objects.filter(released_at=None, **of_this))


def allocation_for(organization: Organization, public_id: UUID) -> JobAllocation:
    """One share of a supplier invoice, with its line and job; Http404 when there is no such one."""
    rows = JobAllocation.objects.owned_by(organization)
    related = rows.select_related("organization", "line__invoice__supplier", "job__customer")
    return get_object_or_404(related, public_id=public_id)


def left_of_line(line: SupplierInvoiceLine) -> Decimal:
    """What of its net amount no job has."""
    shares = total_of(share.amount for share in line.allocations.all())
    return Decimal(line.net - shares)


def shares_of(
    invoice: SupplierInvoice,
) -> list[tuple[SupplierInvoiceLine, list[JobAllocation], Decimal]]:
    """Each line with its shares, and what of it no job has."""
    lines = invoice.lines.prefetch_related("allocations__job__customer")
    return [(line, list(line.allocations.all()), left_of_line(line)) for line in lines]


def supplier_costs_of(job: Job) -> OwnedQuerySet[JobAllocation]:
    """What of supplier invoices and credits was bought for this job; void ones do not count."""
    rows = JobAllocation.objects.owned_by(job.organization).filter(job=job)
    standing = rows.exclude(line__invoice__status=SupplierInvoiceStatus.VOID)
    return standing.select_related("line__invoice__supplier").order_by(
        "line__invoice__dated_on", "pk"
    )


def supplier_cost_of(job: Job) -> Decimal:
    """What approved supplier invoices cost this job before tax, less approved credits."""
    return total_of(
        -share.amount if share.line.invoice.is_credit else share.amount
        for share in supplier_costs_of(job)
        if share.line.invoice.is_approved
    )
