"""Reading letters."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from payments.models import Letter


def letters_of(document: OwnedModel) -> OwnedQuerySet[Letter]:
    """What was sent of a document, newest first, without the files."""
    rows = Letter.objects.owned_by(document.organization).filter(
        label=document._meta.label_lower, object_pk=document.pk
    )
    return rows.select_related("created_by", "attachment").defer("attachment__content")


def letter_for(organization: Organization, public_id: UUID) -> Letter:
    """One letter; Http404 when the business has no such one."""
    return get_object_or_404(Letter.objects.owned_by(organization), public_id=public_id)
