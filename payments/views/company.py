"""Administration > Company Details: the business, its letterhead, bank details, numbers, texts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.attachments.files import PDF
from ascora.attachments.views import file_response
from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, confirmed_lately, owners_only
from payments.emails import USUAL
from payments.forms.papers import BankForm, LetterheadForm, LogoForm, NumberingForm, WordsForm
from payments.selectors import document_settings_for, logo_for, sample_paper
from payments.selectors.numbering import numbering_for, numberings_of
from payments.services import change_document_settings, set_logo, set_numbering

_FORMS: dict[str, type[LetterheadForm] | type[BankForm]] = {
    "letterhead": LetterheadForm,
    "bank": BankForm,
}
_TITLES = {"letterhead": "Letterhead", "bank": "How Customers Pay"}
_LETTERS = {
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "receipt": "Receipt",
    "statement": "Statement",
}


@owners_only
@require_GET
def company_details(request: MemberRequest) -> HttpResponse:
    """All of it, with a preview."""
    settings = document_settings_for(request.organization)
    context = {
        "settings": settings,
        "logo": logo_for(request.organization),
        "numberings": numberings_of(request.organization),
        "letters": [
            (kind, label, getattr(settings, f"{kind}_subject") or USUAL[kind].subject)
            for kind, label in _LETTERS.items()
        ],
    }
    return render(request, "payments/company_details.html", context)


@owners_only
@confirmed_lately(back="payments:company_details")
@require_http_methods(["GET", "POST"])
def company_part(request: MemberRequest, part: str) -> HttpResponse:
    """The letterhead, or how customers pay."""
    if part not in _FORMS:
        raise Http404
    form = _FORMS[part](
        request.POST or None,
        instance=document_settings_for(request.organization),
        organization=request.organization,
    )
    service = {"organization": request.organization, "by": request.user}
    if form.carry_out(change_document_settings, **service) is None:
        context = {"form": form, "title": _TITLES[part]}
        return dialog(request, "payments/company_part.html", context)
    return _back(request, "Company details saved.")


@owners_only
@require_http_methods(["GET", "POST"])
def company_logo(request: MemberRequest) -> HttpResponse:
    """Choose the logo."""
    form = LogoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        set_logo(organization=request.organization, by=request.user, **form.cleaned_data)
        return _back(request, "Logo saved.")
    return dialog(request, "payments/company_logo.html", {"form": form})


@owners_only
@require_POST
def company_logo_remove(request: MemberRequest) -> HttpResponse:
    """Take the logo off."""
    set_logo(organization=request.organization, upload=None, by=request.user)
    messages.success(request, "Logo removed.")
    return redirect("payments:company_details")


@owners_only
@require_http_methods(["GET", "POST"])
def company_numbers(request: MemberRequest, kind: str) -> HttpResponse:
    """Prefix and next number of a kind of document."""
    numbering = numbering_for(request.organization, kind)
    form = NumberingForm(
        request.POST or None, instance=numbering.sequence, organization=request.organization
    )
    service = {"organization": request.organization, "kind": kind, "by": request.user}
    if form.carry_out(set_numbering, **service) is None:
        context = {"form": form, "title": f"{numbering.label} Numbers"}
        return dialog(request, "payments/company_part.html", context)
    return _back(request, "Numbers saved.")


@owners_only
@require_http_methods(["GET", "POST"])
def company_words(request: MemberRequest, kind: str) -> HttpResponse:
    """Subject and text of a kind of letter."""
    if kind not in _LETTERS:
        raise Http404
    form = WordsForm(
        request.POST or None,
        instance=document_settings_for(request.organization),
        organization=request.organization,
        kind=kind,
    )
    service: dict[str, Any] = {"organization": request.organization, "by": request.user}
    if form.carry_out(change_document_settings, **service) is None:
        context = {"form": form, "title": f"{_LETTERS[kind]} E-mail", "is_wide": True}
        return dialog(request, "payments/company_part.html", context)
    return _back(request, "Text saved.")


@owners_only
@require_GET
def company_preview(request: MemberRequest) -> HttpResponse:
    """A sample invoice: the picture on the page, or the PDF."""
    paper = sample_paper(request.organization)
    if "picture" in request.GET:
        response = HttpResponse(paper.pictured(), content_type="image/png")
        response["Cache-Control"] = "private, no-store"
        return response
    return file_response("Sample invoice.pdf", PDF, paper.drawn())


def _back(request: MemberRequest, message: str) -> HttpResponse:
    return saved(request, to=reverse("payments:company_details"), message=message)
