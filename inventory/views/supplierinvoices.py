"""Inventory > Supplier Invoices: the list, one of them, and what is pressed there."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.attachments.models import Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach
from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.tenancy.days import closed_warning
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from inventory.forms.prices import PricesForm
from inventory.forms.supplierinvoices import PaperForm
from inventory.models import SupplierInvoice, SupplierInvoiceType
from inventory.selectors import (
    changed_costs_of,
    is_overdue,
    lines_of_supplier_invoice,
    supplier_for,
    supplier_invoice_for,
    supplier_invoices_for,
    supplier_invoices_matching,
    supplier_invoices_narrowed,
    supplier_invoices_of,
    supplier_invoices_of_chosen,
    supplier_invoices_of_type,
    suppliers_with_invoices,
)
from inventory.services import (
    approve_supplier_invoice,
    delete_supplier_draft,
    take_over_costs,
    void_supplier_invoice,
)

NEWEST = 10
_STATUSES = [
    ("", "All statuses"), ("draft", "Draft"), ("to_be_paid", "To be paid"), ("overdue", "Overdue"),
    ("settled", "Paid in the books"), ("void", "Void"),
]  # fmt: skip


@members_only
@require_GET
def supplier_invoice_list(request: MemberRequest) -> HttpResponse:
    """All of them; by number, supplier, type and status."""
    organization = request.organization
    listing = Listing(
        request,
        supplier_invoices_for(organization),
        search=lambda rows, typed: supplier_invoices_matching(rows, organization, typed),
        filters=_filters(organization),
        sorts={
            "created": "created_at",
            "date": "dated_on",
            "due": "due_on",
            "supplier": "supplier__name",
            "number": "number",
            "total": "total",
        },
        default_sort="-created",
    )
    context = {"listing": listing, "today": today_for(organization)}
    return render(request, "inventory/supplier_invoice_list.html", context)


@members_only
@require_GET
def supplier_invoice_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Lines, totals, what is paid, and what can be done."""
    invoice = supplier_invoice_for(request.organization, public_id)
    today = today_for(request.organization)
    context = {
        "invoice": invoice,
        "lines": lines_of_supplier_invoice(invoice),
        "costs": changed_costs_of(invoice),
        "papers": attachments_for(invoice),
        "is_overdue": is_overdue(invoice, today),
        "today": today,
    }
    return render(request, "inventory/supplier_invoice_detail.html", context)


@members_only
@require_GET
def supplier_invoices(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the supplier's page: the newest ones."""
    supplier = supplier_for(request.organization, public_id)
    context = {
        "supplier": supplier,
        "invoices": list(supplier_invoices_of(supplier)[:NEWEST]),
        "today": today_for(request.organization),
    }
    return render(request, "inventory/_supplier_invoices.html", context)


@office_only
@require_POST
def supplier_invoice_approve(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """It counts from now on, and goes to the books."""
    invoice = supplier_invoice_for(request.organization, public_id)
    try:
        approve_supplier_invoice(invoice=invoice, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return saved(request, to=page_of(invoice))
    return saved(request, to=page_of(invoice), message=f"{invoice} approved.")


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_void(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then void."""
    invoice = supplier_invoice_for(request.organization, public_id)
    if request.method == "GET":
        context = {
            "confirm_title": f"Void {invoice}",
            "confirm_words": "It is worth nothing from then on, here and in your books, and no"
            " longer counts as a cost of its jobs."
            + closed_warning(request.organization, invoice.dated_on),
            "confirm_label": "Void it",
        }
        return dialog(request, "components/confirm.html", context)
    try:
        void_supplier_invoice(invoice=invoice, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return saved(request, to=page_of(invoice))
    return saved(request, to=page_of(invoice), message=f"{invoice} is void.")


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then throw a draft away."""
    invoice = supplier_invoice_for(request.organization, public_id)
    if request.method == "GET":
        context = {
            "confirm_title": "Delete this draft",
            "confirm_words": "It was never approved, so your books know nothing of it.",
            "confirm_label": "Delete it",
        }
        return dialog(request, "components/confirm.html", context)
    try:
        delete_supplier_draft(invoice=invoice, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return saved(request, to=page_of(invoice))
    to = reverse("inventory:supplier_invoice_list")
    return saved(request, to=to, message="Draft deleted.")


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_prices(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Old and new cost of each supply, and what becomes of its sell price."""
    invoice = supplier_invoice_for(request.organization, public_id)
    form = PricesForm(request.POST or None, costs=changed_costs_of(invoice))
    if not form.is_valid():
        context = {"form": form, "invoice": invoice}
        return dialog(request, "inventory/supplier_invoice_prices.html", context)
    changed = take_over_costs(invoice=invoice, by=request.user, rules=form.rules())
    count = f"{len(changed)} suppl{'y' if len(changed) == 1 else 'ies'}"
    return saved(request, to=page_of(invoice), message=f"Prices of {count} updated.")


@office_only
@require_http_methods(["GET", "POST"])
def supplier_invoice_paper(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Hang the supplier's paper on it."""
    invoice = supplier_invoice_for(request.organization, public_id)
    form = PaperForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        context = {"form": form, "invoice": invoice}
        return dialog(request, "inventory/supplier_invoice_paper.html", context)
    upload = form.cleaned_data["upload"]
    attach(document=invoice, purpose=Purpose.SUPPLIER_INVOICE, upload=upload, by=request.user)
    return saved(request, to=page_of(invoice), message=f"{upload.name} added.")


def page_of(invoice: SupplierInvoice) -> str:
    """Where it is looked at."""
    return reverse("inventory:supplier_invoice_detail", args=[invoice.public_id])


def _filters(organization: Organization) -> list[Filter]:
    suppliers = [(str(one.public_id), one.name) for one in suppliers_with_invoices(organization)]
    return [
        Filter(
            "status",
            "Status",
            _STATUSES,
            lambda rows, value: supplier_invoices_narrowed(rows, organization, value),
        ),
        Filter(
            "type",
            "Type",
            [("", "Invoices and credits"), *SupplierInvoiceType.choices],
            supplier_invoices_of_type,
        ),
        Filter(
            "supplier", "Supplier", [("", "All suppliers"), *suppliers], supplier_invoices_of_chosen
        ),
    ]
