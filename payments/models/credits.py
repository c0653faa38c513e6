"""Credit notes, what of them is used for invoices, credit paid out; nothing is ever deleted."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.fields import MoneyField, PercentField, QuantityField, UnitPriceField
from ascora.common.wording import money
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer
from payments.models.invoices import Invoice, InvoiceLine, TaxMode
from payments.models.payments import Payment, PaymentOrigin


class CreditNoteStatus(models.TextChoices):
    """Draft -> Issued; Void. How much of it is used says `remaining`."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    VOID = "void", "Void"


class CreditNoteQuerySet(OwnedQuerySet["CreditNote"]):
    """Words for picking credit notes."""

    def issued(self) -> "CreditNoteQuerySet":
        """Given to the customer and not void."""
        return self.filter(status=CreditNoteStatus.ISSUED)

    def with_credit(self) -> "CreditNoteQuerySet":
        """Something of it is not used yet."""
        return self.issued().filter(remaining__gt=0)


CreditNoteManager = models.Manager.from_queryset(CreditNoteQuerySet)


class CreditNote(OwnedModel):
    """What a customer gets back. All amounts are positive; the totals equal
    `totals.invoice_totals` of the lines.

    total = amount_applied (to invoices) + amount_refunded + remaining. `tax_percent` is the rate of
    the invoice that it came from, or of its own day. Issued ones do not change: void and reissue.
    `books_account` is where its lines stand in the books, once it was sent.
    """

    number = models.CharField(max_length=21, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_notes")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    status = models.CharField(
        max_length=10, choices=CreditNoteStatus.choices, default=CreditNoteStatus.DRAFT
    )
    tax_mode = models.CharField(max_length=10, choices=TaxMode.choices, default=TaxMode.EXCLUSIVE)
    tax_percent = PercentField(default=Decimal(10))
    issued_on = models.DateField("date")
    reason = models.CharField(max_length=1000, blank=True)
    subtotal = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    total = MoneyField(default=Decimal(0))
    amount_applied = MoneyField(default=Decimal(0))
    amount_refunded = MoneyField(default=Decimal(0))
    remaining = MoneyField(default=Decimal(0))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    books_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar["CreditNoteManager[CreditNote]"] = CreditNoteManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            *owned_constraints("credit_note", "customer", "invoice", "books_account"),
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=~models.Q(number=""),
                name="credit_note_unique_number_in_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("subtotal") + models.F("tax")),
                name="credit_note_total_is_subtotal_and_tax",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    remaining=models.F("total")
                    - models.F("amount_applied")
                    - models.F("amount_refunded"),
                    remaining__gte=0,
                    amount_applied__gte=0,
                    amount_refunded__gte=0,
                ),
                name="credit_note_remaining_is_what_is_left",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | ~models.Q(number=""),
                name="credit_note_issued_has_a_number",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-created_at", "-id"], name="credit_note_by_age"),
            models.Index(fields=["organization", "customer"], name="credit_note_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number or "Draft credit note"

    @property
    def is_draft(self) -> bool:
        """May still be changed freely."""
        return self.status == CreditNoteStatus.DRAFT

    @property
    def is_void(self) -> bool:
        """Worth nothing, number kept."""
        return self.status == CreditNoteStatus.VOID

    @property
    def is_usable(self) -> bool:
        """Issued, and something is left of it."""
        return self.status == CreditNoteStatus.ISSUED and self.remaining > 0

    def search_texts(self) -> Iterable[str]:
        """Found by number, customer, invoice and reason."""
        return (
            self.number,
            self.customer.name,
            self.invoice.number if self.invoice else "",
            self.reason,
        )


class CreditNoteLine(OwnedModel):
    """A line of a credit note. Unit price and amount are in its tax mode. `invoice_line` is the
    line of the invoice that it gives back.
    """

    credit_note = models.ForeignKey(CreditNote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    description = models.CharField(max_length=4000)
    quantity = QuantityField(default=Decimal(1))
    unit_price = UnitPriceField()
    amount = MoneyField()
    is_taxed = models.BooleanField("taxed", default=True)
    invoice_line = models.ForeignKey(
        InvoiceLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints = owned_constraints("credit_note_line", "credit_note", "invoice_line")

    def __str__(self) -> str:
        return self.description


class Refund(OwnedModel):
    """Credit paid out to the customer: what is left of a credit note, or of a payment."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(
        CreditNote, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    amount = MoneyField()
    paid_on = models.DateField("date")
    paid_from = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=21, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-paid_on", "-pk"]
        constraints = [
            *owned_constraints("refund", "customer", "credit_note", "payment", "paid_from"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(credit_note=None) | models.Q(payment=None),
                name="refund_of_a_credit_note_or_a_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"Refund of {money(self.amount)}"

    @property
    def is_reversed(self) -> bool:
        """Taken back."""
        return self.reversed_at is not None


class CreditApplication(OwnedModel):
    """The use of credit notes, at once: for invoices, or for a refund. Moves no money.

    `payment` is set where the books used the credit together with money that was received.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="credit_applications"
    )
    applied_on = models.DateField("date")
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="used_credits"
    )
    origin = models.CharField(
        max_length=10, choices=PaymentOrigin.choices, default=PaymentOrigin.ENTERED
    )
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-applied_on", "-pk"]
        constraints = owned_constraints("credit_application", "customer", "refund", "payment")

    def __str__(self) -> str:
        return f"Credit used on {self.applied_on:%-d %b %Y}"

    @property
    def is_reversed(self) -> bool:
        """Taken back."""
        return self.reversed_at is not None


class CreditPart(OwnedModel):
    """What of one credit note goes to one invoice, or to the refund of its application (then
    without an invoice). Released, never deleted.
    """

    application = models.ForeignKey(
        CreditApplication, on_delete=models.CASCADE, related_name="parts"
    )
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="parts")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_parts"
    )
    amount = MoneyField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            *owned_constraints("credit_part", "application", "credit_note", "invoice"),
            models.UniqueConstraint(
                fields=["organization", "application", "credit_note", "invoice"],
                condition=models.Q(released_at=None),
                nulls_distinct=False,
                name="credit_part_one_per_note_and_invoice",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="credit_part_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.credit_note}"


class CreditReversal(OwnedModel):
    """The taking back of an application or of a refund: who, when and why."""

    application = models.OneToOneField(
        CreditApplication,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reversal",
    )
    refund = models.OneToOneField(
        Refund, on_delete=models.CASCADE, null=True, blank=True, related_name="reversal"
    )
    reversed_on = models.DateField("date")
    reason = models.CharField(max_length=200)
    origin = models.CharField(
        max_length=10, choices=PaymentOrigin.choices, default=PaymentOrigin.ENTERED
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            *owned_constraints("credit_reversal", "application", "refund"),
            models.CheckConstraint(
                condition=models.Q(application=None) | models.Q(refund=None),
                name="credit_reversal_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.application or self.refund}"
