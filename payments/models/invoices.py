"""Invoices: a draft is free to change, an issued one is frozen and changes by versions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, PercentField, QuantityField, UnitPriceField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from inventory.models import Supply
from jobs.models import Customer, Expense, Job, JobSupply, LabourEntry
from payments.models.methods import PaymentMethod


class InvoiceStatus(models.TextChoices):
    """Draft -> Issued -> Part paid -> Paid; Void."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    PART_PAID = "part_paid", "Part paid"
    PAID = "paid", "Paid"
    VOID = "void", "Void"


class TaxMode(models.TextChoices):
    """Whether line prices are before tax or include it."""

    EXCLUSIVE = "exclusive", "Prices before tax"
    INCLUSIVE = "inclusive", "Prices include tax"


class InvoiceQuerySet(OwnedQuerySet["Invoice"]):
    """Words for picking invoices. Text statuses, because the database cannot index money behind its
    wall.
    """

    def open(self) -> "InvoiceQuerySet":
        """Issued and not fully paid."""
        return self.filter(status__in=[InvoiceStatus.ISSUED, InvoiceStatus.PART_PAID])

    def issued(self) -> "InvoiceQuerySet":
        """Sent to the customer at some time and not void."""
        return self.filter(
            status__in=[InvoiceStatus.ISSUED, InvoiceStatus.PART_PAID, InvoiceStatus.PAID]
        )


InvoiceManager = models.Manager.from_queryset(InvoiceQuerySet)


class Invoice(OwnedModel):
    """What a customer owes. All totals are stored, in cents, and equal `totals.invoice_totals` of
    the lines.

    `number` is empty while it is a draft. `tax_percent` is the rate on taxed lines, fixed when the
    draft is made and
    refreshed when it is issued. `balance` = total - amount_paid, never negative. `site_customer` is
    whose site the work was at, where that is somebody else than who pays.
    """

    number = models.CharField(max_length=21, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    site_customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="site_invoices"
    )
    status = models.CharField(
        max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT
    )
    tax_mode = models.CharField(max_length=10, choices=TaxMode.choices, default=TaxMode.EXCLUSIVE)
    tax_percent = PercentField(default=Decimal(10))
    issued_on = models.DateField("invoice date")
    due_on = models.DateField("due date")
    summary = models.TextField(max_length=4000, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    subtotal = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    total = MoneyField(default=Decimal(0))
    amount_paid = MoneyField(default=Decimal(0))
    balance = MoneyField(default=Decimal(0))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar["InvoiceManager[Invoice]"] = InvoiceManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            *owned_constraints("invoice", "customer", "site_customer", "job"),
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=~models.Q(number=""),
                name="invoice_unique_number_in_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("subtotal") + models.F("tax")),
                name="invoice_total_is_subtotal_and_tax",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    balance=models.F("total") - models.F("amount_paid"), balance__gte=0
                ),
                name="invoice_balance_is_what_is_left",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | ~models.Q(number=""),
                name="invoice_issued_has_a_number",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-created_at", "-id"], name="invoice_by_age"),
            models.Index(
                fields=["organization", "status", "-created_at"], name="invoice_by_status"
            ),
            models.Index(
                fields=["organization", "due_on"],
                condition=models.Q(status__in=["issued", "part_paid"]),
                name="invoice_open_by_due_date",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "Draft invoice"

    @property
    def is_draft(self) -> bool:
        """May still be changed freely."""
        return self.status == InvoiceStatus.DRAFT

    @property
    def is_void(self) -> bool:
        """Worth nothing, number kept."""
        return self.status == InvoiceStatus.VOID

    @property
    def is_open(self) -> bool:
        """Something is still owed."""
        return self.status in {InvoiceStatus.ISSUED, InvoiceStatus.PART_PAID}

    def search_texts(self) -> Iterable[str]:
        """Found by number, customer, job number and summary."""
        return (
            self.number, self.customer.name, self.job.number if self.job else "",
            self.summary, self.purchase_order,
        )  # fmt: skip


class LineKind(models.TextChoices):
    """What a line charges for; decides its account code."""

    LABOUR = "labour", "Labour"
    SUPPLY = "supply", "Supply"
    EXPENSE = "expense", "Expense"
    SURCHARGE = "surcharge", "Surcharge"
    ROUNDING = "rounding", "Cash rounding"
    OTHER = "other", "Other"


# Lines that come with a payment and go with it; nobody edits them.
ADDED_BY_PAYMENTS = frozenset({LineKind.SURCHARGE, LineKind.ROUNDING})


class InvoiceLine(OwnedModel):
    """A line of an invoice as it stands now. Unit price and amount are in the invoice's tax mode.

    A labour entry, a supply used or an expense is on at most one line that is not released:
    invoiced once and only once.
    Voiding the invoice or amending the line away releases it. `job` is the one that it charges for
    (none: the invoice's). `claimed` is what it takes of that job's fixed price, before tax, and
    `claimed_percent` the share that was asked for.

    `books_account` is where it stands in the books: known once it was sent, and kept when the codes
    that decided it change later.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    description = models.CharField(max_length=4000)
    quantity = QuantityField(default=Decimal(1))
    unit_price = UnitPriceField()
    amount = MoneyField()
    is_taxed = models.BooleanField("taxed", default=True)
    labour_entry = models.ForeignKey(
        LabourEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    job_supply = models.ForeignKey(
        JobSupply, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    expense = models.ForeignKey(
        Expense, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    supply = models.ForeignKey(
        Supply, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    surcharge_method = models.ForeignKey(
        PaymentMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    claimed = MoneyField(null=True, blank=True)
    claimed_percent = PercentField(null=True, blank=True)
    books_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints = [
            *owned_constraints(
                "invoice_line",
                "invoice",
                "labour_entry",
                "job_supply",
                "expense",
                "supply",
                "surcharge_method",
                "books_account",
                "job",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed=None) | models.Q(job__isnull=False),
                name="invoice_line_claims_from_a_job",
            ),
            models.UniqueConstraint(
                fields=["organization", "labour_entry"],
                condition=models.Q(released_at=None),
                name="invoice_line_labour_invoiced_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "job_supply"],
                condition=models.Q(released_at=None),
                name="invoice_line_supply_invoiced_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "expense"],
                condition=models.Q(released_at=None),
                name="invoice_line_expense_invoiced_once",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class InvoiceVersion(OwnedModel):
    """What an issued invoice said before and after a change: a frozen copy, readable in its
    history.

    `document` holds plain text and decimal strings: dates, lines, totals.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    document = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints = [
            *owned_constraints("invoice_version", "invoice"),
            models.UniqueConstraint(
                fields=["organization", "invoice", "version"],
                name="invoice_version_unique_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
