"""Jobs: the list, and the card that the day's work happens on."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, htmx_of, saved, toast
from ascora.common.listing import Filter, Listing
from ascora.history.selectors import told_changes_for
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.models import Organization
from jobs.forms import JobEditForm, JobForm
from jobs.models import Job, JobStatus, statuses_after
from jobs.selectors import (
    board_for,
    count_by_status,
    job_for,
    job_types_for,
    jobs_for,
    next_step_of,
    supplier_costs_of,
    with_status,
    with_type,
    work_on,
)
from jobs.services import LeavesWorkBehind, change_job, create_job, set_job_status

OPEN = ("open", "Open")
LIST, BOARD_VIEW = "list", "board"


@members_only
@require_GET
def job_list(request: MemberRequest) -> HttpResponse:
    """All jobs, found by number, customer, description, address and order numbers; or the board,
    if that is what this person looked at last.
    """
    organization = request.organization
    if _wants_board(request):
        return render(request, "jobs/job_board.html", _board(request))
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
        "supplier_costs": list(supplier_costs_of(job)),
        "step": next_step_of(job),
        "other_statuses": statuses_after(job.status),
        "changes": told_changes_for(job),
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
    """Move the job to the posted status; asks when work would be left behind."""
    job = job_for(request.organization, public_id)
    status = request.POST.get("status", "")
    if status not in JobStatus.values:
        return HttpResponseBadRequest("There is no such status.")
    try:
        job = set_job_status(
            job=job, status=status, by=request.user, is_sure="is_sure" in request.POST
        )
    except LeavesWorkBehind as asked:
        return _ask(request, job, str(asked))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return saved(request, to=_after_move(request, job))
    said = f"{job} is now {job.get_status_display()}."
    if "board" in request.POST and htmx_of(request) and "is_sure" not in request.POST:
        board = render(request, "jobs/_board.html", _board(request) | {"moved": job})
        return toast(board, said)
    return saved(request, to=_after_move(request, job), message=said)


def _ask(request: MemberRequest, job: Job, sentence: str) -> HttpResponse:
    status = JobStatus(request.POST["status"])
    context = {"job": job, "status": status, "sentence": sentence, "board": "board" in request.POST}
    response = dialog(request, "jobs/job_end.html", context)
    response.headers["HX-Retarget"] = "#dialog"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _after_move(request: MemberRequest, job: Job) -> str:
    return reverse("jobs:job_list") if "board" in request.POST else _page_of(job)


def _wants_board(request: MemberRequest) -> bool:
    """What was asked for now, else what was looked at last; a search or a filter is a list."""
    asked = request.GET.get("view")
    if asked in {LIST, BOARD_VIEW}:
        request.session["jobs_view"] = asked
        return asked == BOARD_VIEW
    return not request.GET and request.session.get("jobs_view") == BOARD_VIEW


def _board(request: MemberRequest) -> dict[str, object]:
    counts = count_by_status(request.organization)
    ended = [(one, counts.get(one, 0)) for one in (JobStatus.CLOSED, JobStatus.CANCELLED)]
    return {"columns": board_for(request.organization), "ended": ended}


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
