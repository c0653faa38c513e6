"""Taking a payment: a table of open invoices, the surcharge worked out while typing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.boundfield import BoundField

from ascora.common.forms import AmountInput
from ascora.common.money import ZERO
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm
from ascora.tenancy.selectors import today_for
from jobs.models import Customer
from payments.models import Invoice, Payment
from payments.selectors import (
    credit_left_of,
    offered_methods_for,
    open_invoices_of,
    payment_settings_for,
)
from payments.services import PaymentQuote, Refused, quote_payment

R = TypeVar("R")
MOST_INVOICES = 200


class AllocationFields(OwnedModelForm[Payment]):
    """One amount per open invoice of the customer."""

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = []

    def __init__(
        self, *args: Any, customer: Customer, paying: UUID | None = None, **kwargs: Any
    ) -> None:
        self.customer = customer
        self.paying = paying
        self.open_invoices = list(open_invoices_of(customer)[:MOST_INVOICES])
        super().__init__(*args, organization=customer.organization, **kwargs)

    def narrow(self, _organization: Organization) -> None:
        """A field per invoice; the one that is being paid begins with its balance."""
        for invoice in self.open_invoices:
            self.fields[_name(invoice)] = forms.DecimalField(
                label=f"Amount for {invoice}",
                required=False,
                max_digits=14,
                decimal_places=2,
                initial=invoice.balance if invoice.public_id == self.paying else None,
                widget=AmountInput(places=2),
            )

    def take(self, service: Callable[..., R], **more: object) -> R | None:
        """Call the service with what was typed; what it refuses is said in the form (None)."""
        if not self.is_valid():
            return None
        try:
            return service(**more, **self.values())
        except ValidationError as refused:
            self.add_error(None, refused)
            return None

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        return {"allocations": self.allocations()}

    def rows(self) -> list[tuple[Invoice, BoundField]]:
        """Each open invoice with its field."""
        return [(invoice, self[_name(invoice)]) for invoice in self.open_invoices]

    def allocations(self) -> dict[Invoice, Decimal]:
        """What was typed for each invoice."""
        return {
            invoice: amount
            for invoice in self.open_invoices
            if (amount := self.cleaned_data.get(_name(invoice)))
        }


class PaymentForm(AllocationFields):
    """A new payment. What it charges has been shown before it is taken."""

    credit = forms.DecimalField(
        label="More than the invoices, kept as credit",
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=AmountInput(places=2),
    )
    is_surcharged = forms.BooleanField(label="Add the surcharge", required=False, initial=True)
    shown = forms.DecimalField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["received_on", "method", "reference", "note"]
        labels: ClassVar[dict[str, str]] = {
            "received_on": "Payment date",
            "method": "Payment method",
            "reference": "Receipt number",
        }

    def narrow(self, organization: Organization) -> None:
        """Methods on offer, the default one chosen."""
        super().narrow(organization)
        self.offer("method", offered_methods_for(organization))
        self.fields["method"].required = True
        default = payment_settings_for(organization).default_method
        self.initial.setdefault("method", default.pk if default else None)
        self.initial.setdefault("received_on", today_for(organization))

    def quote(self) -> PaymentQuote:
        """What it would charge. Raises Refused."""
        return quote_payment(customer=self.customer, **self.values())

    def quote_so_far(self) -> PaymentQuote:
        """The same for what is typed, or preset. Raises Refused."""
        if not self.is_bound:
            names = [name for name in self.fields if name.startswith("pay_")]
            amounts = {name: self[name].value() for name in names}
            self.cleaned_data = {**amounts, **self._presets()}
            return self.quote()
        self.full_clean()
        if set(self.errors) - {NON_FIELD_ERRORS}:
            raise Refused("Put right what is marked, then the amount is worked out.")
        return self.quote()

    def _presets(self) -> dict[str, Any]:
        method = self.fields["method"].queryset.filter(pk=self.initial["method"]).first()  # type: ignore[attr-defined]
        return {"received_on": self.initial["received_on"], "method": method}

    def values(self) -> dict[str, Any]:
        """The arguments of record_payment."""
        return {"allocations": self.allocations(), **self._terms()}

    def _terms(self) -> dict[str, Any]:
        names = ("received_on", "method", "reference", "note", "credit", "is_surcharged")
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in names if cleaned.get(name) is not None}

    def clean(self) -> dict[str, Any]:
        """Possible, and charging what the person has seen."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        quote = self.quote()
        if (quote.surcharge or quote.rounding) and cleaned.get("shown") != quote.charged:
            added = "surcharge" if quote.surcharge else "cash rounding"
            raise ValidationError(
                f"With the {added} this charges ${quote.charged:,.2f}. Press again to take it."
            )
        return cleaned


class CreditForm(AllocationFields):
    """Settling invoices from what a payment has left over."""

    def clean(self) -> dict[str, Any]:
        """Something, and no more than there is."""
        cleaned = super().clean() or self.cleaned_data
        total = sum(self.allocations().values(), ZERO)
        left = credit_left_of(self.instance)
        if not total:
            raise Refused("Enter what each invoice takes of it.")
        if total > left:
            raise Refused(f"Only ${left:,.2f} of this payment is left.")
        return cleaned


class ReverseForm(OwnedModelForm[Payment]):
    """Why a payment is taken back, and what becomes of its surcharge."""

    reason = forms.CharField(label="Why is it taken back?", max_length=200)
    keep_surcharge = forms.BooleanField(
        label="Keep the surcharge on the invoice",
        required=False,
        help_text="Otherwise its line is taken off the invoice again.",
    )

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = []

    def narrow(self, _organization: Organization) -> None:
        """Only where there is a surcharge."""
        if not self.instance.surcharge:
            del self.fields["keep_surcharge"]


class TakeOffForm(OwnedModelForm[Payment]):
    """Nothing to fill in: the press is the answer."""

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = []


def _name(invoice: Invoice) -> str:
    return f"pay_{invoice.public_id.hex}"
