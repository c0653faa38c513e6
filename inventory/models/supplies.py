"""What the business uses on jobs and sells on."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import UnitPriceField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from inventory.models.suppliers import Supplier


class SupplyQuerySet(OwnedQuerySet["Supply"]):
    """Words for picking supplies."""

    def current(self) -> "SupplyQuerySet":
        """Not archived."""
        return self.filter(archived_at=None)


SupplyManager = models.Manager.from_queryset(SupplyQuerySet)


class Supply(OwnedModel):
    """Something sold on a job. Prices are per unit in home currency; the cost is before tax."""

    part_number = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=500)
    unit = models.CharField(max_length=20, default="each")
    cost_price = UnitPriceField(default=Decimal(0))
    sell_price = UnitPriceField(default=Decimal(0))
    sell_price_includes_tax = models.BooleanField(default=False)
    is_taxed = models.BooleanField("taxed", default=True)
    income_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="supplies"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar["SupplyManager[Supply]"] = SupplyManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["description", "pk"]
        verbose_name_plural = "supplies"
        constraints = [
            *owned_constraints("supply", "income_account", "supplier"),
            models.UniqueConstraint(
                fields=["organization", "part_number"],
                condition=~models.Q(part_number=""),
                name="supply_unique_part_number_in_organization",
                violation_error_message="Another supply has this part number.",
            ),
            models.CheckConstraint(
                condition=models.Q(cost_price__gte=0, sell_price__gte=0),
                name="supply_prices_not_negative",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "description", "id"], name="supply_by_description"
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def choice(self) -> str:
        """As a drop-down names it."""
        return f"{self.part_number} {self.description}".strip()

    def search_texts(self) -> Iterable[str]:
        """Found by part number and description."""
        return (self.part_number, self.description)
