"""Writing credit notes: their terms and lines, what is credited of an invoice, use and refund."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import formset_factory

from ascora.common.forms import AmountInput
from ascora.common.money import ZERO
from ascora.tenancy.days import note_on_first_day
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm
from ascora.tenancy.selectors import today_for
from payments.forms.invoices import MOST_LINES, CustomerChoiceForm, LineForm, LinesFormSet
from payments.forms.payments import AllocationFields
from payments.models import CreditNote, CreditNoteLine, Invoice, Refund
from payments.selectors import bank_accounts_for, credit_lines_of, creditable_lines_of
from payments.selectors.credits import CreditableLine
from payments.selectors.settings import tax_percent_for
from payments.services import NewCreditLine
from payments.totals import PricedLine, Totals, invoice_totals


class CreditCustomerForm(CustomerChoiceForm):
    """Whom a new credit note is for."""

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = ["customer"]


class CreditNoteForm(OwnedModelForm[CreditNote]):
    """The terms of a draft. One that came from an invoice has the invoice's prices."""

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = ["issued_on", "tax_mode", "reason"]
        labels: ClassVar[dict[str, str]] = {
            "issued_on": "Date",
            "tax_mode": "Prices",
            "reason": "Reason, as the customer reads it",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"reason": forms.Textarea(attrs={"rows": 2})}

    def narrow(self, _organization: Organization) -> None:
        """Prices before or with tax are those of the invoice, if there is one."""
        if self.instance.invoice_id:
            del self.fields["tax_mode"]

    def shown_beside(self) -> dict[str, str]:
        """Its lines."""
        lines = credit_lines_of(self.instance)
        return {"Lines": ", ".join(f"{each.description} ${each.amount:,.2f}" for each in lines)}


class CreditLineForm(LineForm):
    """A line as typed; every line goes to the account for credit notes."""

    kind = None  # type: ignore[assignment]


class CreditNoteEditor:
    """The form of the terms and the lines of one draft."""

    def __init__(self, data: Mapping[str, Any] | None, *, credit_note: CreditNote) -> None:
        self.credit_note = credit_note
        self.present = {line.public_id: line for line in credit_lines_of(credit_note)}
        self.adds_line = bool(data) and "add_line" in (data or {})
        organization = credit_note.organization
        self.form = CreditNoteForm(data, instance=credit_note, organization=organization)
        self.lines = self._formset(data)

    def _formset(self, data: Mapping[str, Any] | None) -> LinesFormSet:
        factory = formset_factory(
            CreditLineForm,
            formset=LinesFormSet,
            extra=0 if self.present else 2,
            max_num=MOST_LINES,
            absolute_max=MOST_LINES,
        )
        if data is not None and self.adds_line:
            data = {name: data[name] for name in data}
            data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + 1)
        initial = [_typed(line) for line in self.present.values()]
        return cast("LinesFormSet", factory(data, initial=initial, prefix="lines"))

    def carry_out(self, service: Callable[..., CreditNote], **more: object) -> CreditNote | None:
        """Call the service with terms and lines; what it refuses is said in the form (None)."""
        if self.adds_line or not (self.form.is_bound and self.lines.is_valid()):
            return None
        lines = [self._new_line(form) for form in self.lines.forms if form.is_wanted]
        return self.form.carry_out(service, credit_note=self.credit_note, lines=lines, **more)

    @property
    def is_refused(self) -> bool:
        """Something was sent and is not in order."""
        return self.form.is_bound and not self.adds_line

    def _new_line(self, form: LineForm) -> NewCreditLine:
        cleaned = form.cleaned_data
        existing = self.present.get(cleaned["existing"])
        return NewCreditLine(
            description=cleaned["description"],
            quantity=cleaned["quantity"],
            unit_price=cleaned["unit_price"],
            is_taxed=cleaned["is_taxed"],
            invoice_line=existing.invoice_line if existing else None,
        )

    def totals(self) -> Totals:
        """What the lines come to as far as they are typed."""
        self.form.is_valid()
        self.lines.is_valid()
        cleaned = getattr(self.form, "cleaned_data", {})
        percent, note = self.credit_note.tax_percent, self.credit_note
        if not note.invoice_id and cleaned.get("issued_on"):
            percent = tax_percent_for(note.organization, cleaned["issued_on"])
        priced = [
            PricedLine(form.amount, form.has_tax)
            for form in self.lines.forms
            if form.amount is not None
        ]
        mode = cleaned.get("tax_mode") or note.tax_mode
        return invoice_totals(priced, percent=percent, mode=mode)


def _typed(line: CreditNoteLine) -> dict[str, Any]:
    return {
        "existing": line.public_id,
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "is_taxed": line.is_taxed,
    }


class CreditInvoiceForm(OwnedModelForm[CreditNote]):
    """What of an invoice is credited: a quantity for each of its lines."""

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = ["reason"]
        labels: ClassVar[dict[str, str]] = {"reason": "Reason, as the customer reads it"}

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        self.creditable = creditable_lines_of(invoice)
        super().__init__(*args, organization=invoice.organization, **kwargs)

    def narrow(self, _organization: Organization) -> None:
        """A field per line, beginning with all that is left of it."""
        for each in self.creditable:
            self.fields[_name(each)] = forms.DecimalField(
                label=f"Quantity of {each.line.description[:60]}",
                required=False,
                min_value=Decimal(0),
                max_value=each.quantity,
                max_digits=14,
                decimal_places=4,
                initial=each.quantity,
                widget=AmountInput(),
                error_messages={"max_value": "Only %(limit_value)s of it can still be credited."},
            )

    def rows(self) -> list[tuple[CreditableLine, BoundField]]:
        """Each line with its field."""
        return [(each, self[_name(each)]) for each in self.creditable]

    def clean(self) -> dict[str, Any]:
        """The lines for the service, instead of a quantity each."""
        cleaned = super().clean() or self.cleaned_data
        quantities = {each: cleaned.pop(_name(each), None) for each in self.creditable}
        cleaned["lines"] = [_given_back(each, q) for each, q in quantities.items() if q]
        if not cleaned["lines"] and not self.errors:
            raise ValidationError("Enter how much of at least one line is credited.")
        return cleaned


def _given_back(each: CreditableLine, quantity: Decimal) -> NewCreditLine:
    line = each.line
    return NewCreditLine(
        description=line.description,
        unit_price=line.unit_price,
        quantity=quantity,
        is_taxed=line.is_taxed,
        invoice_line=line,
    )


def _name(each: CreditableLine) -> str:
    return f"line_{each.line.public_id.hex}"


class IssueCreditForm(OwnedModelForm[CreditNote]):
    """The date of issue."""

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = ["issued_on"]
        labels: ClassVar[dict[str, str]] = {"issued_on": "Date"}

    def narrow(self, organization: Organization) -> None:
        """Say which days the books take."""
        self.fields["issued_on"].help_text = note_on_first_day(organization)


class ApplyForm(AllocationFields):
    """What open invoices take of a credit note; offered from its own invoice, then the oldest."""

    applied_on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = []

    def narrow(self, organization: Organization) -> None:
        """Begin with what can be settled."""
        super().narrow(organization)
        self.initial.setdefault("applied_on", today_for(organization))
        note = cast("CreditNote", self.instance)
        left, own = note.remaining, note.invoice_id
        for invoice in sorted(self.open_invoices, key=lambda each: each.pk != own):
            part = min(left, invoice.balance)
            self.fields[f"pay_{invoice.public_id.hex}"].initial = part or None
            left -= part

    def values(self) -> dict[str, Any]:
        """The arguments of apply_credit_note."""
        return {"allocations": self.allocations(), "applied_on": self.cleaned_data["applied_on"]}

    def clean(self) -> dict[str, Any]:
        """Something."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not sum(self.allocations().values(), ZERO):
            raise ValidationError("Enter what each invoice takes of it.")
        return cleaned


class RefundForm(OwnedModelForm[Refund]):
    """What is paid out, from which bank account."""

    class Meta:
        model = Refund
        fields: ClassVar[list[str]] = ["amount", "paid_on", "paid_from", "reference"]
        labels: ClassVar[dict[str, str]] = {
            "amount": "Amount",
            "paid_on": "Paid on",
            "paid_from": "Paid from",
            "reference": "Reference",
        }

    def __init__(self, *args: Any, left: Decimal, **kwargs: Any) -> None:
        self.left = left
        super().__init__(*args, **kwargs)

    def narrow(self, organization: Organization) -> None:
        """Bank accounts; the only one is chosen."""
        accounts = bank_accounts_for(organization)
        self.offer("paid_from", accounts)
        only = list(accounts[:2])
        self.initial.setdefault("paid_from", only[0].pk if len(only) == 1 else None)
        self.initial.setdefault("paid_on", today_for(organization))
        self.initial.setdefault("amount", self.left)

    def clean_amount(self) -> Decimal:
        """Something, and no more than is left."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError("Enter what is paid out.")
        if amount > self.left:
            raise ValidationError(f"Only ${self.left:,.2f} is left.")
        return amount


class CreditReasonForm(OwnedModelForm[CreditNote]):
    """Why it is taken back or voided."""

    reason = forms.CharField(label="Why?", max_length=200)

    class Meta:
        model = CreditNote
        fields: ClassVar[list[str]] = []
