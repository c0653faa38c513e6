"""Invoicing many jobs in one go: each succeeds or fails by itself, with a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ascora.tenancy.models import User
from ascora.tenancy.selectors import today_for
from jobs.models import Customer, Job
from jobs.services.jobs import locked_job
from payments.models import Invoice
from payments.selectors import FINISHED, tax_percent_for, uninvoiced_work_for
from payments.services.charging import lines_for
from payments.services.invoices import issue_invoice, keep_new_draft, new_invoice
from payments.services.lines import NewLine
from payments.services.refusals import Refused
from payments.totals import EXCLUSIVE, Totals, invoice_totals


@dataclass(frozen=True, slots=True)
class Wish:
    """How the invoices are to be: one for each job, or one for each customer with a section for
    each job; dated today unless a day is given; issued, or left as drafts.
    """

    together: bool = False
    issued_on: date | None = None
    issues: bool = True
    closes_jobs: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a job would be charged, or why it cannot be."""

    job: Job
    lines: int = 0
    totals: Totals | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its invoice, or why there is none."""

    job: Job
    invoice: Invoice | None = None
    why_not: str = ""


def preview_of(*, job: Job) -> Preview:
    """What invoicing the job would give today; changes nothing."""
    try:
        lines = _lines_of(job)
    except Refused as refused:
        return Preview(job, why_not=refused.sentence)
    percent = tax_percent_for(job.organization, today_for(job.organization))
    return Preview(job, len(lines), invoice_totals(lines, percent=percent, mode=EXCLUSIVE))


def invoice_jobs(*, jobs: Sequence[Job], wish: Wish, by: User | None) -> list[Outcome]:
    """Invoice these jobs; the outcomes come in the same order."""
    groups = _by_payer(jobs) if wish.together else [[job] for job in jobs]
    found = {
        outcome.job.pk: outcome for group in groups for outcome in _invoice_group(group, wish, by)
    }
    return [found[job.pk] for job in jobs]


def _invoice_group(jobs: Sequence[Job], wish: Wish, by: User | None) -> list[Outcome]:
    """One invoice for these jobs; those that have nothing to charge for are left out and told."""
    outcomes: list[Outcome] = []
    charged: list[Job] = []
    lines: list[NewLine] = []
    try:
        with transaction.atomic():
            for job in jobs:
                outcome, found = _charge(job)
                outcomes.extend(outcome)
                if found:
                    charged.append(job)
                    lines.extend(found)
            if not charged:
                return outcomes
            invoice = _make(charged, lines, wish, by)
    except (ValidationError, IntegrityError) as refused:
        sentence = _sentence(refused)
        return [*outcomes, *(Outcome(job, why_not=sentence) for job in charged)]
    return [*outcomes, *(Outcome(job, invoice) for job in charged)]


def _charge(job: Job) -> tuple[list[Outcome], list[NewLine]]:
    try:
        return [], _lines_of(locked_job(job))
    except Refused as refused:
        return [Outcome(job, why_not=refused.sentence)], []


def _make(jobs: Sequence[Job], lines: Sequence[NewLine], wish: Wish, by: User | None) -> Invoice:
    payer: Customer = jobs[0].billed
    sites = {job.customer for job in jobs}
    site = sites.pop() if len(sites) == 1 else payer
    invoice = keep_new_draft(new_invoice(site, payer, by), jobs, lines)
    if not wish.issues:
        return invoice
    return issue_invoice(
        invoice=invoice, by=by, issued_on=wish.issued_on, closes_job=wish.closes_jobs
    )


def _lines_of(job: Job) -> list[NewLine]:
    if job.status not in FINISHED:
        raise Refused(f"It is {job.get_status_display()}. Complete it first.")
    work = uninvoiced_work_for(job)
    if work.is_empty:
        raise Refused(work.why_empty)
    return lines_for(job, work)


def _by_payer(jobs: Iterable[Job]) -> list[list[Job]]:
    groups: dict[int, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.billed.pk, []).append(job)
    return list(groups.values())


def _sentence(refused: ValidationError | IntegrityError) -> str:
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return "Somebody invoiced this at the same moment. Look at the job, then try again."
