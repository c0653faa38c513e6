"""Administration > Credit Notes: the list, one credit note, writing, issuing and voiding it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.tenancy.days import closed_warning
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from payments.forms.credits import (
    CreditCustomerForm,
    CreditInvoiceForm,
    CreditNoteEditor,
    CreditReasonForm,
    IssueCreditForm,
)
from payments.models import CreditNote
from payments.selectors import (
    credit_lines_of,
    credit_note_for,
    credit_notes_for,
    credit_notes_matching,
    credit_notes_narrowed,
    credit_used_of,
    invoice_for,
)
from payments.services import (
    Refused,
    change_credit_draft,
    delete_credit_draft,
    draft_credit_for_invoice,
    draft_credit_note,
    issue_credit_note,
    void_credit_note,
)

SHOWN = [
    ("", "All"), ("left", "Credit left"), ("draft", "Draft"), ("issued", "Issued"),
    ("void", "Void"),
]  # fmt: skip
UNPROCESSABLE = 422


@members_only
@require_GET
def credit_note_list(request: MemberRequest) -> HttpResponse:
    """All credit notes; by number, customer, invoice, reason and status."""
    organization = request.organization
    listing = Listing(
        request,
        credit_notes_for(organization),
        search=lambda rows, typed: credit_notes_matching(rows, organization, typed),
        filters=[Filter("status", "Status", SHOWN, credit_notes_narrowed)],
        sorts={
            "created": "created_at",
            "date": "issued_on",
            "customer": "customer__name",
            "total": "total",
            "left": "remaining",
        },
        default_sort="-created",
    )
    return render(request, "payments/credit_note_list.html", {"listing": listing})


@members_only
@require_GET
def credit_note_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Lines, totals, what of it is used, and what can be done."""
    credit_note = credit_note_for(request.organization, public_id)
    context = {
        "credit_note": credit_note,
        "lines": credit_lines_of(credit_note),
        "parts": list(credit_used_of(credit_note)),
    }
    return render(request, "payments/credit_note_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_new(request: MemberRequest) -> HttpResponse:
    """Choose the customer; the draft is written on its own page."""
    chosen = {"customer": request.GET.get("customer")}
    form = CreditCustomerForm(
        request.POST or None, initial=chosen, organization=request.organization
    )
    credit_note = form.carry_out(draft_credit_note, by=request.user)
    if credit_note is None:
        return dialog(request, "payments/credit_note_new.html", {"form": form})
    return saved(request, to=reverse("payments:credit_note_edit", args=[credit_note.public_id]))


@office_only
@require_http_methods(["GET", "POST"])
def invoice_credit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Credit this invoice: choose its lines and quantities; the draft is shown before it goes."""
    invoice = invoice_for(request.organization, public_id)
    form = CreditInvoiceForm(request.POST or None, invoice=invoice)
    credit_note = form.carry_out(draft_credit_for_invoice, invoice=invoice, by=request.user)
    if credit_note is None:
        context = {"form": form, "invoice": invoice}
        return dialog(request, "payments/invoice_credit.html", context)
    return saved(request, to=_page_of(credit_note), message="Draft written. Look, then issue it.")


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a draft."""
    credit_note = credit_note_for(request.organization, public_id)
    if not credit_note.is_draft:
        messages.warning(request, "An issued credit note stays as it is: void it, write another.")
        return redirect(_page_of(credit_note))
    editor = CreditNoteEditor(request.POST or None, credit_note=credit_note)
    if editor.carry_out(change_credit_draft, by=request.user) is None:
        return _editing(request, editor)
    messages.success(request, "Draft saved.")
    return redirect(_page_of(credit_note))


@office_only
@require_POST
def credit_note_totals(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What the lines come to while they are typed."""
    credit_note = credit_note_for(request.organization, public_id)
    editor = CreditNoteEditor(request.POST, credit_note=credit_note)
    context = {"totals": editor.totals(), "editor": editor, "is_fragment": True}
    return render(request, "components/document_totals.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_issue(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Give it its number."""
    credit_note = credit_note_for(request.organization, public_id)
    form = IssueCreditForm(
        request.POST or None, instance=credit_note, organization=request.organization
    )
    issued = form.carry_out(issue_credit_note, credit_note=credit_note, by=request.user)
    if issued is None:
        context = {"form": form, "credit_note": credit_note_for(request.organization, public_id)}
        return dialog(request, "payments/credit_note_issue.html", context)
    return saved(request, to=_page_of(issued), message=f"{issued} issued.")


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_void(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then void."""
    credit_note = credit_note_for(request.organization, public_id)
    form = CreditReasonForm(request.POST or None, organization=request.organization)
    done = form.carry_out(void_credit_note, credit_note=credit_note, by=request.user)
    if done is None:
        context = {
            "form": form,
            "confirm_title": f"Void {credit_note}",
            "confirm_words": "It keeps its number and is worth nothing from then on. In your books"
            " the credit note is deleted."
            + closed_warning(request.organization, credit_note.issued_on),
            "confirm_label": "Void it",
        }
        return dialog(request, "components/confirm.html", context)
    return saved(request, to=_page_of(credit_note), message=f"{credit_note} is void.")


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then throw a draft away."""
    credit_note = credit_note_for(request.organization, public_id)
    if request.method == "GET":
        context = {
            "confirm_title": "Delete this draft",
            "confirm_words": "It never had a number.",
            "confirm_label": "Delete it",
        }
        return dialog(request, "components/confirm.html", context)
    try:
        delete_credit_draft(credit_note=credit_note, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return saved(request, to=_page_of(credit_note))
    return saved(request, to=reverse("payments:credit_note_list"), message="Draft deleted.")


def _editing(request: MemberRequest, editor: CreditNoteEditor) -> HttpResponse:
    # A form of the row may have written on it: what the heading says is read afresh.
    credit_note = credit_note_for(request.organization, editor.credit_note.public_id)
    context = {"editor": editor, "credit_note": credit_note, "totals": editor.totals()}
    status = UNPROCESSABLE if editor.is_refused else 200
    return render(request, "payments/credit_note_edit.html", context, status=status)


def _page_of(credit_note: CreditNote) -> str:
    return reverse("payments:credit_note_detail", args=[credit_note.public_id])
