"""The work: job types, jobs, labour and supplies used."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, QuantityField, UnitPriceField
from ascora.common.money import line_amount
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from inventory.models import Supply
from jobs.models.customers import Customer


class JobType(OwnedModel):
    """A kind of work, with the account codes that its labour and materials income go to."""

    name = models.CharField(max_length=60)
    colour = models.CharField(
        max_length=7, default="#206bc4", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    labour_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    materials_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("job_type", "labour_account", "materials_account"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="job_type_unique_name_in_organization",
                violation_error_message="There is a job type of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JobStatus(models.TextChoices):
    """The statuses of the brief, in the order in which a job goes through them."""

    UNSCHEDULED = "unscheduled", "Unscheduled"
    BOOKED = "booked", "Booked"
    IN_PROGRESS = "in_progress", "In Progress"
    DEFERRED = "deferred", "Deferred"
    CANCELLED = "cancelled", "Cancelled"
    COMPLETED = "completed", "Completed"
    READY_TO_INVOICE = "ready_to_invoice", "Ready To Invoice"
    CLOSED = "closed", "Closed"


class Pricing(models.TextChoices):
    """How a job is charged."""

    TIME_AND_MATERIALS = "time_and_materials", "Time and Materials"
    FIXED_PRICE = "fixed_price", "Fixed Price"


class JobQuerySet(OwnedQuerySet["Job"]):
    """Words for picking jobs."""

    def open(self) -> "JobQuerySet":
        """Neither closed nor cancelled."""
        return self.exclude(status__in=[JobStatus.CLOSED, JobStatus.CANCELLED])


JobManager = models.Manager.from_queryset(JobQuerySet)


class Job(OwnedModel):
    """A piece of work at a customer's site. `fixed_price` is before tax, for fixed-price jobs only.

    Its invoices go to `billing_customer`, else to whom the customer's bills go.
    """

    number = models.CharField(max_length=20)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="jobs")
    billing_customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="billed_jobs"
    )
    job_type = models.ForeignKey(
        JobType, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    description = models.TextField(max_length=5000)
    site_street = models.CharField(max_length=500, blank=True)
    site_city = models.CharField("site suburb", max_length=255, blank=True)
    site_region = models.CharField("site state", max_length=255, blank=True)
    site_postcode = models.CharField(max_length=30, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)
    client_order_number = models.CharField(max_length=60, blank=True)
    status = models.CharField(
        max_length=20, choices=JobStatus.choices, default=JobStatus.UNSCHEDULED
    )
    pricing = models.CharField(
        max_length=20, choices=Pricing.choices, default=Pricing.TIME_AND_MATERIALS
    )
    fixed_price = MoneyField(null=True, blank=True)
    work_done = models.TextField(max_length=5000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar["JobManager[Job]"] = JobManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            *owned_constraints("job", "customer", "billing_customer", "job_type"),
            models.UniqueConstraint(
                fields=["organization", "number"], name="job_unique_number_in_organization"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-created_at", "-id"], name="job_by_age"),
            models.Index(fields=["organization", "status", "-created_at"], name="job_by_status"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def billed(self) -> Customer:
        """Who pays for this job."""
        return self.billing_customer or self.customer.billed

    @property
    def site_address(self) -> str:
        """The address on one line."""
        place = " ".join(p for p in (self.site_city, self.site_region, self.site_postcode) if p)
        return ", ".join(p for p in (self.site_street, place) if p)

    @property
    def choice(self) -> str:
        """As a drop-down names it."""
        return f"{self.number} {self.customer.name}: {self.description}"[:100]

    def search_texts(self) -> Iterable[str]:
        """Found by number, description, address, order numbers and the customer's name."""
        return (
            self.number, self.description, self.site_street, self.site_city,
            self.purchase_order, self.client_order_number, self.customer.name,
        )  # fmt: skip


class LabourEntry(OwnedModel):
    """Hours worked on a job. The rate is per hour before tax."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="labour_entries")
    worker = models.CharField("who", max_length=100)
    worked_on = models.DateField("date")
    hours = QuantityField()
    hourly_rate = UnitPriceField("rate")
    is_chargeable = models.BooleanField("chargeable", default=True)
    description = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["worked_on", "pk"]
        verbose_name_plural = "labour entries"
        constraints = [
            *owned_constraints("labour_entry", "job"),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, hourly_rate__gte=0),
                name="labour_entry_hours_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker}, {self.hours.normalize():f} h"

    @property
    def amount(self) -> Decimal:
        """Hours times rate in cents, before tax."""
        return line_amount(self.hours, self.hourly_rate)


class JobSupply(OwnedModel):
    """A supply used on a job. Description, price and tax are as they were when it was used; price
    before tax.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="supplies")
    supply = models.ForeignKey(Supply, on_delete=models.PROTECT, related_name="uses")
    used_on = models.DateField("date")
    description = models.CharField(max_length=500)
    quantity = QuantityField(default=Decimal(1))
    unit_price = UnitPriceField("price")
    is_taxed = models.BooleanField("taxed", default=True)
    is_chargeable = models.BooleanField("chargeable", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["used_on", "pk"]
        verbose_name_plural = "job supplies"
        constraints = [
            *owned_constraints("job_supply", "job", "supply"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, unit_price__gte=0),
                name="job_supply_quantity_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def amount(self) -> Decimal:
        """Quantity times price in cents, before tax."""
        return line_amount(self.quantity, self.unit_price)
