"""Several writes that went to the books in one request."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from integrations.models.connections import Connection


class BatchState(models.TextChoices):
    """What is known of a batch."""

    IN_DOUBT = "in_doubt", "On its way, or no certain answer"
    KNOWN = "known", "Every answer is known"
    OPENED = "opened", "Each document for itself"


class PushBatch(OwnedModel):
    """Creates, or updates, sent together: composition and order are committed before sending.

    Until it is known what became of them, `payload` may only be sent again as it is, under the same
    `request_id`, or not at all; then it is emptied. `opened_at`: it was carried out in part, and
    from then on each of its documents is looked for by itself. Who resolves a batch in doubt holds
    the lease. Times are the database's.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="batches")
    operation = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.IN_DOUBT)
    request = models.UUIDField(default=uuid.uuid4, editable=False)
    composition = models.JSONField(default=list)
    payload = models.TextField(blank=True)
    sendings = models.PositiveIntegerField(default=1)
    lease_owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = owned_constraints("push_batch", "connection")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "sent_at"],
                condition=models.Q(state="in_doubt"),
                name="push_batch_in_doubt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} of {len(self.composition)} documents"

    @property
    def request_id(self) -> str:
        """Under which the books remember the whole: at most 36 characters."""
        return self.request.hex
