"""Expenses of a job: pop-ups on the job's card, and a page for each."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.attachments.selectors import attachments_for
from ascora.common.htmx import dialog, saved
from ascora.tenancy.days import closed_warning
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from jobs.forms import ExpenseForm
from jobs.models import Expense
from jobs.selectors import expense_for, is_invoiced, job_for, usual_expense_for
from jobs.services import (
    OnAnInvoice,
    add_expense,
    approve_expense,
    change_expense,
    remove_expense,
    void_expense,
)


@office_only
@require_http_methods(["GET", "POST"])
def expense_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Add an expense to the job; it is a draft until it is approved."""
    job = job_for(request.organization, public_id)
    form = ExpenseForm(
        request.POST or None,
        request.FILES or None,
        initial=usual_expense_for(request.organization),
        organization=request.organization,
    )
    expense = form.carry_out(add_expense, job=job, by=request.user)
    if expense is None:
        return dialog(request, "jobs/expense_edit.html", {"form": form, "job": job})
    to = reverse("jobs:job_detail", args=[job.public_id])
    return saved(request, to=to, message=f"{expense} added. Approve it when it is in order.")


@members_only
@require_GET
def expense_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One expense: what it cost, who is paid, what the customer is charged."""
    expense = expense_for(request.organization, public_id)
    context = {
        "expense": expense,
        "job": expense.job,
        "is_invoiced": is_invoiced(expense),
        "receipts": attachments_for(expense),
    }
    return render(request, "jobs/expense_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def expense_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change it; an approved one follows to the books."""
    expense = expense_for(request.organization, public_id)
    form = ExpenseForm(
        request.POST or None,
        request.FILES or None,
        instance=expense,
        organization=request.organization,
    )
    changed = form.carry_out(change_expense, expense=expense, by=request.user)
    if changed is None:
        context = {"form": form, "job": expense.job, "expense": expense}
        return dialog(request, "jobs/expense_edit.html", context)
    follows = " The change follows to your books." if changed.is_approved else ""
    return saved(request, to=_back(request, changed), message=f"{changed} saved.{follows}")


@office_only
@require_POST
def expense_approve(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """It counts from now on, and goes to the books."""
    expense = expense_for(request.organization, public_id)
    try:
        approved = approve_expense(expense=expense, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return saved(request, to=_back(request, expense))
    return saved(request, to=_back(request, approved), message=f"{approved} approved.")


@office_only
@require_http_methods(["GET", "POST"])
def expense_void(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then void."""
    expense = expense_for(request.organization, public_id)
    context = {
        "confirm_title": f"Void {expense}",
        "confirm_words": "It is worth nothing from then on, here and in your books."
        + closed_warning(request.organization, expense.spent_on),
        "confirm_label": "Void it",
    }
    if request.method == "GET":
        return dialog(request, "components/confirm.html", context)
    try:
        void_expense(expense=expense, by=request.user)
    except (OnAnInvoice, ValidationError) as refused:
        return _refuse(request, expense, refused)
    return saved(request, to=_page_of(expense), message=f"{expense} is void.")


@office_only
@require_http_methods(["GET", "POST"])
def expense_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then delete a draft."""
    expense = expense_for(request.organization, public_id)
    context = {
        "confirm_title": f"Delete {expense}",
        "confirm_words": "It was never approved, so your books know nothing of it.",
        "confirm_label": "Delete it",
    }
    if request.method == "GET":
        return dialog(request, "components/confirm.html", context)
    try:
        remove_expense(expense=expense, by=request.user)
    except OnAnInvoice as refused:
        return _refuse(request, expense, refused)
    to = reverse("jobs:job_detail", args=[expense.job.public_id])
    return saved(request, to=to, message="Expense deleted.")


def _refuse(
    request: MemberRequest, expense: Expense, refused: OnAnInvoice | ValidationError
) -> HttpResponse:
    is_checked = isinstance(refused, ValidationError)
    reason = " ".join(cast("ValidationError", refused).messages) if is_checked else str(refused)
    return dialog(request, "jobs/work_refused.html", {"job": expense.job, "reason": reason})


def _back(request: MemberRequest, expense: Expense) -> str:
    """Where it was pressed: the expense's own page, else the job."""
    page = _page_of(expense)
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return page if page in came_from else reverse("jobs:job_detail", args=[expense.job.public_id])


def _page_of(expense: Expense) -> str:
    return reverse("jobs:expense_detail", args=[expense.public_id])
