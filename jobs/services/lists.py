"""The lists behind customers and jobs: lead sources and job types. Archived, never deleted."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.tenancy.audit import note_event, noting
from ascora.tenancy.models import Area, Organization, User
from jobs.models import JobType, LeadSource

NOTED = {
    "name": "Name",
    "labour_account": "Labour income account",
    "materials_account": "Materials income account",
}


class JobTypeValues(TypedDict, total=False):
    """The plain values of a job type; no account code means the one of the accounting settings."""

    name: str
    colour: str
    labour_account: LedgerAccount | None
    materials_account: LedgerAccount | None


@transaction.atomic
def create_lead_source(*, organization: Organization, by: User | None, name: str) -> LeadSource:
    """Add a lead source. Raises ValidationError when the name is taken."""
    source = LeadSource(organization=organization, name=name)
    source.full_clean()
    source.save()
    return source


@transaction.atomic
def change_lead_source(*, source: LeadSource, by: User | None, name: str) -> LeadSource:
    """Rename a lead source; invoices issued from now on carry the new name."""
    source.name = name
    source.full_clean()
    source.save(update_fields=["name"])
    return source


def archive_lead_source(*, source: LeadSource, by: User | None) -> LeadSource:
    """No longer offer it; customers that have it keep it."""
    source.archived_at = source.archived_at or timezone.now()
    source.save(update_fields=["archived_at"])
    return source


def restore_lead_source(*, source: LeadSource, by: User | None) -> LeadSource:
    """Offer it again."""
    source.archived_at = None
    source.save(update_fields=["archived_at"])
    return source


@transaction.atomic
def create_job_type(
    *, organization: Organization, by: User | None, **values: Unpack[JobTypeValues]
) -> JobType:
    """Add a job type. Raises ValidationError when the name is taken."""
    job_type = JobType(organization=organization)
    return _kept(job_type, values, by)


@transaction.atomic
def change_job_type(
    *, job_type: JobType, by: User | None, **values: Unpack[JobTypeValues]
) -> JobType:
    """Change the given values. Account codes count for what is pushed from now on."""
    return _kept(_locked(job_type), values, by)


def _locked(job_type: JobType) -> JobType:
    return JobType.objects.owned_by(job_type.organization).select_for_update().get(pk=job_type.pk)


def _kept(job_type: JobType, values: JobTypeValues, by: User | None) -> JobType:
    subject = f"Job type {job_type.name or values.get('name', '')}"
    with noting(job_type, NOTED, organization=job_type.organization, subject=subject, by=by):
        for name, value in values.items():
            setattr(job_type, name, value)
        job_type.full_clean()
        job_type.save()
    return job_type


@transaction.atomic
def archive_job_type(*, job_type: JobType, by: User | None) -> JobType:
    """No longer offer it; jobs that have it keep it."""
    job_type = _locked(job_type)
    if job_type.archived_at is None:
        job_type.archived_at = timezone.now()
        job_type.save(update_fields=["archived_at"])
        _note(job_type, "Archived", by)
    return job_type


@transaction.atomic
def restore_job_type(*, job_type: JobType, by: User | None) -> JobType:
    """Offer it again."""
    job_type = _locked(job_type)
    if job_type.archived_at is not None:
        job_type.archived_at = None
        job_type.save(update_fields=["archived_at"])
        _note(job_type, "Restored", by)
    return job_type


def _note(job_type: JobType, what: str, by: User | None) -> None:
    subject = f"Job type {job_type.name}"
    note_event(job_type.organization, area=Area.SETTINGS, subject=subject, what=what, by=by)
