"""Whom the business buys from."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet


class SupplierQuerySet(OwnedQuerySet["Supplier"]):
    """Words for picking suppliers."""

    def current(self) -> "SupplierQuerySet":
        """Not archived."""
        return self.filter(archived_at=None)


SupplierManager = models.Manager.from_queryset(SupplierQuerySet)


class Supplier(OwnedModel):
    """Who is paid. The name is unique among those not archived, because accounting packages insist
    on it. `tax_number` is the ABN; `expense_account` is where its invoices go by default.
    """

    name = models.CharField(max_length=100)
    company_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    tax_number = models.CharField("ABN", max_length=20, blank=True)
    street = models.CharField(max_length=500, blank=True)
    city = models.CharField("suburb", max_length=255, blank=True)
    region = models.CharField("state", max_length=255, blank=True)
    postcode = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=60, blank=True)
    expense_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    payment_days = models.PositiveSmallIntegerField(default=30)
    notes = models.TextField(max_length=2000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar["SupplierManager[Supplier]"] = SupplierManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            *owned_constraints("supplier", "expense_account"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(archived_at=None),
                name="supplier_unique_name_in_organization",
                violation_error_message="There is a supplier of this name already.",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "name", "id"], name="supplier_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        """Hidden from lists and drop-downs."""
        return self.archived_at is not None

    @property
    def choice(self) -> str:
        """As a drop-down names it."""
        return f"{self.name}, {self.city}" if self.city else self.name

    def search_texts(self) -> Iterable[str]:
        """Found by names, e-mail, phone numbers, ABN and address."""
        return (
            self.name, self.company_name, self.given_name, self.family_name, self.email,
            self.phone.replace(" ", ""), self.mobile.replace(" ", ""),
            self.tax_number.replace(" ", ""), self.street, self.city,
        )  # fmt: skip
