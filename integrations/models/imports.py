"""A run of the customer import: where it stands, and what became of each customer."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from integrations.models.connections import Connection


class ImportState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Stopped"


class ImportRun(OwnedModel):
    """Reads every customer of the books page by page; `next_start` (from 1) is committed with each
    page's rows.

    Resumed after a crash when its lease has run out; repeating it makes no doubles.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="imports")
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    expected = models.PositiveIntegerField(default=0)
    next_start = models.PositiveIntegerField(default=1)
    added = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints = [
            *owned_constraints("import_run", "connection"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="import_run_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"import of {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seen(self) -> int:
        """How many customers have been looked at."""
        return self.added + self.matched + self.left_out

    @property
    def shown_rows(self) -> "models.QuerySet[ImportRow]":
        """Those left out first, then those matched; at most five hundred."""
        return self.rows.order_by("outcome", "name")[:500]


class ImportOutcome(models.TextChoices):
    """What became of one customer of the books."""

    ADDED = "added", "Added"
    MATCHED = "matched", "Matched"
    LEFT_OUT = "left_out", "Left out"


class ImportRow(OwnedModel):
    """One customer of the books in a run. Added ones are only counted; matched and left-out ones
    are kept with why.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    remote_id = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    outcome = models.CharField(max_length=10, choices=ImportOutcome.choices)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            *owned_constraints("import_row", "run"),
            models.UniqueConstraint(
                fields=["organization", "run", "remote_id"], name="import_row_one_per_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.name
