"""How customers pay, what it costs them, and the tax rates."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, PercentField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from jobs.models import PaymentTerm


class TaxRate(OwnedModel):
    """The tax on taxed lines, in per cent, from a date on. Exactly one is in force on a day: the
    latest begun.
    """

    name = models.CharField(max_length=40, default="GST")
    percent = PercentField(default=Decimal(10))
    begins_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-begins_on"]
        constraints = [
            *owned_constraints("tax_rate"),
            models.UniqueConstraint(
                fields=["organization", "begins_on"], name="tax_rate_unique_day_in_organization"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lt=100), name="tax_rate_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.percent.normalize():f} %"


class CardScheme(models.TextChoices):
    """Whose card."""

    NONE = "", "Not a card"
    VISA = "visa", "Visa"
    MASTERCARD = "mastercard", "Mastercard"
    AMEX = "amex", "American Express"
    EFTPOS = "eftpos", "eftpos"
    OTHER = "other", "Another card"


class PaymentMethod(OwnedModel):
    """A way of paying. One with a card scheme is a card method: offered only while card payments
    are accepted.
    """

    name = models.CharField(max_length=31)
    card_scheme = models.CharField(
        max_length=12, choices=CardScheme.choices, blank=True, default=CardScheme.NONE
    )
    surcharge_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_cash = models.BooleanField("paid in cash", default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("payment_method", "surcharge_account"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="payment_method_unique_name_in_organization",
                violation_error_message="There is a payment method of this name already.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_cash=False) | models.Q(card_scheme=""),
                name="payment_method_is_cash_or_card",
                violation_error_message="A card is not cash.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_card(self) -> bool:
        """Paid by card."""
        return self.card_scheme != CardScheme.NONE


class SurchargeRule(OwnedModel):
    """A surcharge of a payment method between two days (both included): percentage of the amount
    plus a fixed sum.

    Tax included. A changed rule is a new row; the old one ends the day before and stays readable.
    It holds for the cards of `card_scheme` only, the method's when the rule was made.
    """

    method = models.ForeignKey(
        PaymentMethod, on_delete=models.CASCADE, related_name="surcharge_rules"
    )
    card_scheme = models.CharField(
        max_length=12, choices=CardScheme.choices, blank=True, default=CardScheme.NONE
    )
    percentage = PercentField("Surcharge Percentage (%)", default=Decimal(0))
    fixed = MoneyField("Surcharge Amount ($)", default=Decimal(0))
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-begins_on", "-pk"]
        constraints = [
            *owned_constraints("surcharge_rule", "method"),
            models.CheckConstraint(
                condition=models.Q(percentage__gte=0, percentage__lt=100, fixed__gte=0),
                name="surcharge_rule_adds_something_sane",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("begins_on")),
                name="surcharge_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percentage.normalize():f} % + {self.fixed}"


class PaymentSettings(OwnedModel):
    """One row per organization: the settings that invoices and payments obey (F and H of the
    accounting settings).

    `cash_step` is what a cash payment is rounded to; nothing: not at all. `books_closed_until` is
    what the books said last: a document of that day or before cannot change there.
    """

    accepts_cards = models.BooleanField(default=True)
    default_method = models.ForeignKey(
        PaymentMethod, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    default_term = models.ForeignKey(
        PaymentTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cash_step = MoneyField("round cash payments to", default=Decimal(0))
    books_closed_until = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            *owned_constraints("payment_settings", "default_method", "default_term"),
            models.UniqueConstraint(
                fields=["organization"], name="payment_settings_one_per_organization"
            ),
            models.CheckConstraint(
                condition=models.Q(cash_step__gte=0, cash_step__lte=1),
                name="payment_settings_cash_step_is_small",
            ),
        ]

    def __str__(self) -> str:
        return "payment settings"
