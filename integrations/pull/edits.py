"""A document of ours that somebody edited or voided in the books: told, with what to do; never
overwritten.
"""

from django.db.models.functions import Now

from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import Totalled
from integrations.links import follow_revision, note, was_edited
from integrations.models import Connection, RemoteLink


def tell_of_edit(
    connection: Connection,
    link: RemoteLink,
    document: OwnedModel,
    record: Totalled,
    *,
    is_void_here: bool,
) -> bool:
    """Hold the document when it was edited there. True when something changed here."""
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    if attempts.is_in_doubt(connection, document):
        return False
    if record.is_void and is_void_here:
        note(link, record)
        return False
    entry = entry_for(document)
    if entry is None or _was_told(entry, link):
        return False
    message = _told(link, record)
    if not hold_document(entry, why=Hold.CHANGED_THERE, message=message):
        return False
    link.changed_there_at = Now()
    link.save(update_fields=["changed_there_at"])
    attempts.note_read(connection, document, record.ref, message=message)
    return True


def _was_told(entry: OutboxEntry, link: RemoteLink) -> bool:
    return entry.hold == Hold.CHANGED_THERE and link.changed_there_at is not None


def _told(link: RemoteLink, record: Totalled) -> str:
    """What happened there and what to do. The old revision stays, so nothing is overwritten by
    accident.
    """
    if record.is_void:
        return "It was voided in the books. Void it here too, or send Ascora's version."
    remedy = "Send Ascora's version, or change it here to match."
    if link.total is not None and record.total != link.total:
        return (
            f"It was changed in the books: {record.total:,.2f} there now,"
            f" {link.total:,.2f} before. {remedy}"
        )
    return f"It was changed in the books; the total is the same. {remedy}"
