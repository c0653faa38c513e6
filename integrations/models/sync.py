"""Links between documents of both sides, attempts, cursors, hints and the meter of reads."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from ascora.common.fields import MoneyField
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from integrations.models.batches import PushBatch
from integrations.models.connections import Connection


class RemoteLink(OwnedModel):
    """Our document (label, object_pk) is that document in the books. Never deleted while the
    connection stands.

    `kind` is a value of contracts.Kind. `seen` is what the books last said of it (amounts as
    decimal strings),
    `total` its total in cents as last answered. `gone_at` is set when it was deleted there,
    `voided_at` when voided.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=40)
    revision = models.CharField(max_length=40, blank=True)
    total = MoneyField(null=True, blank=True)
    seen = models.JSONField(default=dict, blank=True)
    changed_there_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    linked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            *owned_constraints("remote_link", "connection"),
            models.UniqueConstraint(
                fields=["organization", "connection", "label", "object_pk"],
                condition=models.Q(gone_at=None),
                name="remote_link_one_per_document",
            ),
            models.UniqueConstraint(
                fields=["organization", "connection", "kind", "remote_id"],
                name="remote_link_one_per_remote_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk} = {self.kind} {self.remote_id}"


class Direction(models.TextChoices):
    """Which way."""

    PUSH = "push", "Sent"
    PULL = "pull", "Read"


class Outcome(models.TextChoices):
    """What came of an attempt."""

    SENDING = "sending", "On its way"
    DONE = "done", "Done"
    NOT_SENT = "not_sent", "Not sent"
    FAILED = "failed", "Refused"
    UNKNOWN = "unknown", "No certain answer"
    ADOPTED = "adopted", "Found there"


class SyncAttempt(OwnedModel):
    """One try to send, or one reading of a change: what, when, what came of it, in words.

    `batch` is the request that carried it together with others.
    `payload` is the frozen body of a write, committed before it is sent; until the outcome is known
    only those bytes
    may go under `request_id`. `sent_at` and `finished_at` are the database's clock. No token, no
    secret.
    """

    COUNTED_AS = ("line", "lines")

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="attempts")
    entry = models.ForeignKey(
        OutboxEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="attempts"
    )
    batch = models.ForeignKey(
        PushBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="attempts",
    )
    direction = models.CharField(max_length=5, choices=Direction.choices)
    label = models.CharField(max_length=60, blank=True)
    object_pk = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    operation = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, blank=True)
    remote_id = models.CharField(max_length=40, blank=True)
    entry_version = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=50, blank=True)
    payload = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.SENDING)
    fault = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    trace_id = models.CharField(max_length=100, blank=True)
    answer = models.JSONField(default=dict, blank=True)
    sent_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-sent_at", "-pk"]
        constraints = owned_constraints("sync_attempt", "connection", "entry", "batch")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-sent_at", "-id"], name="sync_attempt_by_time"),
            models.Index(
                fields=["organization", "label", "object_pk", "-sent_at"],
                name="sync_attempt_by_document",
            ),
            models.Index(
                fields=["batch"],
                condition=models.Q(batch__isnull=False),
                name="sync_attempt_of_batch",
            ),
            # For figures over all organizations since a time: rows lie in the order of time.
            BrinIndex(fields=["sent_at"], autosummarize=True, name="sync_attempt_of_late"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.title}"


class PullCursor(OwnedModel):
    """Up to when changes of the books have been seen; moved only after a clean pass, to the time
    taken first.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="cursor")
    seen_until = models.DateTimeField()
    needs_full_read = models.BooleanField(default=False)
    bad_records = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = owned_constraints("pull_cursor", "connection")

    def __str__(self) -> str:
        return f"seen until {self.seen_until:%Y-%m-%d %H:%M}"


class WebhookHint(OwnedModel):
    """An event that the books announced. Kept so that a duplicate is recognised; it only says
    "something changed".
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="hints")
    event_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    remote_id = models.CharField(max_length=40)
    operation = models.CharField(max_length=12)
    gone_id = models.CharField(max_length=40, blank=True, default="")
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            *owned_constraints("webhook_hint", "connection"),
            models.UniqueConstraint(
                fields=["organization", "event_id"],
                name="webhook_hint_unique_event_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.operation}"


class ReadMeter(OwnedModel):
    """How many metered reads were made for an organization on a day (UTC)."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="reads")
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            *owned_constraints("read_meter", "connection"),
            models.UniqueConstraint(
                fields=["organization", "connection", "day"], name="read_meter_one_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.reads}"


class MonthOfReads(models.Model):
    """How many metered reads all organizations together made of one package in a month (UTC).

    No business's data. Counted in the transaction that counts a `ReadMeter`, so it is their sum.
    `refused_at`: when the package last refused a read while the month's allowance was nearly used.
    `told`: the highest standing (70, 90, 100 per cent) that the operator was written to about.
    """

    provider = models.CharField(max_length=40)
    month = models.DateField()
    reads = models.PositiveBigIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["provider", "month"], name="month_of_reads_one_per_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.month:%Y-%m}: {self.reads}"
