"""The row behind a form: whether somebody saved it while the form was open, and who it was."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone

from ascora.common.meanwhile import SAVE_AGAIN, Seen
from ascora.tenancy.models import LastEdit, OwnedModel, User


class ChangedMeanwhile(ValidationError):
    """Somebody else saved the row; the message says who, when and what."""


def note_edit(row: OwnedModel, *, by: User | None) -> None:
    """Remember who saved the row last."""
    LastEdit.objects.owned_by(row.organization).update_or_create(
        organization=row.organization,
        label=row._meta.label_lower,
        object_pk=row.pk,
        defaults={"by": by, "at": timezone.now()},
    )


def column_values(row: OwnedModel) -> dict[str, object]:
    """The row's columns, as they were read."""
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def refuse_if_saved_now(row: OwnedModel, as_read: dict[str, object]) -> None:
    """Hold the row until the transaction ends; refuse if it is not as it was read a moment ago."""
    rows = type(row).objects.owned_by(row.organization).select_for_update().filter(pk=row.pk)
    now = rows.values(*as_read).first()
    if now is None:
        raise ChangedMeanwhile("Somebody deleted this while you had it open.")
    if now != as_read:
        raise ChangedMeanwhile("Somebody saved this at this moment. Look, then save again.")


def changed_meanwhile(row: OwnedModel, seen: Seen, changes: Sequence[str]) -> ChangedMeanwhile:
    """The refusal: who saved it when, each change in words, and what saving again does."""
    return ChangedMeanwhile(
        [
            f"{_who(row, seen)} while you had it open: {'; '.join(changes)}.",
            SAVE_AGAIN,
        ]
    )


def _who(row: OwnedModel, seen: Seen) -> str:
    edits = LastEdit.objects.owned_by(row.organization).select_related("by")
    last = edits.filter(label=row._meta.label_lower, object_pk=row.pk, at__gt=seen.at).first()
    if last is None:
        return "This was changed elsewhere"
    return f"{last.by or 'Somebody'} saved this at {timezone.localtime(last.at):%H:%M}"
