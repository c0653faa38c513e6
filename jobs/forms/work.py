"""Forms of labour and of supplies used."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy

from ascora.tenancy.days import sensible_day
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm, current_or
from inventory.models import Supply
from inventory.selectors import net_price_for, supplies_for
from jobs.forms.checks import more_than_nothing, not_negative
from jobs.models import JobSupply, LabourEntry


class LabourForm(OwnedModelForm[LabourEntry]):
    """Hours on a job."""

    class Meta:
        model = LabourEntry
        fields: ClassVar[list[str]] = [
            "worker", "worked_on", "hours", "hourly_rate", "is_chargeable", "description",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "worker": "Who",
            "worked_on": "Date",
            "hourly_rate": "Rate per hour, before tax",
            "is_chargeable": "Chargeable",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "worker": forms.TextInput(attrs={"list": "workers", "autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_worked_on(self) -> date:
        """A day that can be meant."""
        return sensible_day(self.organization, self.cleaned_data["worked_on"])

    def clean_hours(self) -> Decimal:
        """More than nothing."""
        return more_than_nothing(self.cleaned_data["hours"], "Hours")

    def clean_hourly_rate(self) -> Decimal:
        """Not negative."""
        return not_negative(self.cleaned_data["hourly_rate"])


class SupplyUseForm(OwnedModelForm[JobSupply]):
    """A supply used on a job; an empty price or description is the supply's own."""

    supply = FoundByTypingField(
        model=Supply,
        missing="Choose the supply.",
        **{
            "hx-get": reverse_lazy("jobs:supply_terms"),
            "hx-trigger": "change",
            "hx-target": "#supply-terms",
            "hx-swap": "innerHTML",
        },
    )
    description = forms.CharField(max_length=500, required=False)
    unit_price = forms.DecimalField(
        max_digits=14, decimal_places=4, required=False, label="Price each, before tax"
    )

    class Meta:
        model = JobSupply
        fields: ClassVar[list[str]] = [
            "supply", "used_on", "quantity", "unit_price", "description", "is_taxed",
            "is_chargeable",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "used_on": "Date",
            "is_taxed": "Tax applies",
            "is_chargeable": "Chargeable",
        }

    def narrow(self, organization: Organization) -> None:
        """Current supplies, and the chosen one whatever became of it."""
        if self.instance.supply_id:
            self.initial["supply"] = self.instance.supply.public_id
        supplies = current_or(supplies_for(organization), self.instance.supply_id)
        self.offer("supply", supplies)
        self.show_likeliest("supply", supplies)

    def clean_used_on(self) -> date:
        """A day that can be meant."""
        return sensible_day(self.organization, self.cleaned_data["used_on"])

    def clean_quantity(self) -> Decimal:
        """More than nothing."""
        return more_than_nothing(self.cleaned_data["quantity"], "The quantity")

    def clean(self) -> dict[str, Any]:
        """Fill what was left empty from the supply."""
        cleaned = super().clean() or self.cleaned_data
        supply = cleaned.get("supply")
        if supply is None or "unit_price" not in cleaned or "used_on" not in cleaned:
            return cleaned
        cleaned["description"] = cleaned.get("description") or supply.description
        if cleaned["unit_price"] is None:
            cleaned["unit_price"] = net_price_for(supply, cleaned["used_on"])
        elif cleaned["unit_price"] < 0:
            self.add_error("unit_price", "A price is zero or more.")
        return cleaned
