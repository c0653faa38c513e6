"""Inventory > Supplies > Change prices."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ascora.tenancy.decorators import MemberRequest, office_only
from inventory.forms.bulkprices import BulkPricesForm, ShownPrices
from inventory.services import change_prices, price_changes_for

_SHOWN = 500


@office_only
@require_http_methods(["GET", "POST"])
def supply_prices(request: MemberRequest) -> HttpResponse:
    """Show what the prices would be; a second press sets exactly those."""
    form = BulkPricesForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "inventory/supply_prices.html", {"form": form})
    seen = ShownPrices(request.POST)
    if "set" in request.POST and seen.is_valid():
        count = change_prices(
            organization=request.organization,
            wish=form.wish,
            shown=seen.cleaned_data["shown"],
            by=request.user,
        )
        messages.success(request, f"{count} price{'' if count == 1 else 's'} changed.")
        return redirect("inventory:supply_list")
    changes = price_changes_for(organization=request.organization, wish=form.wish)
    shown = " ".join(f"{each.supply.pk}={each.price}" for each in changes)
    context = {
        "form": form,
        "changes": changes[:_SHOWN],
        "count": len(changes),
        "shown": shown,
        "is_worked_out": True,
    }
    return render(request, "inventory/supply_prices.html", context)
