"""Making, changing, issuing, amending and voiding invoices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.tenancy.days import closed_warning
from ascora.tenancy.decorators import MemberRequest, office_only
from payments.forms.invoices import (
    AmendEditor,
    CustomerChoiceForm,
    InvoiceEditor,
    IssueForm,
    ReasonForm,
)
from payments.models import Invoice
from payments.selectors import invoice_for
from payments.services import (
    Refused,
    amend_invoice,
    change_draft,
    delete_draft,
    draft_invoice,
    issue_invoice,
    void_invoice,
)

UNPROCESSABLE = 422


@office_only
@require_http_methods(["GET", "POST"])
def invoice_new(request: MemberRequest) -> HttpResponse:
    """Choose the customer; the draft is written on its own page."""
    chosen = {"customer": request.GET.get("customer")}
    form = CustomerChoiceForm(
        request.POST or None, initial=chosen, organization=request.organization
    )
    invoice = form.carry_out(draft_invoice, by=request.user)
    if invoice is None:
        return dialog(request, "payments/invoice_new.html", {"form": form})
    return saved(request, to=reverse("payments:invoice_edit", args=[invoice.public_id]))


@office_only
@require_http_methods(["GET", "POST"])
def invoice_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a draft."""
    invoice = invoice_for(request.organization, public_id)
    if not invoice.is_draft:
        return redirect("payments:invoice_amend", invoice.public_id)
    editor = InvoiceEditor(request.POST or None, invoice=invoice)
    if editor.carry_out(change_draft, by=request.user) is None:
        return _editing(request, editor)
    messages.success(request, "Draft saved.")
    return redirect("payments:invoice_detail", invoice.public_id)


@office_only
@require_http_methods(["GET", "POST"])
def invoice_amend(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change an issued invoice, with a reason."""
    invoice = invoice_for(request.organization, public_id)
    if invoice.is_draft:
        return redirect("payments:invoice_edit", invoice.public_id)
    editor = AmendEditor(request.POST or None, invoice=invoice)
    if editor.carry_out(amend_invoice, by=request.user) is None:
        return _editing(request, editor)
    messages.success(request, f"{invoice} amended. The change follows to your books.")
    return redirect("payments:invoice_detail", invoice.public_id)


@office_only
@require_POST
def invoice_totals(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What the lines come to while they are typed."""
    invoice = invoice_for(request.organization, public_id)
    editor_class = InvoiceEditor if invoice.is_draft else AmendEditor
    editor = editor_class(request.POST, invoice=invoice)
    context = {"totals": editor.totals(), "editor": editor, "is_fragment": True}
    return render(request, "components/document_totals.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def invoice_issue(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Give it its number."""
    invoice = invoice_for(request.organization, public_id)
    form = IssueForm(request.POST or None, instance=invoice, organization=request.organization)
    issued = form.carry_out(issue_invoice, invoice=invoice, by=request.user)
    if issued is None:
        context = {"form": form, "invoice": invoice_for(request.organization, public_id)}
        return dialog(request, "payments/invoice_issue.html", context)
    return saved(request, to=_page_of(issued), message=f"{issued} issued.")


@office_only
@require_http_methods(["GET", "POST"])
def invoice_void(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then void."""
    invoice = invoice_for(request.organization, public_id)
    form = ReasonForm(request.POST or None, instance=invoice, organization=request.organization)
    if form.carry_out(void_invoice, invoice=invoice, by=request.user) is None:
        context = {
            "form": form,
            "confirm_title": f"Void {invoice}",
            "confirm_words": "It keeps its number and is worth nothing from then on, here and in"
            " your books. The work on it can be invoiced again."
            + closed_warning(request.organization, invoice.issued_on),
            "confirm_label": "Void it",
        }
        return dialog(request, "components/confirm.html", context)
    return saved(request, to=_page_of(invoice), message=f"{invoice} is void.")


@office_only
@require_http_methods(["GET", "POST"])
def invoice_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then throw a draft away."""
    invoice = invoice_for(request.organization, public_id)
    context = {
        "confirm_title": "Delete this draft",
        "confirm_words": "It never had a number. The work on it can be invoiced again.",
        "confirm_label": "Delete it",
    }
    if request.method == "GET":
        return dialog(request, "components/confirm.html", context)
    try:
        delete_draft(invoice=invoice, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return saved(request, to=_page_of(invoice))
    return saved(request, to=reverse("payments:invoice_list"), message="Draft deleted.")


def _editing(request: MemberRequest, editor: InvoiceEditor) -> HttpResponse:
    # A form of the row may have written on it: what the heading says is read afresh.
    invoice = invoice_for(request.organization, editor.invoice.public_id)
    context = {"editor": editor, "invoice": invoice, "totals": editor.totals()}
    status = UNPROCESSABLE if editor.is_refused else 200
    return render(request, "payments/invoice_edit.html", context, status=status)


def _page_of(invoice: Invoice) -> str:
    return reverse("payments:invoice_detail", args=[invoice.public_id])
