"""One entry per document: identity, not payload. Ten edits become one push of what is there now."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet


class EntryState(models.TextChoices):
    """Where a document stands on its way to the books."""

    WAITING = "waiting", "Waiting"
    HELD = "held", "Needs attention"
    DONE = "done", "Done"


class Hold(models.TextChoices):
    """Why an entry is held, which says who must act. One for each holding name in
    integrations.errors.
    """

    NONE = "", "Not held"
    NEEDS_MAPPING = "needs_mapping", "An account code is missing"
    REJECTED = "rejected", "The books refused it"
    PERIOD_CLOSED = "period_closed", "The period is closed in the books"
    DUPLICATE_NAME = "duplicate_name", "The name is taken in the books"
    REMOTE_GONE = "remote_gone", "It no longer exists in the books"
    CHANGED_THERE = "changed_there", "It was changed in the books"
    AMOUNT_DIFFERS = "amount_differs", "The books show another amount"
    DUPLICATE_FOUND = "duplicate_found", "It stands in the books twice"
    MERGED_THERE = "merged_there", "It was merged in the books"
    BEFORE_CUT_OFF = "before_cut_off", "Dated before the cut-off"
    INTERNAL = "internal", "Ascora's own fault"


class OutboxQuerySet(OwnedQuerySet["OutboxEntry"]):
    """Words for the queue."""

    def waiting(self) -> "OutboxQuerySet":
        """Not yet in the books."""
        return self.filter(state=EntryState.WAITING)

    def held(self) -> "OutboxQuerySet":
        """Somebody must act."""
        return self.filter(state=EntryState.HELD)


OutboxManager = models.Manager.from_queryset(OutboxQuerySet)


class OutboxEntry(OwnedModel):
    """The way of one document (label, object_pk) to the books.

    `version` counts recorded changes, `settled_version` is the newest one that the books have.
    `operation` and `generation` make the idempotency key of a create; `fence` grows with every
    claim, so that a worker whose lease was taken over cannot store its result. `asked_for_at`: a
    person asked for this document to be sent although the rules would keep it here (a customer
    without an invoice, an invoice from before the cut-off). Times are the database's.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.WAITING)
    hold = models.CharField(max_length=20, choices=Hold.choices, blank=True, default=Hold.NONE)
    message = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    settled_version = models.PositiveIntegerField(default=0)
    operation = models.UUIDField(default=uuid.uuid4, editable=False)
    generation = models.PositiveIntegerField(default=1)
    run_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveIntegerField(default=0)
    blocked_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="blocking"
    )
    lease_owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    asked_for_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar["OutboxManager[OutboxEntry]"] = OutboxManager()
    COUNTED_AS = ("document", "documents")

    class Meta:
        constraints = [
            *owned_constraints("outbox_entry", "blocked_by"),
            models.UniqueConstraint(
                fields=["organization", "label", "object_pk"],
                name="outbox_entry_unique_document_in_organization",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="held") | ~models.Q(hold=""),
                name="outbox_entry_held_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "run_at"],
                condition=models.Q(state="waiting"),
                name="outbox_entry_due",
            ),
            models.Index(
                fields=["organization", "recorded_at"],
                condition=models.Q(state="held"),
                name="outbox_entry_held",
            ),
            # Over all organizations, for figures and the watchdog: what is done is never walked.
            models.Index(
                fields=["run_at"],
                condition=models.Q(state__in=["waiting", "held"]),
                name="outbox_entry_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk} ({self.get_state_display()})"
