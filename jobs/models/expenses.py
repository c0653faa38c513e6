"""What was spent on a job: bought for it, to be paid later or paid on the spot."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, PercentField, QuantityField, UnitPriceField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from inventory.models import Supplier
from jobs.models.jobs import Job
from jobs.totals import charge_for


class ExpenseStatus(models.TextChoices):
    """A draft is nobody's business but ours; an approved one is in the books; a void one is worth
    nothing.
    """

    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    VOID = "void", "Void"


class ExpenseQuerySet(OwnedQuerySet["Expense"]):
    """Words for picking expenses."""

    def approved(self) -> "ExpenseQuerySet":
        """Those that count as cost."""
        return self.filter(status=ExpenseStatus.APPROVED)

    def standing(self) -> "ExpenseQuerySet":
        """Drafts and approved ones."""
        return self.exclude(status=ExpenseStatus.VOID)


ExpenseManager = models.Manager.from_queryset(ExpenseQuerySet)


class Expense(OwnedModel):
    """An expense of a job. Net, tax and total are stored in cents and equal `totals.cost_of`.

    `unit_cost` includes tax when `cost_includes_tax`. Without an account of its own the default of
    the accounting settings is used. `paid_from` is the bank or card account that it was paid from
    on the spot; without one it is still to be paid. A billable one is charged to the customer, with
    `markup` in per cent. `still_owed` is what the books said last of a bill, 0 when it was paid
    there.
    """

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="expenses")
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="expenses"
    )
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_from = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    spent_on = models.DateField("date")
    due_on = models.DateField("due date", null=True, blank=True)
    supplier_number = models.CharField("supplier's invoice number", max_length=21, blank=True)
    description = models.CharField(max_length=500)
    quantity = QuantityField(default=Decimal(1))
    unit_cost = UnitPriceField("cost")
    cost_includes_tax = models.BooleanField("the cost includes tax", default=True)
    is_taxed = models.BooleanField("taxed", default=True)
    tax_percent = PercentField(default=Decimal(10))
    net = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    total = MoneyField(default=Decimal(0))
    is_billable = models.BooleanField("charge it to the customer", default=True)
    markup = PercentField(default=Decimal(0))
    status = models.CharField(
        max_length=10, choices=ExpenseStatus.choices, default=ExpenseStatus.DRAFT
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    still_owed = MoneyField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar["ExpenseManager[Expense]"] = ExpenseManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["spent_on", "pk"]
        constraints = [
            *owned_constraints("expense", "job", "supplier", "account", "paid_from"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, unit_cost__gte=0, markup__gte=0),
                name="expense_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("net") + models.F("tax")),
                name="expense_total_is_net_and_tax",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="approved")
                | models.Q(paid_from__isnull=False)
                | models.Q(supplier__isnull=False),
                name="expense_to_be_paid_has_a_supplier",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "spent_on", "id"], name="expense_by_day"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_draft(self) -> bool:
        """Not approved yet."""
        return self.status == ExpenseStatus.DRAFT

    @property
    def is_approved(self) -> bool:
        """Counts, here and in the books."""
        return self.status == ExpenseStatus.APPROVED

    @property
    def is_void(self) -> bool:
        """Worth nothing."""
        return self.status == ExpenseStatus.VOID

    @property
    def is_to_be_paid(self) -> bool:
        """A bill; the others were paid on the spot."""
        return self.paid_from_id is None

    @property
    def is_paid(self) -> bool:
        """On the spot, or in the books since."""
        return not self.is_to_be_paid or self.still_owed == 0

    @property
    def charge(self) -> Decimal:
        """What the customer is charged before tax; nothing when it is not billable."""
        return charge_for(self.net, self.markup) if self.is_billable else Decimal(0)
