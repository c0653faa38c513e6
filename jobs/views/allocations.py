"""Shares of supplier invoices for jobs, on the page of the supplier invoice."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ascora.common.htmx import dialog, saved
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.owned_forms import MOST_CHOICES
from inventory.models import SupplierInvoiceLine
from inventory.selectors import supplier_invoice_for, supplier_line_for
from jobs.forms.allocations import AllocationForm, ShareForm
from jobs.selectors import allocation_for, jobs_for, left_of_line, shares_of
from jobs.services import allocate_line, change_allocation, remove_allocation


@members_only
@require_GET
def supplier_invoice_jobs(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the page of a supplier invoice: which line is for which job, and what is left."""
    invoice = supplier_invoice_for(request.organization, public_id)
    context = {"invoice": invoice, "rows": shares_of(invoice)}
    return render(request, "jobs/_supplier_invoice_jobs.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def allocation_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Give a job its share of a line."""
    line = supplier_line_for(request.organization, public_id)
    form = AllocationForm(request.POST or None, organization=request.organization)
    allocation = form.carry_out(allocate_line, line=line, by=request.user)
    if allocation is None:
        context = {"form": form, "line": line, "left": left_of_line(line)}
        return dialog(request, "jobs/allocation_edit.html", context)
    return saved(request, to=_page_of(line), message=f"{allocation} allocated.")


@office_only
@require_http_methods(["GET", "POST"])
def allocation_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Another amount."""
    allocation = allocation_for(request.organization, public_id)
    line = allocation.line
    form = ShareForm(request.POST or None, instance=allocation, organization=request.organization)
    changed = form.carry_out(change_allocation, allocation=allocation, by=request.user)
    if changed is None:
        kept = allocation_for(request.organization, public_id)
        left = left_of_line(line) + kept.amount
        context = {"form": form, "line": line, "left": left, "allocation": kept}
        return dialog(request, "jobs/allocation_edit.html", context)
    return saved(request, to=_page_of(line), message=f"{changed} allocated.")


@office_only
@require_http_methods(["GET", "POST"])
def allocation_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take it off the job."""
    allocation = allocation_for(request.organization, public_id)
    if request.method == "GET":
        context = {
            "confirm_title": f"Take it off {allocation.job.number}",
            "confirm_words": f"${allocation.amount:,.2f} of this line no longer counts as a cost"
            " of the job.",
            "confirm_label": "Take it off",
        }
        return dialog(request, "components/confirm.html", context)
    to = _page_of(allocation.line)
    try:
        remove_allocation(allocation=allocation, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return saved(request, to=to)
    return saved(request, to=to, message="Taken off the job.")


@members_only
@require_GET
def job_choices(request: MemberRequest) -> HttpResponse:
    """Options for the drop-down of jobs that is narrowed by typing."""
    organization = request.organization
    rows = jobs_for(organization).order_by("-created_at", "-pk")
    typed = request.GET.get("job_search", "")
    found = list(matching(rows, organization, typed)[:MOST_CHOICES])
    context = {"rows": found, "is_only_one": len(found) == 1, "none": ""}
    return render(request, "jobs/_choices.html", context)


def _page_of(line: SupplierInvoiceLine) -> str:
    return reverse("inventory:supplier_invoice_detail", args=[line.invoice.public_id])
