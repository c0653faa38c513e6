"""An invoice, line by line or one line per account and tax code; the same totals to the cent either
way.
"""

from collections.abc import Iterable
from dataclasses import replace

from ascora.outbox.models import Hold, OutboxEntry
from ascora.tenancy.models import OwnedModel
from integrations.contracts import InvoiceDraft, LineDraft
from integrations.errors import NeedsMapping
from integrations.links import link_of
from integrations.models import InvoiceReference
from integrations.posting import refuse_unusable
from integrations.snapshots.charges import PlacedLine, placed_lines
from integrations.snapshots.lines import (
    TEXT,
    check_rates,
    check_tax_codes,
    each_line,
    gathered_lines,
    items_to_send,
)
from integrations.snapshots.outcomes import (
    WHERE,
    Books,
    Requires,
    Send,
    Snapshot,
    Stays,
    Void,
    is_in_books,
    is_to_be_taken_back,
    question_about_lead_source,
)
from jobs.models import Job
from payments.models import CreditApplication, Invoice, Payment, TaxMode
from payments.selectors import jobs_on

_MEMO = 1000
_FIELD = 31


def invoice_snapshot(books: Books, invoice: Invoice, entry: OutboxEntry) -> Snapshot:
    """Its customer, the items of its accounts and its reversed payments go first; a void one is
    voided there.
    """
    link = link_of(books.connection, invoice)
    if invoice.is_draft:
        return Stays("A draft is not sent.")
    if invoice.is_void and not is_in_books(link):
        return Stays("Void; nothing stands in the books.")
    reversed_first = _reversals_to_send(books, invoice)
    if reversed_first:
        return Requires(reversed_first)
    if invoice.is_void:
        return Void()
    if link is None and invoice.issued_on < books.cut_off_on and entry.asked_for_at is None:
        day = f"{books.cut_off_on:%d %b %Y}"
        return Stays(
            f"Dated before {day}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF
        )
    placed = placed_lines(books, invoice)
    refuse_unusable(line.placement for line in placed)
    check_tax_codes(books, placed)
    check_rates(books, invoice, placed)
    missing = _missing(books, invoice, placed)
    return Requires(missing) if missing else Send(_draft(books, invoice, placed))


def invoice_marker(invoice: Invoice) -> str:
    """What a person may read on the invoice in the books, and by which it is found again."""
    return f"Ascora {invoice.number}"


def _reversals_to_send(books: Books, invoice: Invoice) -> tuple[OwnedModel, ...]:
    """Reversed payments and credit of this invoice that still stand in the books: they are taken
    back before it changes.
    """
    owner = invoice.organization
    payments = Payment.objects.owned_by(owner).filter(
        allocations__invoice=invoice, reversed_at__isnull=False
    )
    uses = CreditApplication.objects.owned_by(owner).filter(
        parts__invoice=invoice, reversed_at__isnull=False
    )
    reversed_here: list[OwnedModel] = [*payments.distinct(), *uses.distinct()]
    return tuple(each for each in reversed_here if is_to_be_taken_back(books, each))


def _missing(books: Books, invoice: Invoice, placed: list[PlacedLine]) -> tuple[OwnedModel, ...]:
    missing: list[OwnedModel] = []
    if link_of(books.connection, invoice.customer) is None:
        missing.append(invoice.customer)
    return (*missing, *items_to_send(books, placed))


def _draft(books: Books, invoice: Invoice, placed: list[PlacedLine]) -> InvoiceDraft:
    customer = link_of(books.connection, invoice.customer)
    summary = _summary(invoice)
    pushes_lines = books.settings.pushes_lines
    lines = each_line(books, placed) if pushes_lines else gathered_lines(books, placed, summary)
    return InvoiceDraft(
        number=invoice.number,
        customer_id=customer.remote_id if customer else "",
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        is_tax_inclusive=invoice.tax_mode == TaxMode.INCLUSIVE,
        lines=_with_job_number(invoice.job, lines),
        subtotal=invoice.subtotal,
        tax=invoice.tax,
        total=invoice.total,
        summary=summary if pushes_lines else "",
        memo=_memo(books, invoice)[:_MEMO],
        marker=invoice_marker(invoice),
        email=invoice.customer.email,
        custom_fields=_custom_fields(books, invoice),
    )


def _with_job_number(job: Job | None, lines: tuple[LineDraft, ...]) -> tuple[LineDraft, ...]:
    """Each line carries the number of its job, so that the ledger can be read by job."""
    if job is None:
        return lines
    return tuple(
        line
        if job.number in line.description
        else replace(line, description=f"{job.number}: {line.description}"[:TEXT])
        for line in lines
    )


def _summary(invoice: Invoice) -> str:
    """Job number and work done; and whose site it was, where somebody else pays."""
    said = _work_done(invoice)
    if invoice.site_customer is None:
        return said[:TEXT]
    return f"{said}\n{_site_of(invoice)}"[:TEXT]


def _work_done(invoice: Invoice) -> str:
    if invoice.job is None:
        return invoice.summary or f"Invoice {invoice.number}"
    work = invoice.summary or invoice.job.work_done or invoice.job.description
    number = f"{invoice.job.number}: "
    return work if work.startswith(number) else f"{number}{work}"


def _site_of(invoice: Invoice) -> str:
    places = [f"{job.customer.name}, {job.site_address}" for job in jobs_on(invoice)]
    named = places or [invoice.site_customer.name if invoice.site_customer else ""]
    return "; ".join(f"At {place}" for place in named)


def _memo(books: Books, invoice: Invoice) -> str:
    """The invoice reference that the customer reads; of several jobs each one's, once."""
    jobs = jobs_on(invoice)
    match books.settings.invoice_reference:
        case InvoiceReference.JOB_NUMBER:
            return _listed(job.number for job in jobs)
        case InvoiceReference.PURCHASE_ORDER:
            return invoice.purchase_order or _listed(job.purchase_order for job in jobs)
        case InvoiceReference.SITE_ADDRESS:
            if invoice.site_customer is not None:
                return _site_of(invoice).removeprefix("At ")
            return _listed(job.site_address for job in jobs)
        case InvoiceReference.CLIENT_ORDER:
            return _listed(job.client_order_number for job in jobs)
    return ""


def _listed(references: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, references)))


def _custom_fields(books: Books, invoice: Invoice) -> dict[str, str]:
    """The lead source in the field chosen at E. Raises NeedsMapping when that is another now."""
    field, source = books.settings.lead_source_field, invoice.customer.lead_source
    if field is None or source is None:
        return {}
    asked = question_about_lead_source(books.settings)
    if asked:
        raise NeedsMapping(f"{asked} Answer it in {WHERE}.")
    return {field.remote_id: source.name[:_FIELD]}
