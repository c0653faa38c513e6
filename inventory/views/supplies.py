"""Inventory > Supplies."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from inventory.forms.supplies import SupplyForm
from inventory.selectors import current_or_archived, supplies_for, supply_for
from inventory.services import archive_supply, change_supply, create_supply, restore_supply

_SHOWN = Filter(
    name="show",
    label="Show",
    choices=[("current", "Current"), ("archived", "Archived")],
    narrow=current_or_archived,
    default="current",
)


@members_only
@require_GET
def supply_list(request: MemberRequest) -> HttpResponse:
    """All supplies, found by part number and description."""
    organization = request.organization
    listing = Listing(
        request,
        supplies_for(organization),
        search=lambda rows, typed: matching(rows, organization, typed),
        filters=[_SHOWN],
        sorts={
            "description": "description",
            "part_number": "part_number",
            "cost": "cost_price",
            "price": "sell_price",
        },
        default_sort="description",
    )
    return render(request, "inventory/supply_list.html", {"listing": listing})


@office_only
@require_http_methods(["GET", "POST"])
def supply_new(request: MemberRequest) -> HttpResponse:
    """+Add New."""
    form = SupplyForm(request.POST or None, organization=request.organization)
    supply = form.carry_out(create_supply, organization=request.organization, by=request.user)
    if supply is None:
        return dialog(request, "inventory/supply_edit.html", {"form": form})
    return saved(request, to=reverse("inventory:supply_list"), message=f"{supply} added.")


@office_only
@require_http_methods(["GET", "POST"])
def supply_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Edit."""
    supply = supply_for(request.organization, public_id)
    form = SupplyForm(request.POST or None, instance=supply, organization=request.organization)
    changed = form.carry_out(change_supply, supply=supply, by=request.user)
    if changed is None:
        return dialog(request, "inventory/supply_edit.html", {"form": form, "supply": supply})
    return saved(request, to=reverse("inventory:supply_list"), message=f"{changed} saved.")


@office_only
@require_POST
def supply_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """No longer offer it; restored with one press."""
    supply = archive_supply(supply=supply_for(request.organization, public_id), by=request.user)
    return saved(request, to=reverse("inventory:supply_list"), message=f"{supply} archived.")


@office_only
@require_POST
def supply_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Offer it again."""
    supply = restore_supply(supply=supply_for(request.organization, public_id), by=request.user)
    return saved(request, to=reverse("inventory:supply_list"), message=f"{supply} restored.")
