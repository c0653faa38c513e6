"""What becomes of the prices of supplies whose cost has changed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ascora.common.wording import unit_price
from inventory.pricing import NewPrice
from inventory.selectors import ChangedCost

LEAVE = "leave"


class PricesForm(forms.Form):
    """One choice for each supply; what each makes of the sell price is said beside it."""

    def __init__(self, *args: Any, costs: Sequence[ChangedCost], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.costs = costs
        for cost in costs:
            self.fields[_name(cost)] = forms.ChoiceField(
                label=cost.supply.choice,
                choices=_choices(cost),
                initial=NewPrice.USE_THE_HIGHER,
                widget=forms.RadioSelect,
            )

    @property
    def rows(self) -> list[tuple[ChangedCost, forms.BoundField]]:
        """Each cost with its choice."""
        return [(cost, self[_name(cost)]) for cost in self.costs]

    def rules(self) -> dict[int, NewPrice]:
        """The choices of a valid form by supply, without those that are left as they are."""
        chosen = {cost.supply.pk: self.cleaned_data[_name(cost)] for cost in self.costs}
        return {pk: NewPrice(rule) for pk, rule in chosen.items() if rule != LEAVE}


def _name(cost: ChangedCost) -> str:
    return f"supply-{cost.supply.public_id}"


def _choices(cost: ChangedCost) -> list[tuple[str, str]]:
    kept = unit_price(cost.supply.sell_price)
    return [
        (NewPrice.USE_THE_HIGHER, f"Use the higher: sell at {unit_price(cost.higher)}"),
        (NewPrice.KEEP_MARKUP, f"Keep markup: sell at {unit_price(cost.keeping_markup)}"),
        (NewPrice.KEEP_SELL_PRICE, f"Keep sell price: {kept}"),
        (LEAVE, "Leave cost and sell price as they are"),
    ]
