"""The Edit Supply pop-up."""

from typing import Any, ClassVar

from django import forms

from ascora.chart.forms import AccountCodeField, offer_income_accounts
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm, current_or
from inventory.models import Supply
from inventory.selectors import suppliers_for


class SupplyForm(OwnedModelForm[Supply]):
    """A supply. Without an income account code its income goes where the job type says."""

    income_account = AccountCodeField(
        label="Income Account Code",
        empty_label="The job type's, or the default Materials code",
    )
    description = forms.CharField(max_length=500)

    class Meta:
        model = Supply
        fields: ClassVar[list[str]] = [
            "part_number", "description", "unit", "cost_price", "sell_price",
            "sell_price_includes_tax", "is_taxed", "income_account", "supplier",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "part_number": "Part number",
            "cost_price": "Cost, before tax",
            "sell_price": "Sell price",
            "sell_price_includes_tax": "The sell price includes tax",
            "is_taxed": "Tax applies",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "unit": "What one of it is: each, m, box, hour.",
        }

    def narrow(self, organization: Organization) -> None:
        """Income accounts of the organization; prices may not be negative."""
        suppliers = current_or(suppliers_for(organization), self.instance.supplier_id)
        self.say_when_empty("supplier", "No one in particular")
        self.offer("supplier", suppliers)
        chosen = self.instance.income_account
        offer_income_accounts(self.fields["income_account"], organization, chosen=chosen)

    def clean_part_number(self) -> str:
        """No two supplies share a part number."""
        return self.refuse_if_taken(
            "part_number",
            self.cleaned_data["part_number"],
            "Another supply has this part number.",
        )

    def clean(self) -> dict[str, Any]:
        """Prices may be nothing, never less."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("cost_price", "sell_price"):
            if (cleaned.get(name) or 0) < 0:
                self.add_error(name, "A price is zero or more.")
        return cleaned
