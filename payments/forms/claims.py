"""Invoicing jobs: a claim on a fixed price, and many finished jobs at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from ascora.common.forms import AmountInput
from ascora.tenancy.models import User
from jobs.models import Job
from payments.models import Invoice
from payments.selectors import FixedPrice
from payments.services import OverPrice, Refused, Share, Wish, claim_fixed_price

PERCENT, AMOUNT, REST = "percent", "amount", "rest"


class ClaimForm(forms.Form):
    """A deposit or a progress claim: its name, and how much of the price."""

    name = forms.CharField(
        max_length=100, help_text="Stands on the invoice behind the job number, as in “Deposit”."
    )
    basis = forms.ChoiceField(
        label="How much",
        choices=[
            (PERCENT, "A percentage of the price"),
            (AMOUNT, "An amount before tax"),
            (REST, "All that is left"),
        ],
        widget=forms.RadioSelect,
    )
    percent = forms.DecimalField(
        label="Percentage",
        required=False,
        min_value=Decimal("0.0001"),
        max_value=Decimal(1000),
        decimal_places=4,
        widget=AmountInput(),
    )
    amount = forms.DecimalField(
        label="Amount before tax",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        widget=AmountInput(places=2),
    )
    allows_more = forms.BooleanField(label="Yes, claim more than the fixed price", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, job: Job, price: FixedPrice
    ) -> None:
        self.job = job
        number = len(price.claims) + 1
        name = f"Progress claim {number}" if price.claims else "Deposit"
        basis = PERCENT if price.left == price.price else REST
        super().__init__(data, initial={"name": name, "basis": basis})
        self.asks_about_price = bool(data) and "allows_more" in (data or {})

    def clean(self) -> dict[str, Any]:
        """The number that the chosen way needs."""
        cleaned = super().clean() or self.cleaned_data
        basis = cleaned.get("basis")
        for name in (PERCENT, AMOUNT):
            if basis != name:
                self.errors.pop(name, None)
                cleaned[name] = None
            elif name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, "Say how much.")
        return cleaned

    def carry_out(self, *, by: User) -> Invoice | None:
        """The draft; what is refused is said in the form (None)."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        share = Share(percent=typed[PERCENT], amount=typed[AMOUNT])
        try:
            return claim_fixed_price(
                job=self.job,
                name=typed["name"],
                share=share,
                by=by,
                allows_more=typed["allows_more"],
            )
        except Refused as refused:
            self.asks_about_price = isinstance(refused, OverPrice)
            self.add_error(None, refused)
        return None


class BulkForm(forms.Form):
    """How many jobs are invoiced at once."""

    together = forms.ChoiceField(
        label="Invoices",
        choices=[
            ("", "One invoice for each job"),
            ("yes", "One invoice for each customer, with a section for each job"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    issued_on = forms.DateField(label="Invoice date", widget=forms.DateInput)
    issues = forms.BooleanField(
        label="Issue them now",
        required=False,
        initial=True,
        help_text="They get their numbers and go to your books. Otherwise they stay drafts.",
    )
    closes_jobs = forms.BooleanField(label="Close jobs", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """At least one job is ticked beside this form."""
        if not self.data.getlist("job"):  # type: ignore[attr-defined]
            raise forms.ValidationError("Tick at least one job.")
        return super().clean() or self.cleaned_data

    def wish(self) -> Wish:
        """As the service takes it."""
        return Wish(**(self.cleaned_data | {"together": bool(self.cleaned_data["together"])}))
