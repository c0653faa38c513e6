"""Names and supplies from a file: the run, each row of the file, and the columns as last chosen."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet


class FileKind(models.TextChoices):
    """What a file holds."""

    CUSTOMERS = "customers", "Customers"
    SUPPLIERS = "suppliers", "Suppliers"
    SUPPLIES = "supplies", "Supplies"


class FileImportState(models.TextChoices):
    """Where a run stands."""

    MAPPING = "mapping", "Choose the columns"
    CHECKING = "checking", "Looking through the file"
    READY = "ready", "Ready to import"
    RUNNING = "running", "Importing"
    DONE = "done", "Imported"
    UNDOING = "undoing", "Taking it back"
    UNDONE = "undone", "Taken back"


AT_WORK = (FileImportState.CHECKING, FileImportState.RUNNING, FileImportState.UNDOING)


class FileImport(OwnedModel):
    """One file. `mapping` says which column (from 0) fills which field.

    `position` is how many rows the present state has handled; it is committed with them, so that a
    run goes on after a crash and no row is handled twice.
    """

    kind = models.CharField(max_length=12, choices=FileKind.choices)
    state = models.CharField(
        max_length=10, choices=FileImportState.choices, default=FileImportState.MAPPING
    )
    file_name = models.CharField(max_length=200)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints = owned_constraints("file_import")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "started_at"],
                condition=models.Q(state__in=["checking", "running", "undoing"]),
                name="file_import_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_at_work(self) -> bool:
        """A worker is handling its rows, or is about to."""
        return self.state in AT_WORK


class Verdict(models.TextChoices):
    """What a row would do, or did."""

    UNCHECKED = "", "Not looked at yet"
    ADD = "add", "Added"
    CHANGE = "change", "Changed"
    SAME = "same", "Nothing new"
    REFUSED = "refused", "Left out"


class FileImportRowQuerySet(OwnedQuerySet["FileImportRow"]):
    """Words for picking rows."""

    def to_import(self) -> "FileImportRowQuerySet":
        """Those that add or change something."""
        return self.filter(verdict__in=[Verdict.ADD, Verdict.CHANGE])


FileImportRowManager = models.Manager.from_queryset(FileImportRowQuerySet)


class FileImportRow(OwnedModel):
    """A row of the file. `changes` maps a field's label to the texts before and after.

    `key` is the folded name by which the row is matched. `undo` holds what taking it back needs.
    """

    run = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    key = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(
        max_length=10, choices=Verdict.choices, blank=True, default=Verdict.UNCHECKED
    )
    reason = models.CharField(max_length=1000, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    undo = models.JSONField(default=dict, blank=True)
    object_pk = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar["FileImportRowManager[FileImportRow]"] = FileImportRowManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        verbose_name = "row"
        constraints = [
            *owned_constraints("file_import_row", "run"),
            models.UniqueConstraint(
                fields=["organization", "run", "number"], name="file_import_row_once_per_run"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "run", "key"], name="file_import_row_by_key"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class FileColumns(OwnedModel):
    """Which heading filled which field the last time, for each kind of file."""

    kind = models.CharField(max_length=12, choices=FileKind.choices)
    fields = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            *owned_constraints("file_columns"),
            models.UniqueConstraint(
                fields=["organization", "kind"], name="file_columns_one_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"columns of {self.kind}"
