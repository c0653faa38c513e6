"""From jobs to invoices: one job, a part of its fixed price, many jobs at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.money import total_of
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.selectors import today_for
from jobs.models import JobStatus, statuses_after
from jobs.selectors import job_for
from payments.forms.claims import BulkForm, ClaimForm
from payments.selectors import (
    MOST_JOBS,
    finished_jobs_of,
    fixed_price_of,
    invoices_of_job,
    uninvoiced_work_for,
)
from payments.services import Refused, draft_invoice_from_job, invoice_jobs, preview_of

UNPROCESSABLE = 422


@members_only
@require_GET
def job_invoices(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the job's page: its invoices, what is not invoiced yet, and the buttons."""
    job = job_for(request.organization, public_id)
    invoices = list(invoices_of_job(job))
    work = uninvoiced_work_for(job)
    is_done = bool(invoices) and work.is_empty and JobStatus.CLOSED in statuses_after(job.status)
    context = {
        "job": job,
        "invoices": invoices,
        "work": work,
        "price": fixed_price_of(job) if job.fixed_price is not None else None,
        "is_done": is_done,
        "today": today_for(request.organization),
    }
    return render(request, "payments/_job_invoices.html", context)


@office_only
@require_POST
def job_invoice(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Invoice this job: a draft of everything that is not invoiced yet."""
    job = job_for(request.organization, public_id)
    try:
        invoice = draft_invoice_from_job(job=job, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return redirect("jobs:job_detail", job.public_id)
    return redirect("payments:invoice_detail", invoice.public_id)


@office_only
@require_http_methods(["GET", "POST"])
def job_claim(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A deposit or a progress claim on the fixed price: a draft, to be looked at and issued."""
    job = job_for(request.organization, public_id)
    price = fixed_price_of(job)
    form = ClaimForm(request.POST or None, job=job, price=price)
    invoice = form.carry_out(by=request.user)
    if invoice is None:
        context = {"form": form, "job": job, "price": price}
        return dialog(request, "payments/job_claim.html", context)
    return saved(request, to=reverse("payments:invoice_detail", args=[invoice.public_id]))


@office_only
@require_http_methods(["GET", "POST"])
def bulk_invoice(request: MemberRequest) -> HttpResponse:
    """What many finished jobs would be charged; then their invoices, and what became of each."""
    organization = request.organization
    asked = request.POST.getlist("job") or request.GET.getlist("job")
    jobs = finished_jobs_of(organization, asked)
    form = BulkForm(
        request.POST if request.method == "POST" else None,
        initial={"issued_on": today_for(organization)},
    )
    if form.is_valid():
        outcomes = invoice_jobs(jobs=jobs, wish=form.wish(), by=request.user)
        return render(request, "payments/bulk_invoice_done.html", {"outcomes": outcomes})
    previews = [preview_of(job=job) for job in jobs]
    totals = [preview.totals.total for preview in previews if preview.totals]
    context = {
        "form": form,
        "previews": previews,
        "count": len(totals),
        "total": total_of(totals),
        "most": MOST_JOBS,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "payments/bulk_invoice.html", context, status=status)
