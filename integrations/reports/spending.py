"""Reports of what was spent."""

from decimal import Decimal

from django.urls import reverse

from ascora.common.money import ZERO, total_of
from ascora.tenancy.models import Organization
from integrations.reports.tables import Cell, Linked, Period, Report, Table, sums
from inventory.models import SupplierInvoice
from inventory.models.supplierinvoices import SupplierInvoiceQuerySet
from jobs.models import Expense, ExpenseQuerySet
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
