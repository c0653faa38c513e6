"""New cost prices that a supplier invoice shows, taken over into the supplies."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from ascora.tenancy.models import User
from inventory.models import SupplierInvoice, Supply
from inventory.pricing import NewPrice
from inventory.selectors import changed_costs_of
from inventory.services.supplies import change_supply


@transaction.atomic
def take_over_costs(
    *, invoice: SupplierInvoice, by: User | None, rules: Mapping[int, NewPrice]
) -> list[Supply]:
    """Give each of these supplies (by key) the cost of the invoice, and the sell price of its
    rule. Those that have it already are left alone.
    """
    if invoice.is_void:
        raise ValidationError("It is void: its costs are not taken over.")
    changed = []
    for cost in changed_costs_of(invoice):
        rule = rules.get(cost.supply.pk)
        if rule is not None:
            changed.append(
                change_supply(
                    supply=cost.supply,
                    by=by,
                    cost_price=cost.new_cost,
                    sell_price=cost.sell_price_by(rule),
                )
            )
    return changed
