"""A file with its content, hung on any owned document by label and key."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User


class Purpose(models.TextChoices):
    """What a file is to its document."""

    LOGO = "logo", "Logo"
    RECEIPT = "receipt", "Receipt"
    SUPPLIER_INVOICE = "supplier_invoice", "Supplier's invoice"
    PRINTED = "printed", "PDF as it was sent"
    FOR_BOOKS = "for_books", "PDF for the books"
    OTHER = "other", "Other"


# These follow their document to the books.
FOR_THE_BOOKS = (Purpose.RECEIPT, Purpose.SUPPLIER_INVOICE, Purpose.FOR_BOOKS)


class Attachment(OwnedModel):
    """A file, checked by its content before it came here. `content` is empty once removed.

    `edition` is the version of the document that a PDF shows. `size` in bytes and `sha256` (hex)
    are those of `content` as it was kept.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.OTHER)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=60)
    edition = models.PositiveIntegerField(default=1)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]
        constraints = owned_constraints("attachment")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "label", "object_pk"], name="attachment_by_document"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_removed(self) -> bool:
        """Taken off its document; only its name is still known."""
        return self.removed_at is not None

    @property
    def is_image(self) -> bool:
        """A browser can show it as a picture."""
        return self.content_type in {"image/jpeg", "image/png"}
