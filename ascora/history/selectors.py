"""Reading the history of a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist

from ascora.history.models import FieldChange
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A change in a person's words."""

    change: FieldChange
    name: str

    @property
    def who(self) -> str:
        """The person, the books, or the machine."""
        if self.change.changed_by:
            return str(self.change.changed_by)
        return "The books" if self.change.origin else "Ascora"


def changes_for(document: OwnedModel) -> OwnedQuerySet[FieldChange]:
    """Every change, the newest first."""
    return FieldChange.objects.owned_by(document.organization).filter(
        label=document._meta.label_lower, object_pk=document.pk
    )


def told_changes_for(document: OwnedModel) -> Sequence[Told]:
    """The newest changes with the names of their fields."""
    changes = changes_for(document).select_related("changed_by")[:SHOWN]
    return [Told(change, _name_of(document, change.field)) for change in changes]


def last_changed_at(document: OwnedModel, field: str) -> datetime | None:
    """When a person last changed this field here; None when nobody did since history is kept."""
    ours = changes_for(document).filter(field=field, origin="")
    return ours.values_list("changed_at", flat=True).first()


def _name_of(document: OwnedModel, field: str) -> str:
    try:
        name = document._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        name = field.removeprefix("is_").replace("_", " ")
    return str(name)[:1].upper() + str(name)[1:]
