"""The form of an expense of a job."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from ascora.attachments.forms import AttachmentField
from ascora.chart.forms import NO_ACCOUNTS, NO_LONGER_ACTIVE, AccountCodeField
from ascora.chart.models import AccountKind, LedgerAccount
from ascora.chart.selectors import accounts_for
from ascora.tenancy.days import sensible_day
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm, current_or
from inventory.selectors import suppliers_for
from jobs.forms.checks import more_than_nothing
from jobs.models import Expense

COST_KINDS = (AccountKind.EXPENSE, AccountKind.COST_OF_SALES)
PAID_FROM_KINDS = (AccountKind.BANK, AccountKind.CREDIT_CARD)
LARGEST_MARKUP = 1000


class ExpenseForm(OwnedModelForm[Expense]):
    """An expense. Without an account of its own the default of the accounting settings is used."""

    paid_from = AccountCodeField(label="Payment", empty_label="To be paid later (a bill)")
    account = AccountCodeField(
        label="Expense Account Code", empty_label="The default expense account"
    )
    markup = forms.DecimalField(
        max_digits=8,
        decimal_places=4,
        required=False,
        label="Markup",
        help_text="Added to the cost before tax when it is invoiced.",
    )

    receipt = AttachmentField(
        label="Receipt",
        required=False,
        accept="image/*,application/pdf",
        help_text="Take a photo, or choose a picture or a PDF, at most 10 MB.",
    )

    class Meta:
        model = Expense
        fields: ClassVar[list[str]] = [
            "description", "supplier", "supplier_number", "spent_on", "paid_from", "due_on",
            "quantity", "unit_cost", "cost_includes_tax", "is_taxed", "account", "is_billable",
            "markup",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "description": "What for",
            "supplier_number": "Supplier's invoice number",
            "spent_on": "Date",
            "due_on": "Due date",
            "unit_cost": "Cost each",
            "cost_includes_tax": "The cost includes tax",
            "is_taxed": "Tax was charged",
            "is_billable": "Charge it to the customer",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "description": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def narrow(self, organization: Organization) -> None:
        """Current suppliers, expense and cost accounts, bank and card accounts; what was chosen
        stays.
        """
        expense = self.instance
        self.say_when_empty("supplier", "None")
        self.offer("supplier", current_or(suppliers_for(organization), expense.supplier_id))
        self._offer_accounts("account", expense.account, *COST_KINDS)
        self._offer_accounts("paid_from", expense.paid_from, *PAID_FROM_KINDS)

    def _offer_accounts(self, name: str, chosen: LedgerAccount | None, *kinds: str) -> None:
        rows = accounts_for(self.organization, *kinds, chosen=chosen.pk if chosen else None)
        self.offer(name, rows)
        if chosen is not None and not chosen.is_active:
            self.fields[name].help_text = NO_LONGER_ACTIVE
        elif not rows.exists():
            self.fields[name].help_text = NO_ACCOUNTS

    def clean_spent_on(self) -> date:
        """A day that can be meant."""
        return sensible_day(self.organization, self.cleaned_data["spent_on"])

    def clean_due_on(self) -> date | None:
        """A day that can be meant, if any."""
        day: date | None = self.cleaned_data["due_on"]
        return day and sensible_day(self.organization, day)

    def clean_quantity(self) -> Decimal:
        """More than nothing."""
        return more_than_nothing(self.cleaned_data["quantity"], "The quantity")

    def clean_unit_cost(self) -> Decimal:
        """More than nothing."""
        return more_than_nothing(self.cleaned_data["unit_cost"], "The cost")

    def clean_markup(self) -> Decimal:
        """None is nothing; a markup is no discount."""
        markup: Decimal = self.cleaned_data["markup"] or Decimal(0)
        if not 0 <= markup <= LARGEST_MARKUP:
            self.add_error("markup", f"A markup is between 0 and {LARGEST_MARKUP:,} per cent.")
        return markup

    def clean(self) -> dict[str, Any]:
        """A switched-off account is refused as soon as it is to be used for something new."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("account", "paid_from"):
            account = cleaned.get(name)
            if account is not None and not account.is_active and name in self.changed_data:
                self.add_error(name, NO_LONGER_ACTIVE)
        return cleaned
