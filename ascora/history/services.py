"""`note_changes`: the one call by which a service writes down what it changed."""

from collections.abc import Mapping

from django.core.exceptions import FieldDoesNotExist

from ascora.history.models import FieldChange, Verdict
from ascora.tenancy.models import OwnedModel, User


def note_changes(
    document: OwnedModel,
    *,
    before: Mapping[str, object],
    by: User | None,
    origin: str = "",
    both: Mapping[str, Verdict] | None = None,
) -> None:
    """Write down the fields that `before` names with what they were; `document` holds what they
    are now. In the caller's transaction.

    `both` says the verdict of the fields that both sides had changed. There `before` holds the
    value that lost.
    """
    verdicts = both or {}
    FieldChange.objects.bulk_create(
        FieldChange(
            organization_id=document.organization_id,
            label=document._meta.label_lower,
            object_pk=document.pk,
            field=field,
            before=_said(document, field, old),
            after=_said(document, field, getattr(document, field)),
            origin=origin,
            verdict=verdicts.get(field, Verdict.NONE),
            changed_by=by,
        )
        for field, old in before.items()
    )


def _said(document: OwnedModel, field: str, value: object) -> str:
    """One of several choices is told by its label."""
    try:
        choices = getattr(document._meta.get_field(field), "flatchoices", ())
    except FieldDoesNotExist:
        choices = ()
    return _text(dict(choices).get(value, value))


def _text(value: object) -> str:
    """As a person reads it: nothing for nothing, yes and no for what is either."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
