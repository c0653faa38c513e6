"""Drafts and issuing: from a job or by hand, free to change until the number is given."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from ascora.tenancy.numbering import take_number
from ascora.tenancy.selectors import today_for
from jobs.models import Customer, Job
from jobs.services import close_job
from jobs.services.jobs import locked_job
from jobs.services.texts import refuse_long_texts
from payments.models import Invoice, TaxMode
from payments.selectors import (
    jobs_on,
    tax_percent_for,
    term_for,
    uninvoiced_work_for,
)
from payments.services.charging import SUMMARY_LENGTH, lines_for, summary_of
from payments.services.closed import refuse_closed_day
from payments.services.lines import NewLine, lines_of, locked_invoice, restate, write_lines
from payments.services.prices import within_fixed_prices
from payments.services.refusals import Refused
from payments.services.versions import keep_version

ORDER_LENGTH = 60


class InvoiceValues(TypedDict, total=False):
    """The plain values of an invoice. Without dates it is dated today and due as the customer's
    payment term says.
    """

    issued_on: date | None
    due_on: date | None
    tax_mode: str
    summary: str
    purchase_order: str


@transaction.atomic
def draft_invoice_from_job(*, job: Job, by: User | None) -> Invoice:
    """A draft of everything that is not invoiced yet, once and only once; the job row is held
    meanwhile.

    A fixed-price job gives one line with what is left of its price and takes no entries. Refused
    when nothing is left to invoice.
    """
    job = locked_job(job)
    work = uninvoiced_work_for(job)
    if work.is_empty:
        raise Refused(work.why_empty)
    invoice = new_invoice(job.customer, job.billed, by)
    return keep_new_draft(invoice, [job], lines_for(job, work))


@transaction.atomic
def draft_invoice(
    *,
    customer: Customer,
    by: User | None,
    lines: Sequence[NewLine] = (),
    **values: Unpack[InvoiceValues],
) -> Invoice:
    """A draft by hand, to whom the customer's bills go."""
    invoice = new_invoice(customer, customer.billed, by)
    _set_values(invoice, values)
    invoice.save()
    write_lines(invoice, lines)
    return keep_draft(invoice)


@transaction.atomic
def change_draft(
    *,
    invoice: Invoice,
    by: User | None,
    lines: Sequence[NewLine] | None = None,
    allows_more: bool = False,
    **values: Unpack[InvoiceValues],
) -> Invoice:
    """Change the given values, and the lines when given. Lines left out set their work free.

    Raises OverPrice when claims would come to more than a fixed price and nobody `allows_more`.
    """
    invoice = _locked_draft(invoice)
    with within_fixed_prices(invoice, allows_more=allows_more):
        _set_values(invoice, values)
        if lines is not None:
            write_lines(invoice, lines)
        return keep_draft(invoice)


@transaction.atomic
def delete_draft(*, invoice: Invoice, by: User | None) -> None:
    """Throw a draft away; its work is uninvoiced again. It never had a number."""
    _locked_draft(invoice).delete()


@transaction.atomic
def issue_invoice(
    *,
    invoice: Invoice,
    by: User | None,
    issued_on: date | None = None,
    closes_job: bool = False,
) -> Invoice:
    """Give it its number, freeze its lines and totals, and record it for the books.

    Dated as the draft says unless `issued_on` is given; the payment term stays that of the draft,
    the tax is that of the invoice's day. Numbers have no gaps: taken in this transaction.
    """
    invoice = _locked_draft(invoice)
    if not lines_of(invoice):
        raise Refused("There is nothing on this invoice yet. Add a line first.")
    if issued_on is not None:
        _date(invoice, issued_on)
    refuse_closed_day(invoice.organization, invoice.issued_on)
    invoice.tax_percent = tax_percent_for(invoice.organization, invoice.issued_on)
    invoice.number = take_number(invoice.organization, kind="invoice")
    invoice.issued_at = timezone.now()
    restate(invoice)
    invoice.save()
    keep_version(invoice, reason="Issued", by=by)
    record_change(invoice, by=by)
    index_for_search(invoice)
    for job in jobs_on(invoice) if closes_job else ():
        close_job(job=job, by=by)
    return invoice


def new_invoice(site: Customer, payer: Customer, by: User | None) -> Invoice:
    """An unsaved draft of today for work at a customer's site, to whoever pays."""
    organization: Organization = payer.organization
    today = today_for(organization)
    return Invoice(
        organization=organization,
        customer=payer,
        site_customer=site if site != payer else None,
        created_by=by,
        issued_on=today,
        due_on=term_for(payer).due_after(today),
        tax_percent=tax_percent_for(organization, today),
        tax_mode=TaxMode.EXCLUSIVE,
    )


def keep_new_draft(invoice: Invoice, jobs: Sequence[Job], lines: Sequence[NewLine]) -> Invoice:
    """Save a draft that charges for these jobs; it belongs to the job when there is one only."""
    invoice.job = jobs[0] if len(jobs) == 1 else None
    invoice.summary = "\n".join(summary_of(job) for job in jobs)[:SUMMARY_LENGTH]
    orders = dict.fromkeys(job.purchase_order for job in jobs if job.purchase_order)
    invoice.purchase_order = ", ".join(orders)[:ORDER_LENGTH]
    invoice.save()
    write_lines(invoice, lines)
    return keep_draft(invoice)


def _set_values(invoice: Invoice, values: InvoiceValues) -> None:
    _date(invoice, values.get("issued_on") or invoice.issued_on)
    invoice.due_on = values.get("due_on") or invoice.due_on
    invoice.tax_mode = TaxMode(values.get("tax_mode") or invoice.tax_mode)
    invoice.summary = values.get("summary", invoice.summary)
    invoice.purchase_order = values.get("purchase_order", invoice.purchase_order)
    invoice.tax_percent = tax_percent_for(invoice.organization, invoice.issued_on)
    if invoice.due_on < invoice.issued_on:
        raise Refused("The due date is before the invoice date.")
    refuse_long_texts(invoice)


def _date(invoice: Invoice, day: date) -> None:
    """Date it; due as the customer's term says, or after the days that somebody chose instead."""
    term = term_for(invoice.customer)
    if invoice.due_on == term.due_after(invoice.issued_on):
        invoice.due_on = term.due_after(day)
    else:
        invoice.due_on = day + (invoice.due_on - invoice.issued_on)
    invoice.issued_on = day


def keep_draft(invoice: Invoice) -> Invoice:
    """State its totals and save it."""
    restate(invoice)
    invoice.save()
    index_for_search(invoice)
    return invoice


def _locked_draft(invoice: Invoice) -> Invoice:
    invoice = locked_invoice(invoice)
    if not invoice.is_draft:
        raise Refused(f"{invoice.number} has been issued already. Amend or void it instead.")
    return invoice
