"""Hours worked on a job."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from ascora.tenancy.models import User
from jobs.models import Job, LabourEntry
from jobs.services.jobs import locked_job
from jobs.services.work import check, hold_for_change, hold_for_removal


class LabourValues(TypedDict, total=False):
    """The plain values of a labour entry; the rate is per hour before tax."""

    worker: str
    worked_on: date
    hours: Decimal
    hourly_rate: Decimal
    is_chargeable: bool
    description: str


@transaction.atomic
def log_labour(*, job: Job, by: User | None, **values: Unpack[LabourValues]) -> LabourEntry:
    """Add hours to a job. Raises ValidationError when they are not more than zero."""
    job = locked_job(job)
    entry = LabourEntry(organization=job.organization, job=job, **values)
    check(entry)
    entry.save()
    return entry


@transaction.atomic
def change_labour(
    *, entry: LabourEntry, by: User | None, **values: Unpack[LabourValues]
) -> LabourEntry:
    """Change the given values. Raises OnAnInvoice once it is invoiced."""
    hold_for_change(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    check(entry)
    entry.save()
    return entry


@transaction.atomic
def remove_labour(*, entry: LabourEntry, by: User | None) -> None:
    """Delete hours that no invoice ever carried. Raises OnAnInvoice else."""
    hold_for_removal(entry)
    entry.delete()
