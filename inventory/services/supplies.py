"""Changing supplies. They are not pushed themselves: the income accounts of their lines are."""

from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.history.services import note_changes
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from inventory.models import Supplier, Supply


class SupplyValues(TypedDict, total=False):
    """The plain values of a supply; prices per unit, the cost before tax."""

    part_number: str
    description: str
    unit: str
    cost_price: Decimal
    sell_price: Decimal
    sell_price_includes_tax: bool
    is_taxed: bool
    income_account: LedgerAccount | None
    supplier: Supplier | None


@transaction.atomic
def create_supply(
    *, organization: Organization, by: User | None, **values: Unpack[SupplyValues]
) -> Supply:
    """Add a supply. Raises ValidationError when a value or the part number is refused."""
    supply = Supply(organization=organization, **values)
    supply.full_clean()
    supply.save()
    index_for_search(supply)
    return supply


@transaction.atomic
def change_supply(*, supply: Supply, by: User | None, **values: Unpack[SupplyValues]) -> Supply:
    """Change a supply; what was used on jobs keeps the description and price of its day."""
    supply = _locked(supply)
    before = {name: old for name, new in values.items() if (old := getattr(supply, name)) != new}
    for name, value in values.items():
        setattr(supply, name, value)
    supply.full_clean()
    supply.save()
    note_changes(supply, before=before, by=by)
    index_for_search(supply)
    return supply


@transaction.atomic
def archive_supply(*, supply: Supply, by: User | None) -> Supply:
    """No longer offer it on jobs. May be called again."""
    supply = _locked(supply)
    supply.archived_at = supply.archived_at or timezone.now()
    supply.save(update_fields=["archived_at"])
    return supply


@transaction.atomic
def restore_supply(*, supply: Supply, by: User | None) -> Supply:
    """Offer it again."""
    supply = _locked(supply)
    supply.archived_at = None
    supply.save(update_fields=["archived_at"])
    return supply


def _locked(supply: Supply) -> Supply:
    return Supply.objects.owned_by(supply.organization).select_for_update().get(pk=supply.pk)
