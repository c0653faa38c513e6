"""`record_change`: the one call that domain services make when the books must hear of a change."""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.bulk import insert_rows
from ascora.tenancy.models import Organization, OwnedModel, User


class NotInATransaction(RuntimeError):
    """A change and its outbox entry must be committed together."""


def record_change(document: OwnedModel, *, by: User | None, origin: str = "") -> OutboxEntry:
    """Note that this document changed, in the caller's transaction; coalesces with an entry that
    still waits.

    `by` is the person, or None for a worker. `origin` names the connection that the change was
    pulled from: such a
    change is already in the books, so it moves the version on without sending anything, unless
    changes of our own
    are still waiting.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction(f"{document._meta.label_lower} {document.pk}")
    entries = OutboxEntry.objects.owned_by(document.organization)
    settled = {"state": EntryState.DONE, "settled_version": 1} if origin else {}
    entry, is_new = entries.get_or_create(
        organization=document.organization,
        label=document._meta.label_lower,
        object_pk=document.pk,
        defaults={"recorded_by": by, **settled},
    )
    if not is_new:
        entry = entries.select_for_update(of=("self",)).get(pk=entry.pk)
        _move_on(entry, by, is_there=bool(origin))
    if entry.state == EntryState.WAITING:
        transaction.on_commit(lambda: ring(document.organization_id.hex))
    return entry


def record_anew(document: OwnedModel, *, by: User | None, seen: OutboxEntry | None) -> OutboxEntry:
    """Put on its way what must go before another, in the caller's transaction; again is harmless.

    `seen` is the entry as it was read, or None when there was none: whatever somebody else did with
    it since then is enough, and nothing is sent twice.
    """
    if seen is None:
        entry, _ = OutboxEntry.objects.owned_by(document.organization).get_or_create(
            organization=document.organization,
            label=document._meta.label_lower,
            object_pk=document.pk,
            defaults={"recorded_by": by},
        )
    else:
        entries = OutboxEntry.objects.owned_by(document.organization)
        entry = entries.select_for_update(of=("self",)).get(pk=seen.pk)
        if (entry.version, entry.state) == (seen.version, seen.state):
            _move_on(entry, by, is_there=False)
    if entry.state == EntryState.WAITING:
        transaction.on_commit(lambda: ring(document.organization_id.hex))
    return entry


def record_known(documents: Sequence[OwnedModel]) -> None:
    """Note in bulk that these new documents were read from the books: settled, nothing to send.

    What `record_change(document, by=None, origin=...)` does for one, in two statements for all.
    They share model and organization. A document that has an entry keeps it.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("documents read from the books")
    if not documents:
        return
    insert_rows(
        OutboxEntry,
        organization_id=documents[0].organization_id,
        rows=[{"object_pk": document.pk} for document in documents],
        same={
            "label": documents[0]._meta.label_lower,
            "state": EntryState.DONE,
            "settled_version": 1,
            "settled_at": database_now(),
        },
        skips_known=True,
    )


def _move_on(entry: OutboxEntry, by: User | None, *, is_there: bool) -> None:
    """To the next version; what comes from the books is settled unless ours still waits."""
    was_settled = entry.settled_version == entry.version
    entry.version += 1
    if is_there and was_settled:
        entry.settled_version = entry.version
        entry.state, entry.hold, entry.message = EntryState.DONE, Hold.NONE, ""
    elif not is_there:
        _wait(entry, by)
    entry.save()


def _wait(entry: OutboxEntry, by: User | None) -> None:
    entry.state, entry.hold, entry.message = EntryState.WAITING, Hold.NONE, ""
    entry.tries = 0
    entry.run_at = Now()
    entry.recorded_at = Now()
    entry.recorded_by = by


def release_held(*, organization: Organization, why: Hold) -> None:
    """What is held for this reason is tried again. In the caller's transaction."""
    held = OutboxEntry.objects.owned_by(organization).filter(state=EntryState.HELD, hold=why)
    if [entry for entry in held if queue.release(entry)]:
        transaction.on_commit(lambda: ring(organization.pk.hex))


def ring(organization_hex: str) -> None:
    """Ring the doorbell named in settings. Only about speed: due work is found without it."""
    import_string(settings.OUTBOX_DOORBELL)(organization_hex)
