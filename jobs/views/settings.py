"""Administration > Jobs: job types with their account codes, and lead sources."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from jobs.forms import JobTypeForm, LeadSourceForm
from jobs.selectors import job_type_for, job_types_for, lead_source_for, lead_sources_for
from jobs.services import (
    archive_job_type,
    archive_lead_source,
    change_job_type,
    change_lead_source,
    create_job_type,
    create_lead_source,
    restore_job_type,
    restore_lead_source,
)


@members_only
@require_GET
def job_settings(request: MemberRequest) -> HttpResponse:
    """Both lists on one page."""
    context = {
        "job_types": list(job_types_for(request.organization)),
        "lead_sources": list(lead_sources_for(request.organization)),
    }
    return render(request, "jobs/job_settings.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def job_type_new(request: MemberRequest) -> HttpResponse:
    """+Add New."""
    form = JobTypeForm(request.POST or None, organization=request.organization)
    job_type = form.carry_out(create_job_type, organization=request.organization, by=request.user)
    if job_type is None:
        return dialog(request, "jobs/job_type_edit.html", {"form": form})
    return _back(request, f"{job_type} added.")


@office_only
@require_http_methods(["GET", "POST"])
def job_type_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Edit."""
    job_type = job_type_for(request.organization, public_id)
    form = JobTypeForm(request.POST or None, instance=job_type, organization=request.organization)
    changed = form.carry_out(change_job_type, job_type=job_type, by=request.user)
    if changed is None:
        return dialog(request, "jobs/job_type_edit.html", {"form": form, "job_type": job_type})
    return _back(request, f"{changed} saved.")


@office_only
@require_POST
def job_type_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """No longer offer it; restored with one press."""
    job_type = archive_job_type(
        job_type=job_type_for(request.organization, public_id), by=request.user
    )
    return _back(request, f"{job_type} archived.")


@office_only
@require_POST
def job_type_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Offer it again."""
    job_type = restore_job_type(
        job_type=job_type_for(request.organization, public_id), by=request.user
    )
    return _back(request, f"{job_type} restored.")


@office_only
@require_http_methods(["GET", "POST"])
def lead_source_new(request: MemberRequest) -> HttpResponse:
    """+Add New."""
    form = LeadSourceForm(request.POST or None, organization=request.organization)
    source = form.carry_out(create_lead_source, organization=request.organization, by=request.user)
    if source is None:
        return dialog(request, "jobs/lead_source_edit.html", {"form": form})
    return _back(request, f"{source} added.")


@office_only
@require_http_methods(["GET", "POST"])
def lead_source_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Edit."""
    source = lead_source_for(request.organization, public_id)
    form = LeadSourceForm(request.POST or None, instance=source, organization=request.organization)
    changed = form.carry_out(change_lead_source, source=source, by=request.user)
    if changed is None:
        return dialog(request, "jobs/lead_source_edit.html", {"form": form, "source": source})
    return _back(request, f"{changed} saved.")


@office_only
@require_POST
def lead_source_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """No longer offer it; restored with one press."""
    source = archive_lead_source(
        source=lead_source_for(request.organization, public_id), by=request.user
    )
    return _back(request, f"{source} archived.")


@office_only
@require_POST
def lead_source_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Offer it again."""
    source = restore_lead_source(
        source=lead_source_for(request.organization, public_id), by=request.user
    )
    return _back(request, f"{source} restored.")


def _back(request: MemberRequest, message: str) -> HttpResponse:
    return saved(request, to=reverse("jobs:job_settings"), message=message)
