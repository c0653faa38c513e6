"""The accounting settings A to M as a form; a drop-down offers what the books accept there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from ascora.chart.models import CustomField, LedgerAccount, TaxCode
from ascora.chart.selectors import accounts_for
from ascora.common.meanwhile import Remembering
from ascora.tenancy.models import Organization
from integrations.accounting import NAMES, USES
from integrations.models import AccountingSettings, InvoiceReference
from payments.models import PaymentMethod, PaymentSettings

TAX_SIDES = {
    "sales_tax_code": "sales_percent",
    "sales_free_code": "sales_percent",
    "purchase_tax_code": "purchase_percent",
    "purchase_free_code": "purchase_percent",
    "rounding_tax_code": "sales_percent",
}
TAX_WORDS = {
    "sales_tax_code": "Lines that you sell with tax: invoices, credit notes, surcharges.",
    "sales_free_code": "The same without tax. It must charge none.",
    "purchase_tax_code": "Supplier invoices and expenses with tax.",
    "purchase_free_code": "The same where no tax was charged.",
    "rounding_tax_code": "Out of the scope of tax, and not B: rounding is no sale.",
}
WORKED_OUT_THERE = (
    "QuickBooks works out the sales tax itself, by where you deliver. Ascora sends which lines are"
    " taxable; where QuickBooks charges another tax than your invoice says, that invoice waits for"
    " you and shows both."
)
# Needed only where cash is rounded.
OPTIONAL_CODES = {"rounding_tax_code"}


class SettingsForm(Remembering, forms.Form):
    """Plain values only; nothing is written here. `shows_all` widens the account drop-downs."""

    accepts_cards = forms.BooleanField(
        label="F - Accept credit card payments and push them",
        required=False,
        help_text="Ticked: card methods are offered when a payment is taken. Otherwise they are"
        " not, and nothing of theirs is sent.",
    )
    pushes_lines = forms.BooleanField(
        label=NAMES["pushes_lines"],
        required=False,
        help_text="Ticked: every line. Otherwise one line per account, with the same total.",
    )
    attaches_files = forms.BooleanField(
        label=NAMES["attaches_files"],
        required=False,
        help_text="The PDF of each invoice, and receipts of expenses and supplier invoices.",
    )
    invoice_reference = forms.ChoiceField(
        label=NAMES["invoice_reference"],
        choices=InvoiceReference.choices,
        required=False,
        help_text="What your customer reads on the invoice in QuickBooks.",
    )
    cut_off_on = forms.DateField(
        label=NAMES["cut_off_on"],
        widget=forms.DateInput({"type": "date"}),
        help_text="Older documents stay out of your books, unless you press Send it on them.",
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        settings: AccountingSettings,
        payment_settings: PaymentSettings,
        shows_all: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(settings, payment_settings)
        super().__init__(*args, **kwargs)
        self.organization, self.settings, self.shows_all = organization, settings, shows_all
        self.rounds_cash = payment_settings.cash_step > 0
        self._offer_tax_codes()
        self._offer_accounts()
        self.fields["lead_source_field"] = _choice(
            NAMES["lead_source_field"],
            CustomField.objects.owned_by(organization).filter(
                Q(is_active=True) | Q(pk=settings.lead_source_field_id)
            ),
            help_text="The custom field of QuickBooks that keeps the customer's lead source.",
            empty_label="None",
        )
        self.fields["default_method"] = _choice(
            "H - Default Payment Method",
            PaymentMethod.objects.owned_by(organization).filter(archived_at=None),
            help_text="Preset on a new payment; taken for one from QuickBooks that names none.",
        )
        self.order_fields(ORDER)

    def _offer_tax_codes(self) -> None:
        for name, side in TAX_SIDES.items():
            offered = Q(**{"is_active": True, f"{side}__isnull": False})
            chosen = Q(pk=getattr(self.settings, f"{name}_id"))
            self.fields[name] = _choice(
                NAMES[name],
                TaxCode.objects.owned_by(self.organization).filter(offered | chosen),
                help_text=self._words_on(name),
                is_required=name not in OPTIONAL_CODES,
                empty_label="None" if name in OPTIONAL_CODES else "Choose",
            )

    def _words_on(self, name: str) -> str:
        codes = TaxCode.objects.owned_by(self.organization).filter(is_active=True)
        if name == "sales_tax_code" and codes.filter(is_worked_out_there=True).exists():
            return WORKED_OUT_THERE
        return TAX_WORDS[name]

    def _offer_accounts(self) -> None:
        for name, use in USES.items():
            kinds = use.kinds + (use.wider if self.shows_all else ())
            chosen = getattr(self.settings, f"{name}_id")
            self.fields[name] = _choice(
                NAMES[name],
                accounts_for(self.organization, *kinds, chosen=chosen),
                help_text=use.help,
                is_required=not use.is_optional,
                empty_label=use.empty_label,
            )

    def clean(self) -> dict[str, Any]:
        """A and B must differ in what they charge, or every invoice would be wrong."""
        values = super().clean() or self.cleaned_data
        taxed, free = values.get("sales_tax_code"), values.get("sales_free_code")
        if taxed is not None and taxed == free:
            self.add_error("sales_free_code", "Choose another code than for taxed sales (A).")
        if free is not None and free.sales_percent:
            self.add_error("sales_free_code", f"{free} charges tax.")
        self._check_rounding(values)
        return values

    def _check_rounding(self, values: dict[str, Any]) -> None:
        """A code of its own that charges nothing; both are needed once cash is rounded."""
        code = values.get("rounding_tax_code")
        if code is not None and code.sales_percent:
            self.add_error("rounding_tax_code", f"{code} charges tax.")
        elif code is not None and code == values.get("sales_free_code"):
            self.add_error("rounding_tax_code", "Choose another code than for untaxed sales (B).")
        for name in ("rounding_account", "rounding_tax_code"):
            if self.rounds_cash and values.get(name) is None and name not in self.errors:
                self.add_error(name, "Cash payments are rounded: choose one.")

    def refuse(self, problems: Iterable[tuple[str, str]]) -> None:
        """What the live chart found wrong, next to its field, with what was chosen still in it."""
        for name, message in problems:
            chosen = self.cleaned_data[name]
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                rows = type(chosen).objects.owned_by(self.organization)
                offered = field.queryset.values("pk") if field.queryset is not None else []
                field.queryset = rows.filter(Q(pk__in=offered) | Q(pk=chosen.pk))
            self.add_error(name, message)

    @property
    def accounting_values(self) -> dict[str, Any]:
        """The values that the accounting settings keep."""
        ours = {"accepts_cards", "default_method"}
        return {name: value for name, value in self.cleaned_data.items() if name not in ours}


ORDER = [
    "sales_tax_code", "sales_free_code", "purchase_tax_code", "purchase_free_code",
    "lead_source_field", "accepts_cards", "payments_account", "card_account", "default_method",
    "supplier_invoice_account", "expense_account", "labour_account", "materials_account",
    "credit_note_account", "rounding_account", "rounding_tax_code", "pushes_lines",
    "attaches_files", "invoice_reference", "cut_off_on",
]  # fmt: skip


class _RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shows a code as a bookkeeper says it, and says when it is no longer active."""

    def label_from_instance(self, obj: Any) -> str:  # noqa: ANN401
        """Number and name; and that it is gone, when it is."""
        is_gone = isinstance(obj, LedgerAccount | TaxCode | CustomField) and not obj.is_active
        return f"{obj} (no longer active)" if is_gone else str(obj)


def _choice(
    label: str,
    queryset: Any,  # noqa: ANN401
    *,
    help_text: str = "",
    is_required: bool = False,
    empty_label: str = "Choose",
) -> _RowField:
    return _RowField(
        queryset,
        label=label,
        help_text=help_text,
        required=is_required,
        empty_label=empty_label,
        error_messages={"required": "Choose one."},
    )


def _initial(settings: AccountingSettings, payment_settings: PaymentSettings) -> dict[str, Any]:
    names = [name for name in ORDER if name not in {"accepts_cards", "default_method"}]
    return {name: getattr(settings, name) for name in names} | {
        "accepts_cards": payment_settings.accepts_cards,
        "default_method": payment_settings.default_method_id,
    }
