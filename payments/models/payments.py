"""Money received, what it settles, and its reversal as a record of its own."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField
from ascora.common.wording import money
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer
from payments.models.invoices import Invoice, InvoiceLine
from payments.models.methods import PaymentMethod


class PaymentOrigin(models.TextChoices):
    """Where a payment was first recorded."""

    ENTERED = "entered", "Entered in Ascora"
    BOOKS = "books", "Found in the books"


class PaymentQuerySet(OwnedQuerySet["Payment"]):
    """Words for picking payments."""

    def standing(self) -> "PaymentQuerySet":
        """Not reversed."""
        return self.filter(reversed_at=None)


PaymentManager = models.Manager.from_queryset(PaymentQuerySet)


class Payment(OwnedModel):
    """Money received from a customer. `amount` is all that was charged, the surcharge included;
    positive.

    What is not allocated stays as the customer's credit. A payment found in the books follows the
    books:
    `amount` and allocations are replaced by what stands there.

    `deposit_account` is where the money stands in the books: known once it was sent or found there,
    and kept when the accounting settings change later. `rounding` is what paying in cash added or
    took off.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    received_on = models.DateField("date")
    method = models.ForeignKey(
        PaymentMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = MoneyField()
    surcharge = MoneyField(default=Decimal(0))
    rounding = MoneyField(default=Decimal(0))
    deposit_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reference = models.CharField(max_length=21, blank=True)
    note = models.CharField(max_length=500, blank=True)
    origin = models.CharField(
        max_length=10, choices=PaymentOrigin.choices, default=PaymentOrigin.ENTERED
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar["PaymentManager[Payment]"] = PaymentManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_on", "-pk"]
        constraints = [
            *owned_constraints("payment", "customer", "method", "deposit_account"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, surcharge__gte=0), name="payment_amount_positive"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-received_on", "-id"], name="payment_by_date"),
            models.Index(
                fields=["organization", "customer", "-received_on"], name="payment_by_customer"
            ),
        ]

    def __str__(self) -> str:
        return f"Payment of {money(self.amount)}"

    @property
    def is_reversed(self) -> bool:
        """Taken back."""
        return self.reversed_at is not None


class Allocation(OwnedModel):
    """The part of a payment that settles an invoice. Released, never deleted, when it is taken
    back.
    """

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount = MoneyField()
    surcharge_line = models.ForeignKey(
        InvoiceLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rounding_line = models.ForeignKey(
        InvoiceLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            *owned_constraints(
                "allocation", "payment", "invoice", "surcharge_line", "rounding_line"
            ),
            models.UniqueConstraint(
                fields=["organization", "payment", "invoice"],
                condition=models.Q(released_at=None),
                name="allocation_one_per_payment_and_invoice",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="allocation_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice}"


class PaymentReversal(OwnedModel):
    """The taking back of a payment: who, when, why, and whether its surcharge line was kept."""

    payment = models.OneToOneField(Payment, on_delete=models.CASCADE, related_name="reversal")
    reversed_on = models.DateField("date")
    reason = models.CharField(max_length=200)
    is_surcharge_kept = models.BooleanField("keep the surcharge", default=False)
    origin = models.CharField(
        max_length=10, choices=PaymentOrigin.choices, default=PaymentOrigin.ENTERED
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = owned_constraints("payment_reversal", "payment")

    def __str__(self) -> str:
        return f"reversal of {self.payment}"
