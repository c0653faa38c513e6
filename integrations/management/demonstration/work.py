"""Eighteen months of jobs with labour and supplies, made in bulk and always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from ascora.search.services import index_for_search
from ascora.tenancy.models import NumberSequence, Organization
from ascora.tenancy.numbering import FIRST_NUMBERS
from integrations.management.demonstration import words
from inventory.models import Supply
from jobs.models import Customer, Job, JobStatus, JobSupply, JobType, LabourEntry

FINISHED_AFTER = 21
_OPENS, _HOURS = 7, 10
RATES = (Decimal(95), Decimal(105), Decimal(110), Decimal("132.50"))
HOURS = [Decimal(quarters) / 4 for quarters in range(2, 33)]


@dataclass(frozen=True, slots=True)
class Past:
    """How long and how much: jobs spread over `days` up to `today`, from a seed."""

    today: date
    days: int
    jobs: int
    seed: int


def fill_work(organization: Organization, customers: Sequence[Customer], past: Past) -> list[Job]:
    """Jobs, oldest first, each with labour and supplies; the older ones are closed."""
    chance = Random(past.seed)  # noqa: S311 - a repeatable past, not a secret
    types = list(JobType.objects.owned_by(organization))
    supplies = list(Supply.objects.owned_by(organization))
    jobs = [_job(organization, customers, types, past, place, chance) for place in range(past.jobs)]
    Job.objects.bulk_create(jobs, batch_size=1000)
    index_for_search(*jobs)
    labour = [entry for job in jobs for entry in _labour(job, chance, past.today)]
    used = [use for job in jobs for use in _supplies(job, supplies, past.today, chance)]
    LabourEntry.objects.bulk_create(labour, batch_size=1000)
    JobSupply.objects.bulk_create(used, batch_size=1000)
    NumberSequence.objects.create(
        organization=organization,
        kind="job",
        prefix=FIRST_NUMBERS["job"][0],
        next_number=FIRST_NUMBERS["job"][1] + past.jobs,
    )
    return jobs


def _job(
    organization: Organization,
    customers: Sequence[Customer],
    types: Sequence[JobType],
    past: Past,
    place: int,
    chance: Random,
) -> Job:
    age = past.days - place * past.days // past.jobs
    day = past.today - timedelta(days=age)
    # One after another, so that numbers count up with time.
    hour = _OPENS + place * past.days % past.jobs * _HOURS // past.jobs
    customer = chance.choice(customers)
    suburb, postcode = chance.choice(words.SUBURBS)
    prefix, first = FIRST_NUMBERS["job"]
    return Job(
        organization=organization,
        number=f"{prefix}{first + place}",
        customer=customer,
        job_type=chance.choice(types) if chance.random() < 0.95 else None,
        description=_description(chance),
        site_street=f"{chance.randint(1, 240)} {chance.choice(words.STREETS)}",
        site_city=suburb,
        site_region="NSW",
        site_postcode=postcode,
        purchase_order=f"PO {chance.randint(10000, 99999)}" if chance.random() < 0.2 else "",
        status=_status(age, chance),
        work_done="Completed and tested." if age > FINISHED_AFTER else "",
        created_at=_at(organization, day, hour, chance.randint(7, 16)),
    )


def _description(chance: Random) -> str:
    text = chance.choice(words.TASKS).format(n=chance.randint(2, 24))
    return words.LONG_TASK + text if chance.random() < 0.03 else text


def _status(age: int, chance: Random) -> str:
    if age > FINISHED_AFTER:
        return JobStatus.CANCELLED if chance.random() < 0.03 else JobStatus.CLOSED
    return chance.choice(
        (
            JobStatus.UNSCHEDULED,
            JobStatus.BOOKED,
            JobStatus.IN_PROGRESS,
            JobStatus.DEFERRED,
            JobStatus.COMPLETED,
            JobStatus.READY_TO_INVOICE,
        )
    )


def _at(organization: Organization, day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(organization.time_zone))


def _soon_after(job: Job, chance: Random, today: date) -> date:
    return min(job.created_at.date() + timedelta(days=chance.randint(0, 3)), today)


def _labour(job: Job, chance: Random, today: date) -> list[LabourEntry]:
    if job.status in {JobStatus.UNSCHEDULED, JobStatus.BOOKED, JobStatus.CANCELLED}:
        return []
    return [
        LabourEntry(
            organization=job.organization,
            job=job,
            worker=chance.choice(words.WORKERS),
            worked_on=_soon_after(job, chance, today),
            hours=chance.choice(HOURS),
            hourly_rate=chance.choice(RATES),
            is_chargeable=chance.random() < 0.94,
        )
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))
    ]


def _supplies(job: Job, supplies: Sequence[Supply], today: date, chance: Random) -> list[JobSupply]:
    if job.status in {JobStatus.UNSCHEDULED, JobStatus.BOOKED, JobStatus.CANCELLED}:
        return []
    return [
        JobSupply(
            organization=job.organization,
            job=job,
            supply=supply,
            used_on=_soon_after(job, chance, today),
            description=supply.description,
            quantity=Decimal(chance.randint(5, 600)) / 10
            if supply.unit == "m"
            else Decimal(chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 8, 12))),
            unit_price=supply.sell_price,
            is_taxed=supply.is_taxed,
        )
        for supply in chance.sample(supplies, chance.choice((0, 1, 2, 2, 3, 4, 6)))
    ]
