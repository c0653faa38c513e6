"""Reading supplies."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from ascora.search.services import matching
from ascora.tenancy.models import Organization
from inventory.models import Supply, SupplyQuerySet
from inventory.pricing import price_before_tax


def supplies_for(organization: Organization) -> SupplyQuerySet:
    """All supplies of the business, archived ones too; with their account codes."""
    found: SupplyQuerySet = Supply.objects.filter(organization=organization)
    return found.select_related("income_account")


def supply_for(organization: Organization, public_id: UUID) -> Supply:
    """One supply; Http404 when the business has no such one."""
    return get_object_or_404(supplies_for(organization), public_id=public_id)


def supplies_matching(organization: Organization, typed: str) -> SupplyQuerySet:
    """Current supplies whose part number or description begins with every typed word."""
    return matching(supplies_for(organization).current(), organization, typed)  # type: ignore[return-value]


def tax_percent_for(organization: Organization, day: date) -> Decimal:
    """The tax on taxed lines, asked of the higher storey that settings name."""
    percent: Decimal = import_string(settings.TAX_PERCENT_SOURCE)(organization, day)
    return percent


def net_price_for(supply: Supply, day: date) -> Decimal:
    """What a unit of this supply costs a customer before tax on this day."""
    return price_before_tax(
        supply.sell_price,
        includes_tax=supply.sell_price_includes_tax,
        is_taxed=supply.is_taxed,
        percent=tax_percent_for(supply.organization, day),
    )


def current_or_archived(supplies: SupplyQuerySet, shown: str) -> SupplyQuerySet:
    """As the list's filter says."""
    return supplies.filter(archived_at__isnull=shown != "archived")
