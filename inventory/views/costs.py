"""Entering and changing supplier invoices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.owned_forms import MOST_CHOICES
from ascora.tenancy.selectors import today_for
from inventory.forms.supplierinvoices import CostEditor, StartForm
from inventory.selectors import supplier_choice_for, supplier_invoice_for, supplies_matching
from inventory.services import change_supplier_invoice, draft_supplier_invoice
from inventory.views.supplierinvoices import page_of

UNPROCESSABLE = 422


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_new(request: MemberRequest) -> HttpResponse:
    """Whose it is; its lines are entered on its own page. `?supplier=` presets whose."""
    initial = {
        "dated_on": today_for(request.organization),
        "supplier": supplier_choice_for(request.organization, request.GET.get("supplier", "")),
    }
    form = StartForm(request.POST or None, initial=initial, organization=request.organization)
    invoice = form.carry_out(draft_supplier_invoice, by=request.user)
    if invoice is None:
        return dialog(request, "inventory/supplier_invoice_new.html", {"form": form})
    return saved(request, to=reverse("inventory:supplier_invoice_edit", args=[invoice.public_id]))


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Its terms and lines; an approved one follows to the books."""
    invoice = supplier_invoice_for(request.organization, public_id)
    if invoice.is_void:
        messages.warning(request, "It is void and stays as it is.")
        return redirect(page_of(invoice))
    editor = CostEditor(request.POST or None, invoice=invoice)
    changed = editor.carry_out(change_supplier_invoice, by=request.user)
    if changed is None:
        return _editing(request, editor)
    follows = " The change follows to your books." if changed.is_approved else ""
    messages.success(request, f"{changed} saved.{follows}")
    return redirect(page_of(changed))


@office_only
@require_POST
def supplier_invoice_totals(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What the lines come to while they are typed."""
    invoice = supplier_invoice_for(request.organization, public_id)
    editor = CostEditor(request.POST, invoice=invoice)
    context = {"totals": editor.totals(), "editor": editor, "is_fragment": True}
    return render(request, "components/document_totals.html", context)


@members_only
@require_GET
def supply_choices(request: MemberRequest) -> HttpResponse:
    """Options for the drop-down of supplies that is narrowed by typing."""
    typed = request.GET.get("supply_search", "")
    found = list(supplies_matching(request.organization, typed)[:MOST_CHOICES])
    return render(request, "inventory/_supply_choices.html", {"supplies": found})


def _editing(request: MemberRequest, editor: CostEditor) -> HttpResponse:
    # A form of the row may have written on it: what the heading says is read afresh.
    invoice = supplier_invoice_for(request.organization, editor.invoice.public_id)
    context = {"editor": editor, "invoice": invoice, "totals": editor.totals()}
    status = UNPROCESSABLE if editor.is_refused else 200
    return render(request, "inventory/supplier_invoice_edit.html", context, status=status)
