"""Entering a supplier invoice: its terms and its lines, kept together so that what was typed is
kept.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory

from ascora.attachments.forms import AttachmentField
from ascora.chart.models import LedgerAccount
from ascora.chart.selectors import accounts_for
from ascora.common.forms import AmountInput
from ascora.common.money import line_amount, to_places
from ascora.common.totals import PricedLine, Totals, invoice_totals
from ascora.tenancy.days import sensible_day
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm, current_or
from inventory.forms.suppliers import COST_KINDS
from inventory.models import (
    CostMode,
    SupplierInvoice,
    SupplierInvoiceLine,
    Supply,
)
from inventory.selectors import (
    lines_of_supplier_invoice,
    suppliers_for,
    supplies_for,
    tax_percent_for,
)
from inventory.services import NewCost

MOST_LINES = 300
_HUNDRED = Decimal(100)
_PRICE_PLACES = 4


class TermsForm(OwnedModelForm[SupplierInvoice]):
    """What both forms ask for. A number that the supplier used before is asked about once more."""

    allows_same_number = forms.BooleanField(
        label="It is another one with the same number", required=False
    )

    class Meta:
        model = SupplierInvoice
        fields: ClassVar[list[str]] = []

    @property
    def asks_about_number(self) -> bool:
        """The number is there already, so the box to tick is shown."""
        return self.has_error("number", "same_number") or bool(self.data.get("allows_same_number"))

    def clean_dated_on(self) -> date:
        """A day that can be meant."""
        return sensible_day(self.organization, self.cleaned_data["dated_on"])

    def clean_due_on(self) -> date | None:
        """A day that can be meant, if any."""
        day: date | None = self.cleaned_data["due_on"]
        return day and sensible_day(self.organization, day)


class StartForm(TermsForm):
    """Whose it is, and what stands at its top."""

    class Meta:
        model = SupplierInvoice
        fields: ClassVar[list[str]] = ["supplier", "type", "number", "dated_on", "tax_mode"]
        labels: ClassVar[dict[str, str]] = {
            "type": "What it is", "number": "Supplier's number", "tax_mode": "Costs",
        }  # fmt: skip

    def narrow(self, organization: Organization) -> None:
        """Current suppliers."""
        self.offer("supplier", current_or(suppliers_for(organization), None))
        self.say_when_empty("supplier", "Choose the supplier")


class SupplierInvoiceForm(TermsForm):
    """Its terms."""

    class Meta:
        model = SupplierInvoice
        fields: ClassVar[list[str]] = ["number", "dated_on", "due_on", "tax_mode", "notes"]
        labels: ClassVar[dict[str, str]] = {"number": "Supplier's number", "tax_mode": "Costs"}

    def narrow(self, _organization: Organization) -> None:
        """A credit is not paid, so it is not due."""
        if self.instance.is_credit:
            del self.fields["due_on"]

    def shown_beside(self) -> dict[str, str]:
        """Its lines."""
        if self.instance.pk is None:
            return {}
        lines = lines_of_supplier_invoice(self.instance)
        said = [f"{line.description} ${line.amount:,.2f}" for line in lines]
        return {"Lines": ", ".join(said)}


class CostLineForm(forms.Form):
    """A line as typed."""

    existing = forms.UUIDField(required=False, widget=forms.HiddenInput)
    supply = forms.UUIDField(required=False, widget=forms.HiddenInput)
    description = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 1}))
    quantity = forms.DecimalField(
        max_digits=14, decimal_places=4, initial=Decimal(1), widget=AmountInput()
    )
    unit_cost = forms.DecimalField(
        label="Cost each", max_digits=14, decimal_places=4, widget=AmountInput(places=2)
    )
    account = forms.ChoiceField(label="Account Code", required=False)
    is_taxed = forms.BooleanField(label="Tax", required=False, initial=True)
    remove = forms.BooleanField(label="Remove", required=False)

    def __init__(self, *args: Any, accounts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["account"]).choices = accounts

    def clean_quantity(self) -> Decimal:
        """More than nothing."""
        quantity: Decimal = self.cleaned_data["quantity"]
        if quantity <= 0:
            raise ValidationError("More than zero; a discount has a negative cost.")
        return quantity

    @property
    def is_wanted(self) -> bool:
        """Filled in, in order, and not removed."""
        cleaned = getattr(self, "cleaned_data", {})
        return bool(cleaned.get("description")) and not cleaned.get("remove") and not self.errors

    @property
    def amount(self) -> Decimal | None:
        """Quantity times cost, once both are numbers."""
        cleaned = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        if cleaned.get("remove") or None in {cleaned.get("quantity"), cleaned.get("unit_cost")}:
            return None
        return line_amount(cleaned["quantity"], cleaned["unit_cost"])

    @property
    def has_tax(self) -> bool:
        """Ticked."""
        return bool((self.cleaned_data if self.is_bound else self.initial).get("is_taxed"))


class CostLines(BaseFormSet[CostLineForm]):
    """The lines as typed; a removed line need not be in order."""

    def is_valid(self) -> bool:
        """Removed lines do not count."""
        self.full_clean()
        return all(not form.errors or form.cleaned_data.get("remove") for form in self.forms)


class CostEditor:
    """The form of the terms and the lines of one supplier invoice."""

    def __init__(self, data: Mapping[str, Any] | None, *, invoice: SupplierInvoice) -> None:
        self.invoice = invoice
        self.present = {line.public_id: line for line in lines_of_supplier_invoice(invoice)}
        self.adds_line = bool(data) and bool({"add_line", "add_supply"} & set(data or {}))
        organization = invoice.organization
        self.accounts = self._accounts(organization)
        self.form = SupplierInvoiceForm(data, instance=invoice, organization=organization)
        self.lines = self._formset(self._with_added_line(data) if self.adds_line else data)

    def _accounts(self, organization: Organization) -> dict[str, LedgerAccount]:
        chosen = [line.account for line in self.present.values() if line.account]
        offered = [*accounts_for(organization, *COST_KINDS), *chosen]
        return {str(account.public_id): account for account in offered}

    def _formset(self, data: Mapping[str, Any] | None) -> CostLines:
        blank = 0 if self.present else 1
        factory = formset_factory(
            CostLineForm,
            formset=CostLines,
            extra=blank,
            max_num=MOST_LINES,
            absolute_max=MOST_LINES,
        )
        choices = [("", "The default")]
        choices += [(key, str(account)) for key, account in self.accounts.items()]
        formset = factory(
            data,
            initial=[_typed(line) for line in self.present.values()],
            prefix="lines",
            form_kwargs={"accounts": choices},
        )
        return cast("CostLines", formset)

    def _with_added_line(self, data: Mapping[str, Any] | None) -> dict[str, Any]:
        """One more line: empty, or with what is known of the chosen supply."""
        given = dict((data or {}).items())
        count = int(given.get("lines-TOTAL_FORMS") or 0)
        supply = self._supply(given.get("new_supply")) if "add_supply" in given else None
        line = _line_of(supply, self._percent_inside(given)) if supply else {"is_taxed": "on"}
        free = [number for number in range(count) if _is_blank(given, number)]
        place = free[0] if free and supply else count
        given["lines-TOTAL_FORMS"] = str(max(count, place + 1))
        given |= {f"lines-{place}-{name}": value for name, value in line.items()}
        given.setdefault(f"lines-{place}-quantity", "1")
        return given

    def _percent_inside(self, given: Mapping[str, Any]) -> Decimal:
        """What is added to a cost before tax so that it stands in this document's mode."""
        is_inclusive = given.get("tax_mode") == CostMode.INCLUSIVE
        return self.invoice.tax_percent if is_inclusive else Decimal(0)

    def _supply(self, typed: object) -> Supply | None:
        try:
            public_id = UUID(str(typed))
        except ValueError:
            return None
        return supplies_for(self.invoice.organization).filter(public_id=public_id).first()

    def carry_out(
        self, service: Callable[..., SupplierInvoice], **more: object
    ) -> SupplierInvoice | None:
        """Call the service with terms and lines; what it refuses is said in the form (None)."""
        if self.adds_line or not (self.form.is_bound and self.lines.is_valid()):
            return None
        try:
            lines = [self._new_line(form) for form in self.lines.forms if form.is_wanted]
        except ValidationError as refused:
            self.form.add_error(None, refused)
            return None
        return self.form.carry_out(service, invoice=self.invoice, lines=lines, **more)

    @property
    def is_refused(self) -> bool:
        """Something was sent and is not in order."""
        return self.form.is_bound and not self.adds_line

    def _new_line(self, form: CostLineForm) -> NewCost:
        cleaned = form.cleaned_data
        existing: SupplierInvoiceLine | None = None
        if cleaned["existing"]:
            existing = self.present.get(cleaned["existing"])
            if existing is None:
                raise ValidationError("A line was taken away meanwhile. Load the page again.")
        return NewCost(
            existing=existing,
            supply=self._supply(cleaned["supply"]) if cleaned["supply"] else None,
            description=cleaned["description"],
            quantity=cleaned["quantity"],
            unit_cost=cleaned["unit_cost"],
            is_taxed=cleaned["is_taxed"],
            account=self.accounts.get(cleaned["account"]),
        )

    def totals(self) -> Totals:
        """What the lines come to as far as they are typed."""
        self.form.is_valid()
        self.lines.is_valid()
        cleaned = getattr(self.form, "cleaned_data", {})
        percent = self.invoice.tax_percent
        if cleaned.get("dated_on"):
            percent = tax_percent_for(self.invoice.organization, cleaned["dated_on"])
        priced = [
            PricedLine(form.amount, form.has_tax)
            for form in self.lines.forms
            if form.amount is not None
        ]
        mode = cleaned.get("tax_mode") or self.invoice.tax_mode
        return invoice_totals(priced, percent=percent, mode=mode)


def _is_blank(given: Mapping[str, Any], number: int) -> bool:
    """Nothing was typed in this line yet."""
    typed = ("existing", "description", "unit_cost")
    return not any(given.get(f"lines-{number}-{name}") for name in typed)


def _typed(line: SupplierInvoiceLine) -> dict[str, Any]:
    return {
        "existing": line.public_id,
        "supply": line.supply.public_id if line.supply else None,
        "description": line.description,
        "quantity": line.quantity,
        "unit_cost": line.unit_cost,
        "is_taxed": line.is_taxed,
        "account": str(line.account.public_id) if line.account else "",
    }


def _line_of(supply: Supply, percent: Decimal) -> dict[str, str]:
    """As it would be typed."""
    cost = supply.cost_price
    if supply.is_taxed:
        cost = to_places(cost * (_HUNDRED + percent) / _HUNDRED, _PRICE_PLACES)
    line = {
        "supply": str(supply.public_id),
        "description": supply.choice,
        "unit_cost": AmountInput(places=2).format_value(cost) or "",
    }
    return line | ({"is_taxed": "on"} if supply.is_taxed else {})


class PaperForm(forms.Form):
    """The paper, or its photo."""

    upload = AttachmentField(label="The supplier's paper", accept="image/*,application/pdf")
