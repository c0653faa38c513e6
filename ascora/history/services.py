"""`note_changes`: the one call by which a service writes down what it changed."""

from collections.abc import Mapping

from ascora.history.models import FieldChange, Verdict
from ascora.tenancy.audit import said
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
            before=said(document, field, old),
            after=said(document, field, getattr(document, field)),
            origin=origin,
            verdict=verdicts.get(field, Verdict.NONE),
            changed_by=by,
        )
        for field, old in before.items()
    )
