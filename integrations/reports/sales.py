"""Reports of what was charged: invoices, income by account and job type."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from ascora.common.money import total_of
from ascora.tenancy.models import Organization
from integrations.errors import NeedsMapping
from integrations.reconcile import books_of
from integrations.reports.tables import Linked, Period, Report, Table, sums
from integrations.snapshots import Books
from integrations.snapshots.charges import placed_lines
from payments.models import CreditNote, Invoice
from payments.models.credits import CreditNoteQuerySet
from payments.models.invoices import InvoiceQuerySet

NO_ACCOUNT = "No account code yet"


def issued_in(organization: Organization, period: Period) -> InvoiceQuerySet:
    """Invoices dated in the period, drafts and void ones left out."""
    dated = Invoice.objects.filter(
        organization=organization, issued_on__range=(period.begins_on, period.ends_on)
    )
    return dated.issued()


def issued_credits_in(organization: Organization, period: Period) -> CreditNoteQuerySet:
    """Credit notes dated in the period, drafts and void ones left out."""
    issued = CreditNote.objects.filter(organization=organization).issued()
    return issued.filter(issued_on__range=(period.begins_on, period.ends_on))


def link_to_invoice(invoice: Invoice) -> Linked:
    """Its number, leading to its page."""
    address = reverse("payments:invoice_detail", args=[invoice.public_id])
    return Linked(invoice.number, address)


def invoice_list(organization: Organization, period: Period) -> Report:
    """Every invoice of the period, by date and number."""
    found = issued_in(organization, period).select_related("customer", "job")
    table: Table = [
        (
            link_to_invoice(invoice),
            invoice.issued_on,
            invoice.customer.name,
            invoice.job.number if invoice.job else "",
            invoice.subtotal,
            invoice.tax,
            invoice.total,
            invoice.balance,
        )
        for invoice in found.order_by("issued_on", "number")
    ]
    columns = ("Invoice", "Date", "Customer", "Job", "Before tax", "Tax", "Total", "Still owed")
    return Report(columns, table, sums("Total", table))


def invoices_by_month(organization: Organization, period: Period) -> Report:
    """How many invoices, and what they came to, by the month of their date."""
    rows = (
        issued_in(organization, period)
        .annotate(month=TruncMonth("issued_on"))
        .values("month")
        .annotate(
            number=Count("pk"), net=Sum("subtotal"), gst=Sum("tax"), gross=Sum("total"),
            open=Sum("balance"),
        )
        .order_by("month")
    )  # fmt: skip
    table: Table = [
        (f"{r['month']:%B %Y}", r["number"], r["net"], r["gst"], r["gross"], r["open"])
        for r in rows
    ]
    columns = ("Month", "Invoices", "Before tax", "Tax", "Total", "Still owed")
    return Report(columns, table, sums("Total", table))


def income(organization: Organization, period: Period) -> Report:
    """Before tax, by the account that each line goes to and the job type."""
    books = books_of(organization)
    found: dict[tuple[str, str], Decimal] = {}
    for invoice in issued_in(organization, period).select_related("organization", "job__job_type"):
        job_type = invoice.job.job_type if invoice.job else None
        kind = job_type.name if job_type else "No job type"
        for account, net in _placed(books, invoice):
            found[account, kind] = found.get((account, kind), Decimal(0)) + net
    table: Table = [(account, kind, found[account, kind]) for account, kind in sorted(found)]
    total = ("Total", "", total_of(found.values())) if found else ()
    return Report(("Account", "Job type", "Before tax"), table, total)


def _placed(books: Books | None, invoice: Invoice) -> list[tuple[str, Decimal]]:
    """The account and the net amount of each line; in one sum where no account can be said."""
    if books is None:
        return [(NO_ACCOUNT, invoice.subtotal)]
    try:
        return [(str(line.placement.code), line.net) for line in placed_lines(books, invoice)]
    except NeedsMapping:
        return [(NO_ACCOUNT, invoice.subtotal)]
