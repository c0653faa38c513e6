"""Administration > Payments & Tax: methods with their surcharges, the tax rate, the settings."""

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms

from ascora.chart.forms import AccountCodeField, offer_income_accounts
from ascora.common.forms import AmountInput
from ascora.common.money import ZERO
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm, current_or
from ascora.tenancy.selectors import today_for
from jobs.models import LONGEST_TERM, PaymentTerm
from jobs.selectors import payment_terms_for
from payments.models import PaymentMethod, PaymentSettings, TaxRate
from payments.selectors import latest_rule_of, payment_methods_for
from payments.services import RuleValues

CASH_STEPS = [
    ("0.00", "No rounding"),
    ("0.05", "To $0.05"),
    ("0.10", "To $0.10"),
    ("0.50", "To $0.50"),
    ("1.00", "To $1.00"),
]


class MethodForm(OwnedModelForm[PaymentMethod]):
    """The pop-up of a payment method."""

    fixed = forms.DecimalField(
        label="Surcharge Amount ($)", required=False, max_digits=8, decimal_places=2, min_value=ZERO
    )
    percentage = forms.DecimalField(
        label="Surcharge Percentage (%)",
        required=False,
        max_digits=8,
        decimal_places=4,
        min_value=ZERO,
        max_value=Decimal("99.9999"),
    )
    surcharge_account = AccountCodeField(
        label="Surcharge Income Account Code", empty_label="The default Materials code"
    )
    begins_on = forms.DateField(
        label="Surcharge from", required=False, widget=forms.DateInput, help_text="Empty: today."
    )
    ends_on = forms.DateField(
        label="to",
        required=False,
        widget=forms.DateInput,
        help_text="Last day; empty: until further notice.",
    )

    class Meta:
        model = PaymentMethod
        fields: ClassVar[list[str]] = ["name", "card_scheme", "is_cash", "surcharge_account"]

    def narrow(self, organization: Organization) -> None:
        """Income accounts, and the surcharge as it stands."""
        method = self.instance
        chosen = method.surcharge_account
        offer_income_accounts(self.fields["surcharge_account"], organization, chosen=chosen)
        self.fields["fixed"].widget = AmountInput(places=2)
        rule = latest_rule_of(method) if method.pk else None
        if rule is not None:
            for name in ("fixed", "percentage", "begins_on", "ends_on"):
                self.initial.setdefault(name, getattr(rule, name))

    def clean_is_cash(self) -> bool:
        """Coins and cards are two things."""
        is_cash: bool = self.cleaned_data["is_cash"]
        if is_cash and self.cleaned_data.get("card_scheme"):
            raise forms.ValidationError("A card is not cash: untick this, or choose no card.")
        return is_cash

    def clean_name(self) -> str:
        """No two of one name."""
        return self.refuse_if_taken(
            "name", self.cleaned_data["name"], "There is a payment method of this name already."
        )

    def clean(self) -> dict[str, Any]:
        """The surcharge as a rule of its own; another surcharge begins today unless a day is
        given.
        """
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        rule = RuleValues(
            percentage=cleaned.pop("percentage") or ZERO,
            fixed=cleaned.pop("fixed") or ZERO,
            begins_on=cleaned.pop("begins_on"),
            ends_on=cleaned.pop("ends_on"),
        )
        has_changed = {"percentage", "fixed", "card_scheme"} & set(self.changed_data)
        if has_changed and "begins_on" not in self.changed_data:
            rule["begins_on"] = today_for(self.organization)
        cleaned["rule"] = _rule_or_none(rule, had_rule="fixed" in self.initial)
        if cleaned["rule"] is None and (rule["begins_on"] or rule["ends_on"]):
            self.add_error("fixed", "Give the surcharge that these days are for, or no days.")
        return cleaned


def _rule_or_none(rule: RuleValues, *, had_rule: bool) -> RuleValues | None:
    has_surcharge = bool(rule["percentage"] or rule["fixed"])
    return rule if has_surcharge or had_rule else None


class TaxRateForm(OwnedModelForm[TaxRate]):
    """The tax on taxed lines from a day on."""

    class Meta:
        model = TaxRate
        fields: ClassVar[list[str]] = ["name", "percent", "begins_on"]
        labels: ClassVar[dict[str, str]] = {"percent": "Rate", "begins_on": "From"}


def _step(value: str) -> Decimal:
    """One of the steps; whatever else was sent is no choice."""
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError from error


class PaymentSettingsForm(OwnedModelForm[PaymentSettings]):
    """The default method, the default term and the cash rounding."""

    cash_step = forms.TypedChoiceField(
        label="Cash Rounding",
        choices=CASH_STEPS,
        coerce=_step,
        required=False,
        empty_value=Decimal(0),  # type: ignore[arg-type]
        help_text="For methods marked as cash. The difference is a line of its own on the invoice.",
    )

    class Meta:
        model = PaymentSettings
        fields: ClassVar[list[str]] = ["default_method", "default_term", "cash_step"]
        labels: ClassVar[dict[str, str]] = {
            "default_method": "Default Payment Method",
            "default_term": "Default Payment Term",
        }

    def narrow(self, organization: Organization) -> None:
        """Methods and terms that are not archived."""
        self.offer("default_method", payment_methods_for(organization).filter(archived_at=None))
        terms = payment_terms_for(organization)
        self.offer("default_term", current_or(terms, self.instance.default_term_id))
        self.fields["default_term"].required = True


class TermForm(OwnedModelForm[PaymentTerm]):
    """The pop-up of a payment term."""

    days = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_TERM,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = PaymentTerm
        fields: ClassVar[list[str]] = ["name", "days", "is_from_end_of_month"]
        labels: ClassVar[dict[str, str]] = {
            "is_from_end_of_month": "Counted from the end of the invoice's month",
        }
        help_texts: ClassVar[dict[str, str]] = {"name": "As the customer reads it."}

    def clean_name(self) -> str:
        """No two of one name."""
        return self.refuse_if_taken(
            "name", self.cleaned_data["name"], "There is a payment term of this name already."
        )
