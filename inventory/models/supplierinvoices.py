"""What suppliers charge and what they owe back: supplier invoices and supplier credits."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, PercentField, QuantityField, UnitPriceField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from inventory.models.suppliers import Supplier
from inventory.models.supplies import Supply

LONGEST_NUMBER = 21


class SupplierInvoiceType(models.TextChoices):
    """What the supplier sent."""

    INVOICE = "invoice", "Supplier invoice"
    CREDIT = "credit", "Supplier credit"


class SupplierInvoiceStatus(models.TextChoices):
    """A draft is nobody's business but ours; an approved one is in the books; a void one is worth
    nothing.
    """

    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    VOID = "void", "Void"


class CostMode(models.TextChoices):
    """Whether the costs of its lines are before tax or include it."""

    EXCLUSIVE = "exclusive", "Costs before tax"
    INCLUSIVE = "inclusive", "Costs include tax"


class SupplierInvoiceQuerySet(OwnedQuerySet["SupplierInvoice"]):
    """Words for picking supplier invoices."""

    def approved(self) -> "SupplierInvoiceQuerySet":
        """Those that count as cost."""
        return self.filter(status=SupplierInvoiceStatus.APPROVED)

    def standing(self) -> "SupplierInvoiceQuerySet":
        """Drafts and approved ones."""
        return self.exclude(status=SupplierInvoiceStatus.VOID)

    def to_be_paid(self) -> "SupplierInvoiceQuerySet":
        """Approved invoices that the books do not say are paid."""
        return self.approved().filter(type=SupplierInvoiceType.INVOICE, is_settled=False)

    def overdue(self, today: date) -> "SupplierInvoiceQuerySet":
        """To be paid since before today."""
        return self.to_be_paid().filter(due_on__lt=today)


SupplierInvoiceManager = models.Manager.from_queryset(SupplierInvoiceQuerySet)


class SupplierInvoice(OwnedModel):
    """A supplier's invoice or credit. Totals are stored in cents and equal `invoice_totals` of the
    lines; those of a credit are positive too.

    `number` is the supplier's own. `still_owed` is what the books said last of it (of a credit:
    what is not used yet), `paid_on` the day of the payment that settled it there.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="invoices")
    type = models.CharField(
        max_length=10, choices=SupplierInvoiceType.choices, default=SupplierInvoiceType.INVOICE
    )
    number = models.CharField("supplier's number", max_length=LONGEST_NUMBER, blank=True)
    dated_on = models.DateField("date")
    due_on = models.DateField("due date", null=True, blank=True)
    tax_mode = models.CharField(max_length=10, choices=CostMode.choices, default=CostMode.EXCLUSIVE)
    tax_percent = PercentField(default=Decimal(10))
    notes = models.CharField(max_length=500, blank=True)
    subtotal = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    total = MoneyField(default=Decimal(0))
    status = models.CharField(
        max_length=10,
        choices=SupplierInvoiceStatus.choices,
        default=SupplierInvoiceStatus.DRAFT,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    still_owed = MoneyField(null=True, blank=True)
    is_settled = models.BooleanField(default=False)
    paid_on = models.DateField(null=True, blank=True)

    objects: ClassVar["SupplierInvoiceManager[SupplierInvoice]"] = SupplierInvoiceManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-dated_on", "-pk"]
        verbose_name = "supplier invoice"
        constraints = [
            *owned_constraints("supplier_invoice", "supplier"),
            models.CheckConstraint(
                condition=models.Q(total=models.F("subtotal") + models.F("tax"), total__gte=0),
                name="supplier_invoice_total_is_subtotal_and_tax",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "dated_on", "id"], name="supplier_invoice_by_day"),
            models.Index(
                fields=["organization", "created_at", "id"], name="supplier_invoice_by_age"
            ),
        ]

    def __str__(self) -> str:
        noun = "Credit" if self.is_credit else "Invoice"
        return f"{noun} {self.number}" if self.number else f"{noun} of {self.dated_on:%d %b %Y}"

    @property
    def is_credit(self) -> bool:
        """The supplier owes it back."""
        return self.type == SupplierInvoiceType.CREDIT

    @property
    def is_draft(self) -> bool:
        """Not approved yet."""
        return self.status == SupplierInvoiceStatus.DRAFT

    @property
    def is_approved(self) -> bool:
        """Counts, here and in the books."""
        return self.status == SupplierInvoiceStatus.APPROVED

    @property
    def is_void(self) -> bool:
        """Worth nothing."""
        return self.status == SupplierInvoiceStatus.VOID

    @property
    def paid(self) -> Decimal:
        """What of it the books have paid, or used."""
        return Decimal(0) if self.still_owed is None else self.total - self.still_owed

    @property
    def is_part_paid(self) -> bool:
        """Paid there in part."""
        return bool(self.paid) and not self.is_settled

    def search_texts(self) -> Iterable[str]:
        """Found by number, supplier and notes."""
        return (self.number, self.supplier.name, self.notes)


class SupplierInvoiceLine(OwnedModel):
    """A line. `amount` is quantity times unit cost in whole cents, in the document's tax mode;
    `net` is what it costs before tax. Without an account of its own it goes to the supplier's, or
    to that of the accounting settings.
    """

    invoice = models.ForeignKey(SupplierInvoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    supply = models.ForeignKey(
        Supply, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    description = models.TextField(max_length=4000)
    quantity = QuantityField(default=Decimal(1))
    unit_cost = UnitPriceField("cost")
    amount = MoneyField()
    net = MoneyField()
    is_taxed = models.BooleanField("taxed", default=True)
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints = [
            *owned_constraints("supplier_invoice_line", "invoice", "supply", "account"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="supplier_invoice_line_has_a_quantity"
            ),
        ]

    def __str__(self) -> str:
        return self.description
