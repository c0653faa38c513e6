"""New sell prices for many supplies at once: worked out, shown, and then set all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from ascora.history.services import note_changes
from ascora.tenancy.models import Organization, User
from inventory.models import Supply
from inventory.pricing import Basis, price_in_bulk
from inventory.selectors import supplies_for, supplies_matching

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Wish:
    """Which supplies (all, or what a search finds), and how their price is worked out."""

    found_by: str
    basis: Basis
    percent: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A supply with the price that it would get."""

    supply: Supply
    price: Decimal


def price_changes_for(*, organization: Organization, wish: Wish) -> list[PriceChange]:
    """Every current supply whose price would change; writes nothing."""
    if wish.found_by:
        supplies = supplies_matching(organization, wish.found_by)
    else:
        supplies = supplies_for(organization).current()
    return _changes(list(supplies.order_by("description", "pk")[:MOST]), wish)


@transaction.atomic
def change_prices(
    *, organization: Organization, wish: Wish, shown: Sequence[tuple[int, Decimal]], by: User | None
) -> int:
    """Set the prices that were shown (key and new price) and nothing else; how many were set.

    A supply whose price would be another by now is left alone: somebody changed it meanwhile.
    """
    wanted = dict(shown)
    rows = Supply.objects.filter(organization=organization, pk__in=list(wanted)).current()
    held = list(rows.select_for_update().order_by("pk"))
    due = [each for each in _changes(held, wish) if wanted[each.supply.pk] == each.price]
    for change in due:
        before = {"sell_price": change.supply.sell_price}
        change.supply.sell_price = change.price
        note_changes(change.supply, before=before, by=by)
    Supply.objects.filter(organization=organization).bulk_update(
        [change.supply for change in due], ["sell_price"], batch_size=500
    )
    return len(due)


def _changes(supplies: Sequence[Supply], wish: Wish) -> list[PriceChange]:
    priced = [
        PriceChange(
            supply,
            price_in_bulk(
                wish.basis,
                wish.percent,
                wish.step,
                cost=supply.cost_price,
                sell_price=supply.sell_price,
            ),
        )
        for supply in supplies
    ]
    return [each for each in priced if each.price != each.supply.sell_price]
