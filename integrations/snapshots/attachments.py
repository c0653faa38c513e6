"""A file: it follows its document to the books, and goes when it is taken off."""

from ascora.attachments.models import Attachment
from ascora.outbox.models import OutboxEntry
from integrations.contracts import AttachmentDraft, Kind
from integrations.links import document_at, link_of
from integrations.models import RemoteLink
from integrations.snapshots.outcomes import Books, Remove, Send, Snapshot, Stays, is_in_books

_MARKER_DIGITS = 8


def attachment_marker(attachment: Attachment) -> str:
    """What a person reads beside the file in the books, and by which it is found again."""
    return f"Ascora file {attachment.public_id.hex[:_MARKER_DIGITS]}"


def attachment_snapshot(books: Books, attachment: Attachment, entry: OutboxEntry) -> Snapshot:
    """Never before its document: when that is settled, its files are recorded anew."""
    del entry
    link = link_of(books.connection, attachment)
    if attachment.is_removed:
        return Remove() if link is not None else Stays("Removed; nothing stands in the books.")
    if link is not None:
        return Stays("It hangs on the document in the books.")
    if not books.settings.attaches_files:
        return Stays("Files are not attached in the books: the setting is off.")
    target = _target_of(books, attachment)
    if target is None or not is_in_books(target):
        return Stays("Waits until its document is in the books.")
    return Send(
        AttachmentDraft(
            target_kind=Kind(target.kind),
            target_id=target.remote_id,
            file_name=attachment.name,
            content_type=attachment.content_type,
            sha256=attachment.sha256,
            marker=attachment_marker(attachment),
        )
    )


def _target_of(books: Books, attachment: Attachment) -> RemoteLink | None:
    document = document_at(books.connection, label=attachment.label, pk=attachment.object_pk)
    return link_of(books.connection, document) if document is not None else None
