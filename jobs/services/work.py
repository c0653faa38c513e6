"""What labour and supplies on a job have in common: once on an invoice, they stand."""

from django.core.exceptions import ValidationError

from ascora.common.money import line_amount
from jobs.models import Job, JobSupply, LabourEntry
from jobs.selectors import has_been_invoiced, is_invoiced
from jobs.services.jobs import locked_job

LARGEST_AMOUNT = 100_000_000


class OnAnInvoice(Exception):
    """The work stands on an invoice and cannot change; the message says what to do."""


def hold_for_change(entry: LabourEntry | JobSupply) -> Job:
    """Lock the job, then refuse when the work is invoiced (invoicing locks the job as well)."""
    job = locked_job(entry.job)
    if is_invoiced(entry):
        raise OnAnInvoice("This is on an invoice already. Change the invoice, or void it first.")
    return job


def hold_for_removal(entry: LabourEntry | JobSupply) -> None:
    """As for a change; and what a voided invoice tells of stays in its history."""
    hold_for_change(entry)
    if has_been_invoiced(entry):
        raise OnAnInvoice(
            "This was on an invoice that has been voided, so it stays in the history. "
            "Untick Chargeable instead: then it is not invoiced again."
        )


def check(entry: LabourEntry | JobSupply) -> None:
    """The columns' own rules, and an amount that an invoice can hold."""
    entry.full_clean()
    factors = (
        (entry.hours, entry.hourly_rate)
        if isinstance(entry, LabourEntry)
        else (entry.quantity, entry.unit_price)
    )
    if line_amount(*factors) >= LARGEST_AMOUNT:
        raise ValidationError("That comes to $100,000,000 or more. Check quantity and price.")
