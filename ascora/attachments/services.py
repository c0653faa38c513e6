"""Hanging a file on a document, and taking it off."""

from django.db import transaction
from django.utils import timezone

from ascora.attachments.files import CheckedFile
from ascora.attachments.models import FOR_THE_BOOKS, Attachment
from ascora.outbox.services import record_change
from ascora.tenancy.models import OwnedModel, User


@transaction.atomic
def attach(
    *, document: OwnedModel, purpose: str, upload: CheckedFile, by: User | None, edition: int = 1
) -> Attachment:
    """Hang a file on a document. The same content for the same purpose is kept once."""
    found = _same(document, purpose, upload)
    if found is not None:
        return found
    attachment = Attachment.objects.create(
        organization=document.organization,
        label=document._meta.label_lower,
        object_pk=document.pk,
        purpose=purpose,
        name=upload.name,
        content_type=upload.content_type,
        edition=edition,
        size=upload.size,
        sha256=upload.sha256,
        content=upload.content,
        created_by=by,
    )
    if purpose in FOR_THE_BOOKS:
        record_change(attachment, by=by)
    return attachment


def _same(document: OwnedModel, purpose: str, upload: CheckedFile) -> Attachment | None:
    same = Attachment.objects.owned_by(document.organization).filter(
        label=document._meta.label_lower,
        object_pk=document.pk,
        purpose=purpose,
        sha256=upload.sha256,
        removed_at=None,
    )
    return same.first()


@transaction.atomic
def detach(*, attachment: Attachment, by: User | None) -> Attachment:
    """Take a file off its document: its content goes, its name stays known. May be called again."""
    if not attachment.is_removed:
        attachment.removed_at = timezone.now()
        attachment.content = b""
        attachment.save(update_fields=["removed_at", "content"])
        if attachment.purpose in FOR_THE_BOOKS:
            record_change(attachment, by=by)
    return attachment
