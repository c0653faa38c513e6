"""What a job is charged as: its labour, supplies and expenses, or its fixed price."""

from decimal import Decimal

from jobs.models import Expense, Job, JobSupply, LabourEntry, Pricing
from jobs.totals import charged_parts
from payments.models import LineKind
from payments.selectors import UninvoicedWork, fixed_price_of
from payments.services.lines import NewLine

SUMMARY_LENGTH = 4000


def summary_of(job: Job) -> str:
    """Job number and work done."""
    return f"{job.number}: {job.work_done or job.description}"[:SUMMARY_LENGTH]


def lines_for(job: Job, work: UninvoicedWork) -> list[NewLine]:
    """A line for each entry that waits; of a fixed price what is left of it."""
    is_taxed = job.billed.is_taxed
    if job.pricing == Pricing.FIXED_PRICE:
        return [rest_line(job, is_taxed=is_taxed)]
    return [
        *(_labour_line(entry, is_taxed=is_taxed) for entry in work.labour),
        *(_supply_line(use, is_taxed=is_taxed) for use in work.supplies),
        *(_expense_line(spent, is_taxed=is_taxed) for spent in work.expenses),
    ]


def rest_line(job: Job, *, is_taxed: bool) -> NewLine:
    """The fixed price as agreed, or what earlier claims have left of it."""
    price = fixed_price_of(job)
    name = "balance of the fixed price" if price.claims else "as agreed"
    return claim_line(job, name, price.left, is_taxed=is_taxed)


def claim_line(
    job: Job, name: str, amount: Decimal, *, is_taxed: bool, percent: Decimal | None = None
) -> NewLine:
    """A line that takes a part of the fixed price; it goes where labour goes."""
    return NewLine(
        kind=LineKind.LABOUR,
        description=f"{job.number}: {name}",
        unit_price=amount,
        is_taxed=is_taxed,
        job=job,
        is_claim=True,
        claimed_percent=percent,
    )


def _labour_line(entry: LabourEntry, *, is_taxed: bool) -> NewLine:
    words = f"Labour, {entry.worker}, {entry.worked_on:%-d %b %Y}"
    return NewLine(
        kind=LineKind.LABOUR,
        description=f"{words}: {entry.description}" if entry.description else words,
        quantity=entry.hours,
        unit_price=entry.hourly_rate,
        is_taxed=is_taxed,
        labour_entry=entry,
        job=entry.job,
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
        job=use.job,
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
        job=spent.job,
    )
