"""Pop-ups of the job's card: labour and supplies used."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.owned_forms import MOST_CHOICES
from ascora.tenancy.selectors import today_for
from inventory.selectors import supplies_matching
from jobs.forms import LabourForm, SupplyUseForm
from jobs.models import Job
from jobs.selectors import (
    job_for,
    labour_entry_for,
    supply_use_for,
    terms_of_supply,
    usual_labour_for,
    workers_for,
)
from jobs.services import (
    OnAnInvoice,
    change_labour,
    change_supply_use,
    log_labour,
    remove_labour,
    remove_supply_use,
    use_supply,
)


@office_only
@require_http_methods(["GET", "POST"])
def labour_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Log hours; preset with today and the usual rate."""
    job = job_for(request.organization, public_id)
    form = LabourForm(
        request.POST or None,
        initial=usual_labour_for(request.organization, person=request.user),
        organization=request.organization,
    )
    entry = form.carry_out(log_labour, job=job, by=request.user)
    if entry is None:
        context = {"form": form, "job": job, "workers": workers_for(request.organization)}
        return dialog(request, "jobs/labour_edit.html", context)
    return saved(request, to=_page_of(job), message="Labour added.")


@office_only
@require_http_methods(["GET", "POST"])
def labour_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change hours that are not invoiced."""
    entry = labour_entry_for(request.organization, public_id)
    form = LabourForm(request.POST or None, instance=entry, organization=request.organization)
    try:
        changed = form.carry_out(change_labour, entry=entry, by=request.user)
    except OnAnInvoice as refused:
        return _refuse(request, entry.job, refused)
    if changed is None:
        workers = workers_for(request.organization)
        context = {"form": form, "job": entry.job, "entry": entry, "workers": workers}
        return dialog(request, "jobs/labour_edit.html", context)
    return saved(request, to=_page_of(entry.job), message="Labour saved.")


@office_only
@require_http_methods(["GET", "POST"])
def labour_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then delete hours that were never invoiced."""
    entry = labour_entry_for(request.organization, public_id)
    if request.method == "GET":
        return dialog(request, "jobs/labour_delete.html", {"entry": entry, "job": entry.job})
    try:
        remove_labour(entry=entry, by=request.user)
    except OnAnInvoice as refused:
        return _refuse(request, entry.job, refused)
    return saved(request, to=_page_of(entry.job), message="Labour deleted.")


@office_only
@require_http_methods(["GET", "POST"])
def supply_use_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Add a supply to the job; an empty price is the supply's own before tax."""
    job = job_for(request.organization, public_id)
    form = SupplyUseForm(
        request.POST or None,
        initial={"used_on": today_for(request.organization)},
        organization=request.organization,
    )
    use = form.carry_out(use_supply, job=job, by=request.user)
    if use is None:
        return dialog(request, "jobs/supply_use_edit.html", {"form": form, "job": job})
    return saved(request, to=_page_of(job), message=f"{use} added.")


@office_only
@require_http_methods(["GET", "POST"])
def supply_use_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a use that is not invoiced."""
    use = supply_use_for(request.organization, public_id)
    form = SupplyUseForm(request.POST or None, instance=use, organization=request.organization)
    try:
        changed = form.carry_out(change_supply_use, use=use, by=request.user)
    except OnAnInvoice as refused:
        return _refuse(request, use.job, refused)
    if changed is None:
        context = {"form": form, "job": use.job, "use": use}
        return dialog(request, "jobs/supply_use_edit.html", context)
    return saved(request, to=_page_of(use.job), message=f"{changed} saved.")


@office_only
@require_http_methods(["GET", "POST"])
def supply_use_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then delete a use that was never invoiced."""
    use = supply_use_for(request.organization, public_id)
    if request.method == "GET":
        return dialog(request, "jobs/supply_use_delete.html", {"use": use, "job": use.job})
    try:
        remove_supply_use(use=use, by=request.user)
    except OnAnInvoice as refused:
        return _refuse(request, use.job, refused)
    return saved(request, to=_page_of(use.job), message=f"{use} deleted.")


@members_only
@require_GET
def supply_choices(request: MemberRequest) -> HttpResponse:
    """Options for the drop-down that is narrowed by typing."""
    found = supplies_matching(request.organization, request.GET.get("supply_search", ""))
    return render(request, "jobs/_choices.html", {"rows": found[:MOST_CHOICES]})


@members_only
@require_GET
def supply_terms(request: MemberRequest) -> HttpResponse:
    """Description, price before tax and tax of the chosen supply, as fields to correct."""
    terms = terms_of_supply(request.organization, request.GET.get("supply", ""))
    form = SupplyUseForm(initial=terms, organization=request.organization)
    return render(request, "jobs/_supply_terms.html", {"form": form})


def _refuse(request: MemberRequest, job: Job, refused: OnAnInvoice) -> HttpResponse:
    return dialog(request, "jobs/work_refused.html", {"job": job, "reason": str(refused)})


def _page_of(job: Job) -> str:
    return reverse("jobs:job_detail", args=[job.public_id])
