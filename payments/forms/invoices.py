"""Editing an invoice: its terms and its lines, kept together so that what was typed is kept."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.formsets import BaseFormSet, formset_factory

from ascora.common.forms import AmountInput
from ascora.common.money import line_amount
from ascora.tenancy.days import note_on_first_day
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm, current_or
from jobs.models import Customer
from jobs.selectors import customers_for
from payments.models import Invoice, InvoiceLine, LineKind
from payments.selectors import editable_lines_of, surcharge_lines_of, tax_percent_for
from payments.services import NewLine
from payments.totals import PricedLine, Totals, invoice_totals

TYPED_KINDS = [
    (LineKind.LABOUR, "Labour"),
    (LineKind.SUPPLY, "Materials"),
    (LineKind.EXPENSE, "Expense"),
    (LineKind.OTHER, "Other"),
]
MOST_LINES = 500


class CustomerChoiceForm(OwnedModelForm[Invoice]):
    """Whom a new invoice is for."""

    customer = FoundByTypingField(model=Customer, missing="Choose the customer.")

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = ["customer"]

    def narrow(self, organization: Organization) -> None:
        """Current customers, the latest first."""
        customers = current_or(customers_for(organization), None)
        self.offer("customer", customers)
        self.show_likeliest("customer", customers.order_by("-updated_at", "-pk"))


class InvoiceForm(OwnedModelForm[Invoice]):
    """The terms of a draft; and, once its claims came to more than a fixed price, whether that is
    meant.
    """

    allows_more = forms.BooleanField(label="Yes, claim more than the fixed price", required=False)

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = [
            "issued_on", "due_on", "tax_mode", "purchase_order", "summary",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "tax_mode": "Prices",
            "purchase_order": "Purchase order",
            "summary": "Work done, as the customer reads it",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"summary": forms.Textarea(attrs={"rows": 3})}

    @property
    def asks_about_price(self) -> bool:
        """The question was put, and stays until it is answered."""
        asked = self.is_bound and "allows_more" in self.data
        return asked or self.has_error(NON_FIELD_ERRORS, "over_price")

    def shown_beside(self) -> dict[str, str]:
        """Its lines and what it comes to."""
        return _lines_and_total(self.instance)


class AmendForm(InvoiceForm):
    """The terms of an issued invoice, with the reason; prices stay as they were, before or with
    tax.
    """

    reason = forms.CharField(
        label="Why is it amended?", max_length=200, help_text="Shown in the invoice's history."
    )
    field_order = ["reason"]

    class Meta(InvoiceForm.Meta):
        exclude: ClassVar[list[str]] = ["tax_mode"]
        fields: ClassVar[list[str]] = ["issued_on", "due_on", "purchase_order", "summary"]


class LineForm(forms.Form):
    """A line as typed."""

    existing = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=TYPED_KINDS, initial=LineKind.LABOUR)
    description = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 1}))
    quantity = forms.DecimalField(
        max_digits=14, decimal_places=4, initial=Decimal(1), widget=AmountInput()
    )
    unit_price = forms.DecimalField(
        label="Price", max_digits=14, decimal_places=4, widget=AmountInput(places=2)
    )
    is_taxed = forms.BooleanField(label="Tax", required=False, initial=True)
    remove = forms.BooleanField(label="Remove", required=False)

    @property
    def is_wanted(self) -> bool:
        """Filled in, in order, and not removed."""
        cleaned = getattr(self, "cleaned_data", {})
        return bool(cleaned.get("description")) and not cleaned.get("remove") and not self.errors

    @property
    def amount(self) -> Decimal | None:
        """Quantity times price, once both are numbers."""
        cleaned = getattr(self, "cleaned_data", {}) if self.is_bound else self.initial
        if cleaned.get("remove") or None in {cleaned.get("quantity"), cleaned.get("unit_price")}:
            return None
        return line_amount(cleaned["quantity"], cleaned["unit_price"])

    @property
    def has_tax(self) -> bool:
        """Ticked."""
        return bool((self.cleaned_data if self.is_bound else self.initial).get("is_taxed"))


class LinesFormSet(BaseFormSet[LineForm]):
    """The lines as typed; a removed line need not be in order."""

    def clean(self) -> None:
        """Forget what is wrong with removed lines."""

    def is_valid(self) -> bool:
        """Removed lines do not count."""
        self.full_clean()
        return all(not form.errors or form.cleaned_data.get("remove") for form in self.forms)


class InvoiceEditor:
    """The form of the terms and the lines of one invoice."""

    form_class: type[InvoiceForm] = InvoiceForm

    def __init__(self, data: Mapping[str, Any] | None, *, invoice: Invoice) -> None:
        self.invoice = invoice
        self.present = {line.public_id: line for line in editable_lines_of(invoice)}
        self.surcharges = surcharge_lines_of(invoice)
        self.adds_line = bool(data) and "add_line" in (data or {})
        organization = invoice.organization
        self.form = self.form_class(data, instance=invoice, organization=organization)
        self.lines = self._formset(data)

    def _formset(self, data: Mapping[str, Any] | None) -> LinesFormSet:
        blank = 0 if self.present else 3
        factory = formset_factory(
            LineForm, formset=LinesFormSet, extra=blank, max_num=MOST_LINES, absolute_max=MOST_LINES
        )
        if data is not None and self.adds_line:
            data = {name: data[name] for name in data}
            data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + 1)
        initial = [_typed(line) for line in self.present.values()]
        return cast("LinesFormSet", factory(data, initial=initial, prefix="lines"))

    def carry_out(self, service: Callable[..., Invoice], **more: object) -> Invoice | None:
        """Call the service with terms and lines; what it refuses is said in the form (None)."""
        if self.adds_line or not (self.form.is_bound and self.lines.is_valid()):
            return None
        try:
            lines = self.new_lines()
        except ValidationError as refused:
            self.form.add_error(None, refused)
            return None
        return self.form.carry_out(service, invoice=self.invoice, lines=lines, **more)

    @property
    def is_refused(self) -> bool:
        """Something was sent and is not in order."""
        return self.form.is_bound and not self.adds_line

    def new_lines(self) -> list[NewLine]:
        """The lines for a service."""
        return [self._new_line(form) for form in self.lines.forms if form.is_wanted]

    def _new_line(self, form: LineForm) -> NewLine:
        cleaned = form.cleaned_data
        existing: InvoiceLine | None = None
        if cleaned["existing"]:
            existing = self.present.get(cleaned["existing"])
            if existing is None:
                raise ValidationError("A line was taken away meanwhile. Load the page again.")
        return NewLine(
            existing=existing,
            kind=cleaned["kind"],
            description=cleaned["description"],
            quantity=cleaned["quantity"],
            unit_price=cleaned["unit_price"],
            is_taxed=cleaned["is_taxed"],
        )

    def totals(self) -> Totals:
        """What the lines come to as far as they are typed."""
        self.form.is_valid()
        self.lines.is_valid()
        cleaned = getattr(self.form, "cleaned_data", {})
        percent = self.invoice.tax_percent
        if self.invoice.is_draft and cleaned.get("issued_on"):
            percent = tax_percent_for(self.invoice.organization, cleaned["issued_on"])
        priced = [
            PricedLine(form.amount, form.has_tax)
            for form in self.lines.forms
            if form.amount is not None
        ]
        return invoice_totals(
            [*priced, *self.surcharges],
            percent=percent,
            mode=cleaned.get("tax_mode") or self.invoice.tax_mode,
        )


def _lines_and_total(invoice: Invoice) -> dict[str, str]:
    lines = [f"{line.description} ${line.amount:,.2f}" for line in editable_lines_of(invoice)]
    return {"Lines": ", ".join(lines)} if invoice.pk else {}


class AmendEditor(InvoiceEditor):
    """The same for an issued invoice."""

    form_class = AmendForm


def _typed(line: InvoiceLine) -> dict[str, Any]:
    return {
        "existing": line.public_id,
        "kind": line.kind,
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "is_taxed": line.is_taxed,
    }


class IssueForm(OwnedModelForm[Invoice]):
    """The date of issue, and whether the job is done with."""

    closes_job = forms.BooleanField(label="Close the job", required=False)

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = ["issued_on"]
        labels: ClassVar[dict[str, str]] = {"issued_on": "Invoice date"}

    def shown_beside(self) -> dict[str, str]:
        """What is about to be fixed."""
        return _lines_and_total(self.instance)

    def narrow(self, organization: Organization) -> None:
        """Only the invoice of a job closes one."""
        self.fields["issued_on"].help_text = note_on_first_day(organization)
        if self.instance.job_id is None:
            del self.fields["closes_job"]


class ReasonForm(OwnedModelForm[Invoice]):
    """Why an invoice is voided."""

    reason = forms.CharField(label="Why?", max_length=200, required=False)

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = []
