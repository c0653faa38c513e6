"""Our service items: one that was re-pointed or switched off is noticed before a line goes
astray.
"""

from ascora.chart.models import LedgerAccount
from ascora.outbox.models import Hold
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import ItemRecord
from integrations.links import follow_revision, note, was_edited
from integrations.models import Connection, RemoteLink


def apply_item(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: ItemRecord
) -> bool:
    """Hold the account's entry when its item no longer posts to it."""
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    if not isinstance(document, LedgerAccount):
        return False
    is_right = record.income_account_id == document.remote_id and record.is_active
    note(link, record)
    if is_right:
        return False
    message = (
        f'The item "{record.name}" was switched off in the books, or posts to another account now.'
        " Press Send Ascora's version to put it right."
    )
    entry = entry_for(document)
    if entry is not None:
        hold_document(entry, why=Hold.CHANGED_THERE, message=message)
    attempts.note_read(connection, document, record.ref, message=message)
    return True
