"""New prices for many supplies."""

from decimal import Decimal

from django import forms

from inventory.pricing import Basis
from inventory.services import Wish

_LARGEST = Decimal(1000)
_STEPS = [("0.01", "Cents"), ("0.05", "5 cents"), ("0.10", "10 cents"), ("1", "Whole dollars")]


class BulkPricesForm(forms.Form):
    """Which supplies, and how their sell price is worked out."""

    found_by = forms.CharField(
        label="Only those found by",
        required=False,
        max_length=100,
        help_text="Part number or description, as in the search. Empty: all current supplies.",
    )
    basis = forms.ChoiceField(
        label="New sell price",
        choices=[
            (Basis.SELL_PRICE.value, "Present sell price and"),
            (Basis.COST_PRICE.value, "Cost price and"),
        ],
    )
    percent = forms.DecimalField(
        label="Per cent",
        min_value=Decimal("-99.99"),
        max_value=_LARGEST,
        decimal_places=2,
        help_text="With a minus sign prices fall.",
    )
    step = forms.ChoiceField(label="Rounded to", choices=_STEPS)

    @property
    def wish(self) -> Wish:
        """What was asked for, once it is valid."""
        values = self.cleaned_data
        return Wish(
            found_by=values["found_by"].strip(),
            basis=Basis(values["basis"]),
            percent=values["percent"],
            step=Decimal(values["step"]),
        )


class ShownPrices(forms.Form):
    """The prices that a person saw, key and price, so that no others are set."""

    shown = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)

    def clean_shown(self) -> list[tuple[int, Decimal]]:
        """Pairs."""
        try:
            pairs = [pair.split("=") for pair in self.cleaned_data["shown"].split()]
            return [(int(key), Decimal(price)) for key, price in pairs]
        except (ValueError, ArithmeticError) as error:
            raise forms.ValidationError("Show the new prices once more.") from error
