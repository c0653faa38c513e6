"""One row per changed field; written with the change itself. Only added to: the database refuses
to change a row and deletes none.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User


class Verdict(models.TextChoices):
    """What became of a field that both sides had changed."""

    NONE = "", "Only one side changed it"
    THEIRS = "theirs", "Both sides changed it; the books' newer value was taken"
    OURS = "ours", "Both sides changed it; the newer value here was kept"


class FieldChange(OwnedModel):
    """A field of a document (label, object_pk) went from one value to another.

    `origin` names the connection that a value came from, empty for a change made here. Where both
    sides had changed it, `verdict` says which was taken; `before` is the value that lost.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    field = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    origin = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(
        max_length=6, choices=Verdict.choices, blank=True, default=Verdict.NONE
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "-pk"]
        constraints = owned_constraints("field_change")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "label", "object_pk", "-changed_at"],
                name="field_change_by_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} to {self.after}"
