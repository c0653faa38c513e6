"""Reading invoices and the work that waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum
from django.shortcuts import get_object_or_404

from ascora.common.money import ZERO, total_of
from ascora.search.services import matching
from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.selectors import today_for
from jobs.models import Customer, Expense, ExpenseStatus, Job, JobSupply, LabourEntry, Pricing
from payments.models import ADDED_BY_PAYMENTS, Invoice, InvoiceLine, InvoiceStatus
from payments.models.invoices import InvoiceQuerySet

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
    charges = [*(each.amount for each in (*labour, *supplies)), *(one.charge for one in expenses)]
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
    if job.invoices.exclude(status=InvoiceStatus.VOID).exists():
        return UninvoicedWork([], [], [], None, ZERO, "The fixed price is on an invoice already.")
    why = "This job has no fixed price yet. Enter it on the job."
    return UninvoicedWork([], [], [], job.fixed_price, job.fixed_price or ZERO, why)


def _free(entries: OwnedQuerySet[E], reference: str) -> OwnedQuerySet[E]:
    lines = InvoiceLine.objects.filter(
        organization=OuterRef("organization"), released_at=None, **{reference: OuterRef("pk")}
    )
    return entries.filter(~Exists(lines))


def invoices_for(organization: Organization) -> InvoiceQuerySet:
    """All invoices of the business, drafts and void ones too."""
    found: InvoiceQuerySet = Invoice.objects.filter(organization=organization)
    return found.select_related("customer", "job")


def invoice_for(organization: Organization, public_id: UUID) -> Invoice:
    """One invoice; Http404 when the business has no such one."""
    rows = invoices_for(organization).select_related("organization", "customer", "job__job_type")
    return get_object_or_404(rows, public_id=public_id)


def invoices_of_customer(customer: Customer) -> InvoiceQuerySet:
    """A customer's invoices, newest first."""
    return invoices_for(customer.organization).filter(customer=customer)


def invoices_of_job(job: Job) -> InvoiceQuerySet:
    """A job's invoices, newest first."""
    return invoices_for(job.organization).filter(job=job)


def open_invoices_of(customer: Customer) -> InvoiceQuerySet:
    """What a customer still owes, the longest due first."""
    return invoices_of_customer(customer).open().order_by("due_on", "pk")


def is_overdue(invoice: Invoice, today: date) -> bool:
    """Open after its due date."""
    return invoice.is_open and invoice.due_on < today


def invoices_narrowed(
    invoices: InvoiceQuerySet, organization: Organization, shown: str
) -> InvoiceQuerySet:
    """As the list's filter says: a status, `open` or `overdue`."""
    if shown == "open":
        return invoices.open()
    if shown == "overdue":
        return invoices.open().filter(due_on__lt=today_for(organization))
    return invoices.filter(status=shown)


def lines_shown_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines as the page shows them; those of a void invoice as they last stood."""
    lines = InvoiceLine.objects.owned_by(invoice.organization).filter(invoice=invoice)
    shown = lines if invoice.is_void else lines.filter(released_at=None)
    return list(shown.order_by("position", "pk"))


def editable_lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that a person may change."""
    return [line for line in lines_shown_of(invoice) if line.kind not in ADDED_BY_PAYMENTS]


def surcharge_lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that payments added; they come and go with them."""
    return [line for line in lines_shown_of(invoice) if line.kind in ADDED_BY_PAYMENTS]


def invoices_matching(
    invoices: InvoiceQuerySet, organization: Organization, typed: str
) -> InvoiceQuerySet:
    """Invoices in which every typed word is the beginning of some word."""
    return matching(invoices, organization, typed)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed, and how much of it is overdue."""

    open: Decimal
    overdue: Decimal


def owed_to(organization: Organization) -> Owed:
    """What customers owe in all."""
    rows = Invoice.objects.filter(organization=organization).open()
    late = Q(due_on__lt=today_for(organization))
    found = rows.aggregate(open=Sum("balance"), overdue=Sum("balance", filter=late))
    return Owed(found["open"] or ZERO, found["overdue"] or ZERO)


def owed_by(customer: Customer) -> Decimal:
    """What a customer owes."""
    found = invoices_of_customer(customer).open().aggregate(sum=Sum("balance"))
    return found["sum"] or ZERO


def invoice_asked_for(organization: Organization, asked: str) -> Invoice | None:
    """The invoice that an address names, if it names one of the business."""
    try:
        return invoices_for(organization).filter(public_id=UUID(asked)).first()
    except ValueError:
        return None
