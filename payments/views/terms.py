"""Administration > Payments & Tax > Payment Terms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, office_only
from jobs.selectors import payment_term_for
from payments.forms.settings import TermForm
from payments.services import Refused, archive_term, change_term, create_term, restore_term


@office_only
@require_http_methods(["GET", "POST"])
def term_new(request: MemberRequest) -> HttpResponse:
    """+Add."""
    form = TermForm(request.POST or None, organization=request.organization)
    term = form.carry_out(create_term, organization=request.organization, by=request.user)
    if term is None:
        return dialog(request, "payments/term_edit.html", {"form": form})
    return _back(request, f"{term} added.")


@office_only
@require_http_methods(["GET", "POST"])
def term_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Edit."""
    term = payment_term_for(request.organization, public_id)
    form = TermForm(request.POST or None, instance=term, organization=request.organization)
    changed = form.carry_out(change_term, term=term, by=request.user)
    if changed is None:
        return dialog(request, "payments/term_edit.html", {"form": form, "term": term})
    return _back(request, f"{changed} saved.")


@office_only
@require_POST
def term_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """No longer offered."""
    term = payment_term_for(request.organization, public_id)
    try:
        archive_term(term=term, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return _back(request, "")
    return _back(request, f"{term} archived.")


@office_only
@require_POST
def term_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Offered again."""
    term = restore_term(term=payment_term_for(request.organization, public_id), by=request.user)
    return _back(request, f"{term} restored.")


def _back(request: MemberRequest, message: str) -> HttpResponse:
    return saved(request, to=reverse("payments:payment_settings"), message=message)
