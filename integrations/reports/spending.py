"""Reports of what was spent."""

from django.urls import reverse

from ascora.tenancy.models import Organization
from integrations.reports.tables import Linked, Period, Report, Table, sums
from inventory.models import SupplierInvoice, SupplierInvoiceQuerySet
from jobs.models import Expense, ExpenseQuerySet


def approved_in(organization: Organization, period: Period) -> ExpenseQuerySet:
    """Approved expenses dated in the period."""
    approved = Expense.objects.filter(organization=organization).approved()
    return approved.filter(spent_on__range=(period.begins_on, period.ends_on))


def supplier_invoices_in(organization: Organization, period: Period) -> SupplierInvoiceQuerySet:
    """Approved supplier invoices and credits dated in the period."""
    approved = SupplierInvoice.objects.filter(organization=organization).approved()
    return approved.filter(dated_on__range=(period.begins_on, period.ends_on))


def supplier_invoices_paid_in(
    organization: Organization, period: Period
) -> SupplierInvoiceQuerySet:
    """Those whose last payment in the books is of the period."""
    approved = SupplierInvoice.objects.filter(organization=organization).approved()
    return approved.filter(paid_on__range=(period.begins_on, period.ends_on))


def expenses_by_job(organization: Organization, period: Period) -> Report:
    """Every approved expense, job by job, and what the customer is charged for it."""
    found = approved_in(organization, period).select_related("job__customer", "supplier")
    table: Table = [
        (
            Linked(expense.job.number, reverse("jobs:job_detail", args=[expense.job.public_id])),
            expense.job.customer.name,
            expense.spent_on,
            expense.supplier.name if expense.supplier else "",
            expense.description,
            expense.net,
            expense.tax,
            expense.total,
            expense.charge,
        )
        for expense in found.order_by("job__number", "spent_on", "pk")
    ]
    columns = (
        "Job", "Customer", "Date", "Supplier", "Description",
        "Before tax", "Tax", "Total", "Charged on, before tax",
    )  # fmt: skip
    return Report(columns, table, sums("Total", table))
