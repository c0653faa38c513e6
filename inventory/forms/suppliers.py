"""The Edit Supplier pop-up."""

import re
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ascora.chart.forms import NO_LONGER_ACTIVE, AccountCodeField
from ascora.chart.models import AccountKind, LedgerAccount
from ascora.chart.selectors import accounts_for
from ascora.common.texts import refuse_bad_name
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm
from inventory.models import Supplier
from inventory.selectors import is_supplier_name_free

COST_KINDS = (AccountKind.COST_OF_SALES, AccountKind.EXPENSE)
LONGEST_TERM = 365
_ABN = re.compile(r"\d{11}")
_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_ABN_DIVISOR = 89


class SupplierForm(OwnedModelForm[Supplier]):
    """A supplier. Without an account code its invoices go where the accounting settings say."""

    email = forms.CharField(label="E-mail", max_length=100, required=False, widget=forms.EmailInput)
    expense_account = AccountCodeField(label="Account Code", empty_label="The default")
    payment_days = forms.IntegerField(
        label="Days to pay", min_value=0, max_value=LONGEST_TERM, initial=30
    )

    class Meta:
        model = Supplier
        fields: ClassVar[list[str]] = [
            "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
            "tax_number", "street", "city", "region", "postcode", "country", "expense_account",
            "payment_days", "notes",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "company_name": "Company",
            "given_name": "First name",
            "family_name": "Last name",
            "city": "Suburb",
            "region": "State",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "As it reads in your books. Up to 100 characters, no colon.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "street": forms.Textarea(attrs={"rows": 2}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def narrow(self, organization: Organization) -> None:
        """Cost accounts of the organization, and the chosen one whatever became of it."""
        chosen = self.instance.expense_account
        rows = accounts_for(organization, *COST_KINDS, chosen=chosen.pk if chosen else None)
        self.offer("expense_account", rows)
        if chosen is not None and not chosen.is_active:
            self.fields["expense_account"].help_text = NO_LONGER_ACTIVE

    def clean_name(self) -> str:
        """Fit for the books, and taken by nobody else."""
        name: str = self.cleaned_data["name"]
        if self.instance.pk and "name" not in self.changed_data:
            return name
        try:
            refuse_bad_name(name)
        except ValidationError as refused:
            raise ValidationError(refused.message_dict["name"]) from refused
        if not is_supplier_name_free(self.organization, name, but_for=self.instance.pk):
            raise ValidationError("There is a supplier of this name already.", code="taken")
        return name

    def clean_email(self) -> str:
        """One address; several, as the books may have them, stay until they are changed."""
        email: str = self.cleaned_data["email"]
        if email and "email" in self.changed_data:
            validate_email(email)
        return email

    def clean_tax_number(self) -> str:
        """An ABN has 11 digits, the first two of which check the others."""
        number = str(self.cleaned_data["tax_number"]).replace(" ", "")
        if number and "tax_number" in self.changed_data and not _is_abn(number):
            raise ValidationError("This is not an ABN: it has 11 digits. Check for a slip.")
        return number

    def clean_expense_account(self) -> LedgerAccount | None:
        """A switched-off account is refused as soon as it is chosen anew."""
        account: LedgerAccount | None = self.cleaned_data["expense_account"]
        if account and not account.is_active and "expense_account" in self.changed_data:
            raise ValidationError(NO_LONGER_ACTIVE)
        return account


def _is_abn(number: str) -> bool:
    """The check of the Australian Business Register: the first digit less one, weighted, mod 89."""
    if not _ABN.fullmatch(number):
        return False
    digits = [int(digit) for digit in number]
    digits[0] -= 1
    weighted = zip(digits, _ABN_WEIGHTS, strict=True)
    return sum(digit * weight for digit, weight in weighted) % _ABN_DIVISOR == 0
