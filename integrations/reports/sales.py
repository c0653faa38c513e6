"""Reports of what was charged: invoices, income by account and job type."""

from collections.abc import Iterator
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
from integrations.snapshots.creditnotes import placed_credit_lines
from jobs.models import Job
from payments.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from payments.models.credits import CreditNoteQuerySet
from payments.models.invoices import InvoiceQuerySet

NO_ACCOUNT = "No account code yet"
CREDITED = "Credit notes"


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
    """Before tax, by the account that each line goes to and the job type; credit notes take theirs
    back.
    """
    books = books_of(organization)
    found: dict[tuple[str, str], Decimal] = {}
    for invoice in issued_in(organization, period).select_related("organization", "job__job_type"):
        for account, kind, net in _placed(books, invoice):
            found[account, kind] = found.get((account, kind), Decimal(0)) + net
    for account, net in _credited(books, issued_credits_in(organization, period)):
        found[account, CREDITED] = found.get((account, CREDITED), Decimal(0)) - net
    table: Table = [(account, kind, found[account, kind]) for account, kind in sorted(found)]
    total = ("Total", "", total_of(found.values())) if found else ()
    return Report(("Account", "Job type", "Before tax"), table, total)


def _placed(books: Books | None, invoice: Invoice) -> list[tuple[str, str, Decimal]]:
    """Account, job type and net amount of each line; in one sum where no account can be said."""
    in_one = [(NO_ACCOUNT, _kind_of(invoice.job), invoice.subtotal)]
    if books is None:
        return in_one
    try:
        placed = placed_lines(books, invoice)
    except NeedsMapping:
        return in_one
    return [
        (str(each.placement.code), _kind_of(_job_of(each.line) or invoice.job), each.net)
        for each in placed
    ]


def _job_of(line: InvoiceLine | CreditNoteLine) -> Job | None:
    """The job of a line of an invoice for several."""
    return line.job if isinstance(line, InvoiceLine) else None


def _kind_of(job: Job | None) -> str:
    return job.job_type.name if job and job.job_type else "No job type"


def _credited(
    books: Books | None, credit_notes: CreditNoteQuerySet
) -> Iterator[tuple[str, Decimal]]:
    for credit_note in credit_notes.select_related("organization"):
        if books is None or books.settings.credit_note_account is None:
            yield NO_ACCOUNT, credit_note.subtotal
            continue
        for line in placed_credit_lines(books, credit_note):
            yield str(line.placement.code), line.net


def credit_note_list(organization: Organization, period: Period) -> Report:
    """Every credit note of the period, and what is left of it."""
    found = issued_credits_in(organization, period).select_related("customer", "invoice")
    table: Table = [
        (
            Linked(
                credit_note.number,
                reverse("payments:credit_note_detail", args=[credit_note.public_id]),
            ),
            credit_note.issued_on,
            credit_note.customer.name,
            credit_note.invoice.number if credit_note.invoice else "",
            credit_note.subtotal,
            credit_note.tax,
            credit_note.total,
            credit_note.remaining,
        )
        for credit_note in found.order_by("issued_on", "number")
    ]
    columns = (
        "Credit note", "Date", "Customer", "Of invoice", "Before tax", "Tax", "Total",
        "Not used yet",
    )  # fmt: skip
    return Report(columns, table, sums("Total", table))
