"""Documents as PDF, and sending them by e-mail."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.attachments.files import PDF
from ascora.attachments.views import file_response
from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from jobs.selectors import customer_for
from payments.forms.papers import LetterForm, PeriodForm
from payments.models import Letter
from payments.selectors import (
    Paper,
    credit_note_for,
    credit_note_paper,
    invoice_for,
    invoice_paper,
    letter_for,
    letters_of,
    payment_for,
    receipt_paper,
    statement_paper,
)
from payments.services import Refused, send_letter_again, write_letter


def _paper(request: MemberRequest, kind: str, public_id: UUID) -> Paper:
    organization = request.organization
    if kind == "invoice":
        return invoice_paper(invoice_for(organization, public_id))
    if kind == "credit-note":
        return credit_note_paper(credit_note_for(organization, public_id))
    if kind == "receipt":
        return receipt_paper(payment_for(organization, public_id))
    if kind == "statement":
        customer = customer_for(organization, public_id)
        return statement_paper(customer, *PeriodForm.of(request.GET, customer).days(customer))
    raise Http404


_PAGES = {
    "invoice": "payments:invoice_detail",
    "credit-note": "payments:credit_note_detail",
    "receipt": "payments:payment_detail",
    "statement": "jobs:customer_detail",
}


@members_only
@require_GET
def paper_pdf(request: MemberRequest, kind: str, public_id: UUID) -> HttpResponse:
    """The document as a PDF."""
    paper = _paper(request, kind, public_id)
    return file_response(paper.file_name, PDF, paper.drawn())


@office_only
@require_http_methods(["GET", "POST"])
def paper_send(request: MemberRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Send the document by e-mail, with the PDF."""
    paper = _paper(request, kind, public_id)
    form = LetterForm(request.POST or None, organization=request.organization, paper=paper)
    letter: Letter | None = form.carry_out(write_letter, paper=paper, by=request.user)
    if letter is None:
        context = {"form": form, "paper": paper, "kind": kind, "public_id": public_id}
        return dialog(request, "payments/paper_send.html", context)
    message = f"On its way to {letter.sent_to}."
    return saved(request, to=reverse(_PAGES[kind], args=[public_id]), message=message)


@members_only
@require_GET
def statement(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A customer's statement on the screen, for a period."""
    customer = customer_for(request.organization, public_id)
    form = PeriodForm.of(request.GET, customer)
    begins_on, ends_on = form.days(customer)
    context = {
        "customer": customer,
        "form": form,
        "period": urlencode({"begins_on": begins_on, "ends_on": ends_on}),
        "data": statement_paper(customer, begins_on, ends_on).data,
    }
    return render(request, "payments/statement.html", context)


@members_only
@require_GET
def paper_letters(request: MemberRequest, kind: str, public_id: UUID) -> HttpResponse:
    """What was sent of a document: a fragment of its page."""
    paper = _paper(request, kind, public_id)
    context = {"letters": list(letters_of(paper.document)[:10])}
    return render(request, "payments/_letters.html", context)


@office_only
@require_POST
def letter_again(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Try again what could not be sent."""
    letter = letter_for(request.organization, public_id)
    try:
        send_letter_again(letter=letter, by=request.user)
    except Refused as refused:
        message = refused.sentence
    else:
        message = f"On its way to {letter.sent_to}."
    return saved(request, to=request.htmx.current_url_abs_path or "/", message=message)
