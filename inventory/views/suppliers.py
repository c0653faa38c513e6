"""Inventory > Suppliers."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.history.selectors import told_changes_for
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from inventory.forms.suppliers import SupplierForm
from inventory.models import Supplier
from inventory.selectors import (
    supplier_for,
    suppliers_for,
    suppliers_shown,
)
from inventory.services import (
    SupplierIsOwed,
    archive_supplier,
    change_supplier,
    create_supplier,
    restore_supplier,
)

_SHOWN = Filter(
    name="show",
    label="Show",
    choices=[("current", "Current"), ("archived", "Archived")],
    narrow=suppliers_shown,
    default="current",
)


@members_only
@require_GET
def supplier_list(request: MemberRequest) -> HttpResponse:
    """All suppliers, found by name, e-mail, phone, ABN and address."""
    organization = request.organization
    listing = Listing(
        request,
        suppliers_for(organization),
        search=lambda rows, typed: matching(rows, organization, typed),
        filters=[_SHOWN],
        sorts={"name": "name", "suburb": "city", "added": "created_at"},
        default_sort="name",
    )
    return render(request, "inventory/supplier_list.html", {"listing": listing})


@office_only
@require_http_methods(["GET", "POST"])
def supplier_new(request: MemberRequest) -> HttpResponse:
    """+Add New."""
    form = SupplierForm(request.POST or None, organization=request.organization)
    supplier = form.carry_out(create_supplier, organization=request.organization, by=request.user)
    if supplier is None:
        return dialog(request, "inventory/supplier_edit.html", {"form": form})
    return saved(request, to=_page_of(supplier), message=f"{supplier} added.")


@members_only
@require_GET
def supplier_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Everything about one supplier."""
    supplier = supplier_for(request.organization, public_id)
    context = {"supplier": supplier, "changes": told_changes_for(supplier)}
    return render(request, "inventory/supplier_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def supplier_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a supplier; what the books hear of follows there."""
    supplier = supplier_for(request.organization, public_id)
    form = SupplierForm(request.POST or None, instance=supplier, organization=request.organization)
    changed = form.carry_out(change_supplier, supplier=supplier, by=request.user)
    if changed is None:
        return dialog(request, "inventory/supplier_edit.html", {"form": form, "supplier": supplier})
    return saved(request, to=_page_of(changed), message=f"{changed} saved.")


@office_only
@require_http_methods(["GET", "POST"])
def supplier_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then archive; refused while invoices are to be paid."""
    supplier = supplier_for(request.organization, public_id)
    if request.method == "GET":
        context = {
            "confirm_title": f"Archive {supplier}",
            "confirm_words": "It is no longer offered, and becomes inactive in your books."
            " Its invoices stay.",
            "confirm_label": "Archive",
        }
        return dialog(request, "components/confirm.html", context)
    try:
        archive_supplier(supplier=supplier, by=request.user)
    except SupplierIsOwed:
        messages.error(
            request, f"{supplier} still has invoices to be paid. Pay or void them, then archive."
        )
        return saved(request, to=_page_of(supplier))
    return saved(request, to=_page_of(supplier), message=f"{supplier} archived.")


@office_only
@require_POST
def supplier_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Undo archiving, unless the name was taken meanwhile."""
    supplier = supplier_for(request.organization, public_id)
    try:
        restore_supplier(supplier=supplier, by=request.user)
    except ValidationError:
        messages.error(
            request, f"There is another supplier called {supplier} now. Rename it first."
        )
        return redirect(_page_of(supplier))
    return saved(request, to=_page_of(supplier), message=f"{supplier} restored.")


def _page_of(supplier: Supplier) -> str:
    return reverse("inventory:supplier_detail", args=[supplier.public_id])
