"""Drafts and issuing: from a job or by hand, free to change until the number is given."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.common.money import ZERO
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from ascora.tenancy.numbering import take_number
from ascora.tenancy.selectors import today_for
from jobs.models import Customer, Expense, Job, JobStatus, JobSupply, LabourEntry
from jobs.services import set_job_status
from jobs.services.jobs import locked_job
from jobs.services.texts import refuse_long_texts
from jobs.totals import charged_parts
from payments.models import Invoice, LineKind, TaxMode
from payments.selectors import (
    UninvoicedWork,
    tax_percent_for,
    term_for,
    uninvoiced_work_for,
)
from payments.services.lines import NewLine, lines_of, locked_invoice, restate, write_lines
from payments.services.refusals import Refused
from payments.services.versions import keep_version

SUMMARY_LENGTH = 4000


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

    A fixed-price job gives one line with its price and takes no entries; it can be invoiced once.
    Refused when
    nothing is left to invoice.
    """
    job = locked_job(job)
    work = uninvoiced_work_for(job)
    if work.is_empty:
        raise Refused(work.why_empty)
    invoice = _new_invoice(job.customer, by, job)
    invoice.summary = _summary_of(job)
    invoice.purchase_order = job.purchase_order
    invoice.save()
    write_lines(invoice, _lines_for(job, work))
    return _keep_draft(invoice)


@transaction.atomic
def draft_invoice(
    *,
    customer: Customer,
    by: User | None,
    lines: Sequence[NewLine] = (),
    **values: Unpack[InvoiceValues],
) -> Invoice:
    """A draft by hand."""
    invoice = _new_invoice(customer, by, None)
    _set_values(invoice, values)
    invoice.save()
    write_lines(invoice, lines)
    return _keep_draft(invoice)


@transaction.atomic
def change_draft(
    *,
    invoice: Invoice,
    by: User | None,
    lines: Sequence[NewLine] | None = None,
    **values: Unpack[InvoiceValues],
) -> Invoice:
    """Change the given values, and the lines when given. Lines left out set their work free."""
    invoice = _locked_draft(invoice)
    _set_values(invoice, values)
    if lines is not None:
        write_lines(invoice, lines)
    return _keep_draft(invoice)


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
    invoice.tax_percent = tax_percent_for(invoice.organization, invoice.issued_on)
    invoice.number = take_number(invoice.organization, kind="invoice")
    invoice.issued_at = timezone.now()
    restate(invoice)
    invoice.save()
    keep_version(invoice, reason="Issued", by=by)
    record_change(invoice, by=by)
    index_for_search(invoice)
    if closes_job and invoice.job:
        set_job_status(job=invoice.job, status=JobStatus.CLOSED, by=by)
    return invoice


def _new_invoice(customer: Customer, by: User | None, job: Job | None) -> Invoice:
    organization: Organization = customer.organization
    today = today_for(organization)
    return Invoice(
        organization=organization,
        customer=customer,
        job=job,
        created_by=by,
        issued_on=today,
        due_on=term_for(customer).due_after(today),
        tax_percent=tax_percent_for(organization, today),
        tax_mode=TaxMode.EXCLUSIVE,
    )


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


def _keep_draft(invoice: Invoice) -> Invoice:
    restate(invoice)
    invoice.save()
    index_for_search(invoice)
    return invoice


def _locked_draft(invoice: Invoice) -> Invoice:
    invoice = locked_invoice(invoice)
    if not invoice.is_draft:
        raise Refused(f"{invoice.number} has been issued already. Amend or void it instead.")
    return invoice


def _summary_of(job: Job) -> str:
    return f"{job.number}: {job.work_done or job.description}"[:SUMMARY_LENGTH]


def _lines_for(job: Job, work: UninvoicedWork) -> list[NewLine]:
    if job.pricing == "fixed_price":
        return [
            NewLine(
                kind=LineKind.LABOUR,
                description=f"{job.number}: as agreed",
                unit_price=job.fixed_price or ZERO,
                is_taxed=job.customer.is_taxed,
            )
        ]
    return [
        *(_labour_line(entry, is_taxed=job.customer.is_taxed) for entry in work.labour),
        *(_supply_line(use, is_taxed=job.customer.is_taxed) for use in work.supplies),
        *(_expense_line(spent, is_taxed=job.customer.is_taxed) for spent in work.expenses),
    ]


def _labour_line(entry: LabourEntry, *, is_taxed: bool) -> NewLine:
    words = f"Labour, {entry.worker}, {entry.worked_on:%-d %b %Y}"
    return NewLine(
        kind=LineKind.LABOUR,
        description=f"{words}: {entry.description}" if entry.description else words,
        quantity=entry.hours,
        unit_price=entry.hourly_rate,
        is_taxed=is_taxed,
        labour_entry=entry,
    )


def _supply_line(use: JobSupply, *, is_taxed: bool) -> NewLine:
    return NewLine(
        kind=LineKind.SUPPLY,
        description=use.description,
        quantity=use.quantity,
        unit_price=use.unit_price,
        is_taxed=use.is_taxed and is_taxed,
        supply=use.supply,
        job_supply=use,
    )


def _expense_line(spent: Expense, *, is_taxed: bool) -> NewLine:
    """Before tax, with its markup. Whether tax was paid on it does not matter: the sale decides."""
    quantity, price = charged_parts(spent.quantity, spent.charge)
    return NewLine(
        kind=LineKind.EXPENSE,
        description=spent.description,
        quantity=quantity,
        unit_price=price,
        is_taxed=is_taxed,
        expense=spent,
    )
