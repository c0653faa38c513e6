"""Jobs: the list, and the card that the day's work happens on."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.models import Organization
from jobs.forms import JobEditForm, JobForm
from jobs.models import Job, JobStatus
from jobs.selectors import (
    job_for,
    job_types_for,
    jobs_for,
    next_step_of,
    with_status,
    with_type,
    work_on,
)
from jobs.services import change_job, create_job, set_job_status

OPEN = ("open", "Open")


@members_only
@require_GET
def job_list(request: MemberRequest) -> HttpResponse:
    """All jobs, found by number, customer, description, address and order numbers."""
    organization = request.organization
    listing = Listing(
        request,
        jobs_for(organization),
        search=lambda rows, typed: matching(rows, organization, typed),
        filters=_filters(organization),
        sorts={
            "number": "created_at",
            "customer": "customer__name",
            "type": "job_type__name",
            "status": "status",
        },
        default_sort="-number",
    )
    return render(request, "jobs/job_list.html", {"listing": listing})


@office_only
@require_http_methods(["GET", "POST"])
def job_new(request: MemberRequest) -> HttpResponse:
    """A new job; `?customer=` presets whose."""
    initial = {"customer": request.GET.get("customer", "")}
    form = JobForm(request.POST or None, initial=initial, organization=request.organization)
    job = form.carry_out(create_job, organization=request.organization, by=request.user)
    if job is None:
        return dialog(request, "jobs/job_edit.html", {"form": form})
    return saved(request, to=_page_of(job), message=f"{job} opened.")


@members_only
@require_GET
def job_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The job's card: status, details, labour, supplies and running totals before tax."""
    job = job_for(request.organization, public_id)
    context = {
        "job": job,
        "work": work_on(job),
        "step": next_step_of(job),
        "other_statuses": [choice for choice in JobStatus.choices if choice[0] != job.status],
    }
    return render(request, "jobs/job_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def job_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change the details."""
    job = job_for(request.organization, public_id)
    form = JobEditForm(request.POST or None, instance=job, organization=request.organization)
    changed = form.carry_out(change_job, job=job, by=request.user)
    if changed is None:
        return dialog(request, "jobs/job_edit.html", {"form": form, "job": job})
    return saved(request, to=_page_of(changed), message=f"{changed} saved.")


@office_only
@require_POST
def job_status(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Move the job to the posted status."""
    job = job_for(request.organization, public_id)
    status = request.POST.get("status", "")
    if status not in JobStatus.values:
        return HttpResponseBadRequest("There is no such status.")
    job = set_job_status(job=job, status=status, by=request.user)
    return saved(request, to=_page_of(job), message=f"{job} is now {job.get_status_display()}.")


def _filters(organization: Organization) -> list[Filter]:
    types = [(str(kind.public_id), kind.name) for kind in job_types_for(organization)]
    return [
        Filter(
            name="status",
            label="Status",
            choices=[("", "All statuses"), OPEN, *JobStatus.choices],
            narrow=with_status,
        ),
        Filter(name="type", label="Type", choices=[("", "All types"), *types], narrow=with_type),
    ]


def _page_of(job: Job) -> str:
    return reverse("jobs:job_detail", args=[job.public_id])
