"""Reports of what was spent."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from ascora.common.money import ZERO, total_of
from ascora.tenancy.models import Organization
from integrations.reports.tables import Cell, Linked, Period, Report, Table, sums
from inventory.models import SupplierInvoice
from inventory.models.supplierinvoices import SupplierInvoiceQuerySet
from jobs.models import Expense, ExpenseQuerySet, Job, JobAllocation
from payments.selectors import AGES, age_of


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


def supplier_invoice_list(organization: Organization, period: Period) -> Report:
    """Every supplier invoice and credit of the period; credits are negative."""
    found = supplier_invoices_in(organization, period).select_related("supplier")
    table: Table = [_supplier_row(each) for each in found.order_by("dated_on", "pk")]
    columns = (
        "Supplier invoice", "Date", "Supplier", "Due", "Before tax", "Tax", "Total", "Paid on",
    )  # fmt: skip
    return Report(columns, table, sums("Total", table))


def _supplier_row(each: SupplierInvoice) -> tuple[Cell, ...]:
    sign = -1 if each.is_credit else 1
    address = reverse("inventory:supplier_invoice_detail", args=[each.public_id])
    return (
        Linked(str(each), address),
        each.dated_on,
        each.supplier.name,
        each.due_on or "",
        sign * each.subtotal,
        sign * each.tax,
        sign * each.total,
        each.paid_on or "",
    )


def payables(organization: Organization, period: Period) -> Report:
    """What is owed to each supplier now, by days after the due date."""
    today = period.ends_on
    by_supplier: dict[str, dict[str, Decimal]] = {}
    due = SupplierInvoice.objects.filter(organization=organization).to_be_paid()
    for each in due.filter(dated_on__lte=today).select_related("supplier"):
        ages = by_supplier.setdefault(each.supplier.name, dict.fromkeys(AGES, ZERO))
        owed = each.total if each.still_owed is None else each.still_owed
        ages[age_of(today - (each.due_on or each.dated_on))] += owed
    table: Table = [
        (name, *ages.values(), total_of(ages.values()))
        for name, ages in sorted(by_supplier.items())
    ]
    note = "What the books have paid by now is left out, whatever the day. Expenses that are to be"
    return Report(
        ("Supplier", *AGES, "Owed"), table, sums("Total", table), f"{note} paid are not in it."
    )


def costs_by_job(organization: Organization, period: Period) -> Report:
    """What was bought for each job, as expenses and as shares of supplier invoices, before tax."""
    expenses = approved_in(organization, period).select_related("job__customer", "supplier")
    bought = JobAllocation.objects.owned_by(organization).filter(
        line__invoice__in=supplier_invoices_in(organization, period)
    )
    shares = bought.select_related("job__customer", "line__invoice__supplier")
    rows = [*map(_expense_row, expenses), *map(_share_row, shares)]
    table: Table = [row for _, row in sorted(rows, key=lambda each: each[0])]
    columns = (
        "Job", "Customer", "Date", "Supplier", "Description", "Bought as", "Cost, before tax",
        "Charged on, before tax",
    )  # fmt: skip
    note = "What supplies from supplier invoices are charged for stands on the job, under Supplies."
    return Report(columns, table, sums("Total", table), note)


_Placed = tuple[tuple[str, date, int], tuple[Cell, ...]]


def _expense_row(expense: Expense) -> _Placed:
    job, address = expense.job, reverse("jobs:expense_detail", args=[expense.public_id])
    return (job.number, expense.spent_on, expense.pk), (
        _job_cell(job),
        job.customer.name,
        expense.spent_on,
        expense.supplier.name if expense.supplier else "",
        expense.description,
        Linked("Expense", address),
        expense.net,
        expense.charge,
    )


def _share_row(share: JobAllocation) -> _Placed:
    """A credit takes off the job's cost."""
    job, invoice = share.job, share.line.invoice
    address = reverse("inventory:supplier_invoice_detail", args=[invoice.public_id])
    return (job.number, invoice.dated_on, share.pk), (
        _job_cell(job),
        job.customer.name,
        invoice.dated_on,
        invoice.supplier.name,
        share.line.description,
        Linked(str(invoice), address),
        -share.amount if invoice.is_credit else share.amount,
        "",
    )


def _job_cell(job: Job) -> Linked:
    return Linked(job.number, reverse("jobs:job_detail", args=[job.public_id]))
