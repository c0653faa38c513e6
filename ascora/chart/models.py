"""Ledger accounts, tax codes, payment methods and custom fields of the connected books, provider-
neutral.
"""

from typing import ClassVar

from django.db import models

from ascora.common.fields import PercentField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet


class AccountKind(models.TextChoices):
    """What an account is, in words that every package has."""

    BANK = "bank", "Bank"
    UNDEPOSITED = "undeposited", "Undeposited funds"
    RECEIVABLE = "receivable", "Accounts receivable"
    CURRENT_ASSET = "current_asset", "Other current asset"
    OTHER_ASSET = "other_asset", "Other asset"
    PAYABLE = "payable", "Accounts payable"
    CREDIT_CARD = "credit_card", "Credit card"
    CURRENT_LIABILITY = "current_liability", "Other current liability"
    OTHER_LIABILITY = "other_liability", "Long term liability"
    EQUITY = "equity", "Equity"
    INCOME = "income", "Income"
    OTHER_INCOME = "other_income", "Other income"
    COST_OF_SALES = "cost_of_sales", "Cost of goods sold"
    EXPENSE = "expense", "Expense"
    OTHER_EXPENSE = "other_expense", "Other expense"


class LedgerAccountQuerySet(OwnedQuerySet["LedgerAccount"]):
    """Words for picking accounts."""

    def active(self) -> "LedgerAccountQuerySet":
        """Still usable in the books."""
        return self.filter(is_active=True)

    def of_kind(self, *kinds: str) -> "LedgerAccountQuerySet":
        """Of one of these kinds."""
        return self.filter(kind__in=kinds)


LedgerAccountManager = models.Manager.from_queryset(LedgerAccountQuerySet)


class LedgerAccount(OwnedModel):
    """An account code. `remote_id` is the package's own, opaque identity."""

    remote_id = models.CharField(max_length=40)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    full_name = models.CharField(max_length=500)
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=3, blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar["LedgerAccountManager[LedgerAccount]"] = LedgerAccountManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["code", "full_name"]
        constraints = [
            *owned_constraints("ledger_account"),
            models.UniqueConstraint(
                fields=["organization", "remote_id"],
                name="ledger_account_unique_remote_id_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.full_name}".strip()

    @property
    def is_put_away(self) -> bool:
        """Of another company's books, which were connected before: nothing points into it now."""
        return "/" in self.remote_id


class TaxCode(OwnedModel):
    """A tax code. Rates are the summed per cent for sales and for purchases; null where it is not
    valid there. `is_worked_out_there`: the books work out the tax of a sale themselves, and the
    rate is only what is usual.
    """

    remote_id = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=200, blank=True)
    sales_percent = PercentField(null=True, blank=True)
    purchase_percent = PercentField(null=True, blank=True)
    is_worked_out_there = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("tax_code"),
            models.UniqueConstraint(
                fields=["organization", "remote_id"],
                name="tax_code_unique_remote_id_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BooksPaymentMethod(OwnedModel):
    """A payment method as the books name it."""

    remote_id = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    is_card = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("books_payment_method"),
            models.UniqueConstraint(
                fields=["organization", "remote_id"],
                name="books_payment_method_unique_remote_id_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomField(OwnedModel):
    """A custom field that the books offer on sales documents."""

    remote_id = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("custom_field"),
            models.UniqueConstraint(
                fields=["organization", "remote_id"],
                name="custom_field_unique_remote_id_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name
