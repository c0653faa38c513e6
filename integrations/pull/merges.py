"""A customer or supplier that was merged into another in the books: ours follows the survivor, or,
where that is another of ours, a person merges both here too.
"""

from django.db.models.functions import Now

from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.queue import hold_document, release
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import CustomerRecord, DeletedRecord, SupplierRecord
from integrations.links import ALSO, MERGED_INTO, link_to, links_of
from integrations.models import Connection, RemoteLink
from integrations.pull.names import apply_name
from integrations.snapshots.names import merged_into


def apply_merge(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: DeletedRecord
) -> bool:
    """Follow the survivor. Its invoices name it from now on, and that is no edit of theirs."""
    survivor = record.survivor
    if survivor is None:
        return False
    theirs = link_to(connection, survivor.ref)
    if theirs is None:
        return _follow(connection, link, document, survivor)
    _also(theirs, *link.seen.get(ALSO, []), link.remote_id)
    link.gone_at = Now()
    link.seen = link.seen | {MERGED_INTO: survivor.ref.id}
    link.save(update_fields=["gone_at", "seen"])
    message = merged_into(survivor.name)
    entry = entry_for(document)
    if entry is not None:
        hold_document(entry, why=Hold.MERGED_THERE, message=message)
    attempts.note_read(connection, document, record.ref, message=message)
    return True


def _follow(
    connection: Connection,
    link: RemoteLink,
    document: OwnedModel,
    survivor: CustomerRecord | SupplierRecord,
) -> bool:
    _also(link, link.remote_id)
    link.remote_id, link.revision = survivor.ref.id, ""
    link.save(update_fields=["remote_id", "revision"])
    message = f"It was merged into {survivor.name} in the books, and stands for that now."
    attempts.note_read(connection, document, survivor.ref, message=message)
    apply_name(connection, link, document, survivor)
    go_on(connection)
    return True


def go_on(connection: Connection) -> None:
    """What the books refused because whom it names was gone is tried again. What was deleted there
    itself is not: a person decides about that.
    """
    refused = OutboxEntry.objects.owned_by(connection.organization).held()
    waiting = list(refused.filter(hold=Hold.REMOTE_GONE))
    links = links_of(connection).filter(object_pk__in=[entry.object_pk for entry in waiting])
    gone = set(links.filter(gone_at__isnull=False).values_list("label", "object_pk"))
    gone -= set(links.filter(gone_at=None).values_list("label", "object_pk"))
    for entry in waiting:
        if (entry.label, entry.object_pk) not in gone:
            release(entry)


def _also(link: RemoteLink, *remote_ids: str) -> None:
    """The survivor is these too: the one that is gone, and all that were merged into it before."""
    link.seen = link.seen | {ALSO: [*link.seen.get(ALSO, []), *remote_ids]}
    link.save(update_fields=["seen"])
