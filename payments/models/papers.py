"""What stands on every document of the business, and the letters that documents were sent with."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.attachments.models import Attachment
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User


class DocumentSettings(OwnedModel):
    """One row per organization. An empty text of a letter means the usual one."""

    legal_name = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=120, blank=True)
    account_name = models.CharField(max_length=60, blank=True)
    bsb = models.CharField("BSB", max_length=7, blank=True)
    account_number = models.CharField(max_length=20, blank=True)
    payid = models.CharField("PayID", max_length=100, blank=True)
    payment_instructions = models.TextField(max_length=1000, blank=True)
    footer = models.TextField(max_length=1000, blank=True)
    invoice_subject = models.CharField(max_length=150, blank=True)
    invoice_text = models.TextField(max_length=4000, blank=True)
    credit_note_subject = models.CharField(max_length=150, blank=True)
    credit_note_text = models.TextField(max_length=4000, blank=True)
    receipt_subject = models.CharField(max_length=150, blank=True)
    receipt_text = models.TextField(max_length=4000, blank=True)
    statement_subject = models.CharField(max_length=150, blank=True)
    statement_text = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [
            *owned_constraints("document_settings"),
            models.UniqueConstraint(
                fields=["organization"], name="document_settings_one_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return "document settings"


class LetterState(models.TextChoices):
    """Waiting -> Sent or Failed; a failed one can be sent again."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"


class Letter(OwnedModel):
    """A document on its way by e-mail. Kept before it is sent, so that nothing is lost.

    `label` and `object_pk` name the document: an invoice, a credit note, a payment, or a customer
    (a statement). `sent_to` holds addresses with a comma between them.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    sent_to = models.CharField(max_length=500)
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=6000)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    message = models.CharField(max_length=300, blank=True)
    tries = models.PositiveIntegerField(default=0)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints = [
            *owned_constraints("letter", "attachment"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | ~models.Q(sent_at=None),
                name="letter_sent_says_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "label", "object_pk"], name="letter_by_document"),
            models.Index(fields=["run_at"], condition=models.Q(state="waiting"), name="letter_due"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_sent(self) -> bool:
        """The mail server has it."""
        return self.state == LetterState.SENT

    @property
    def has_failed(self) -> bool:
        """Somebody must act."""
        return self.state == LetterState.FAILED
