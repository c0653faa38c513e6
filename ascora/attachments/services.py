"""Hanging a file on a document, and taking it off."""

from django.utils import timezone

from ascora.attachments.files import CheckedFile
from ascora.attachments.models import Attachment
from ascora.tenancy.models import OwnedModel, User


def attach(
    *, document: OwnedModel, purpose: str, upload: CheckedFile, by: User | None
) -> Attachment:
    """Hang a file on a document. The same content for the same purpose is kept once."""
    same = Attachment.objects.owned_by(document.organization).filter(
        label=document._meta.label_lower,
        object_pk=document.pk,
        purpose=purpose,
        sha256=upload.sha256,
        removed_at=None,
    )
    return same.first() or Attachment.objects.create(
        organization=document.organization,
        label=document._meta.label_lower,
        object_pk=document.pk,
        purpose=purpose,
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        content=upload.content,
        created_by=by,
    )


def detach(*, attachment: Attachment, by: User | None) -> Attachment:
    """Take a file off its document: its content goes, its name stays known. May be called again."""
    if not attachment.is_removed:
        attachment.removed_at = timezone.now()
        attachment.content = b""
        attachment.save(update_fields=["removed_at", "content"])
    return attachment
