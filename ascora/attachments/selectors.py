"""Reading files. The content is fetched only where it is asked for."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.attachments.models import Attachment
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet


def attachments_for(document: OwnedModel, *, purpose: str = "") -> OwnedQuerySet[Attachment]:
    """The files of a document, oldest first, without their content."""
    rows = Attachment.objects.owned_by(document.organization).filter(
        label=document._meta.label_lower, object_pk=document.pk, removed_at=None
    )
    return (rows.filter(purpose=purpose) if purpose else rows).defer("content")


def attachment_for(organization: Organization, public_id: UUID) -> Attachment:
    """One file with its content; Http404 when the business has no such one."""
    rows = Attachment.objects.owned_by(organization).filter(removed_at=None)
    return get_object_or_404(rows, public_id=public_id)


def attachment_content_for(attachment: Attachment, *, sha256: str) -> bytes | None:
    """Its bytes, if they are still those of this digest."""
    rows = Attachment.objects.owned_by(attachment.organization).filter(pk=attachment.pk)
    found = rows.filter(removed_at=None, sha256=sha256).first()
    return bytes(found.content) if found else None
