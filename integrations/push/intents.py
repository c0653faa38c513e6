"""Before the wire: decide what is to be done, and commit the intent with its frozen payload."""

import time
from datetime import datetime, timedelta

from django.conf import settings

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.models import EntryState, OutboxEntry
from ascora.outbox.queue import Claim
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_anew
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.attempts import Intent, title_of
from integrations.backoff import QUARANTINE, SEND_DEADLINE_SECONDS, scaled
from integrations.contracts import Draft, Kind
from integrations.errors import HeldByCustomer
from integrations.links import document_at, link_of, ref_of
from integrations.models import BatchState, PushBatch, RemoteLink, SyncAttempt
from integrations.push.failures import NOT_CERTAIN, hold_for
from integrations.push.frozen import freeze, thaw
from integrations.push.steps import Desk, Looking, Planned, Sending, Step
from integrations.snapshots import Remove, Requires, Send, Snapshot, Stays, snapshot

# A batch in doubt is looked into as a whole; until then each of its documents comes back.
_AGAIN = timedelta(seconds=15)


def lease() -> timedelta:
    """How long a claim stands: longer than connecting and reading may take."""
    return scaled(queue.LEASE, speed=settings.ENGINE_SPEED)


def prepare(desk: Desk, claim: Claim) -> Step | None:
    """One short transaction: what is to be sent or looked for, or None when the entry was settled
    without.

    Raises FencedOut when another worker has taken over.
    """
    with acting_for(desk.organization):
        queue.renew(claim, lease=lease())
        desk.look_at_settings()
        step = _decide(desk, claim)
        return _commit(desk, step) if isinstance(step, Planned) else step


def plan(desk: Desk, claim: Claim) -> Planned | Looking | None:
    """The same without an intent: for what is committed together with others before it is sent."""
    with acting_for(desk.organization):
        queue.look_at(claim)
        return _decide(desk, claim)


def _decide(desk: Desk, claim: Claim) -> Planned | Looking | None:
    entry = claim.entry
    document = document_at(desk.connection, label=entry.label, pk=entry.object_pk)
    if document is None:
        queue.settle(claim, version=entry.version, message="Deleted here before it was sent.")
        return None
    unknown = attempts.unresolved_create(desk.connection, entry)
    if unknown is not None:
        return _look(claim, document, unknown)
    try:
        found = snapshot(desk.books or desk.look_at_settings(), document, entry)
        return _begin(desk, claim, document, found)
    except HeldByCustomer as error:
        queue.hold(claim, why=hold_for(error), message=error.message)
        return None


def _commit(desk: Desk, planned: Planned) -> Sending:
    claim, document, intent = planned.claim, planned.document, planned.intent
    send_before = time.monotonic() + deadline()
    attempt = attempts.begin(desk.connection, claim.entry, document, intent)
    return Sending(claim, document, attempt, Kind(intent.kind), planned.draft, send_before)


def send_again(desk: Desk, looking: Looking, *, looked_at: float) -> Sending:
    """Nothing was found: the same frozen bytes under the same id, as a new intent."""
    before = looking.attempt
    with acting_for(desk.organization):
        entry = queue.renew(looking.claim, lease=lease())
        intent = same_intent(before)
        attempt = attempts.begin(desk.connection, entry, looking.document, intent)
    return Sending(
        claim=looking.claim,
        document=looking.document,
        attempt=attempt,
        kind=looking.kind,
        draft=looking.draft,
        send_before=looked_at + deadline(),
    )


def same_intent(before: SyncAttempt) -> Intent:
    """The very same bytes under the same id."""
    return Intent(
        operation=before.operation,
        version=before.entry_version,
        request_id=before.request_id,
        payload=before.payload,
        kind=before.kind,
        answer=before.answer,
    )


def deadline() -> float:
    """Seconds from the commit of an intent until it may not be sent any more."""
    return SEND_DEADLINE_SECONDS / float(settings.ENGINE_SPEED)


def _look(claim: Claim, document: OwnedModel, unknown: SyncAttempt) -> Looking | None:
    """Not before nothing can be in flight any more, by the database's clock."""
    now, certain_at = database_now(), _certain_at(unknown)
    if is_in_doubt(unknown.batch):
        certain_at = max(certain_at, now + scaled(_AGAIN, speed=settings.ENGINE_SPEED))
    if now < certain_at:
        queue.postpone(claim, until=certain_at, message=NOT_CERTAIN)
        return None
    kind = Kind(unknown.kind)
    return Looking(claim, document, unknown, kind, thaw(kind, unknown.answer))


def is_in_doubt(batch: PushBatch | None) -> bool:
    """What went in it is looked for together with the others (push/doubts.py)."""
    return batch is not None and batch.state == BatchState.IN_DOUBT


def _certain_at(unknown: SyncAttempt) -> datetime:
    """When nothing can be in flight any more. Of a batch that was seen in part, what came with it
    can be seen by then, too.
    """
    quarantine = scaled(QUARANTINE, speed=settings.ENGINE_SPEED)
    batch = unknown.batch
    if batch is None:
        return unknown.sent_at + quarantine
    sent_at = max(unknown.sent_at, batch.sent_at)
    return max(sent_at, batch.opened_at or sent_at) + quarantine


def _begin(desk: Desk, claim: Claim, document: OwnedModel, found: Snapshot) -> Planned | None:
    if isinstance(found, Stays):
        queue.settle(claim, version=claim.version, message=found.message, why=found.why)
        return None
    if isinstance(found, Requires):
        _wait_for(desk, claim, document, found)
        return None
    link = link_of(desk.connection, document)
    draft = found.draft if isinstance(found, Send) else None
    if draft is not None:
        intent = _written(desk, claim, link, draft)
    else:
        intent = _taken_back(claim, link, found)
    return Planned(claim, document, intent, draft)


def _written(desk: Desk, claim: Claim, link: RemoteLink | None, draft: Draft) -> Intent:
    """The frozen bytes of a create, or of an update of what is linked."""
    if link is None:
        payload = desk.ledger.payload(draft).decode()
        request_id = _request_id(desk, claim, payload)
        return Intent(
            "create", claim.version, request_id, payload, draft.kind, answer=freeze(draft)
        )
    if link.kind != draft.kind:
        raise RuntimeError("one kind of document cannot become another: remove it first")
    payload = desk.ledger.payload(draft, existing=ref_of(link)).decode()
    return Intent("update", claim.version, "", payload, draft.kind, link.remote_id, freeze(draft))


def _taken_back(claim: Claim, link: RemoteLink | None, found: Snapshot) -> Intent:
    """Void, or delete, what is linked."""
    if link is None:
        raise RuntimeError("nothing to take back")
    operation = "delete" if isinstance(found, Remove) else "void"
    return Intent(operation, claim.version, kind=link.kind, remote_id=link.remote_id)


def _request_id(desk: Desk, claim: Claim, payload: str) -> str:
    """From the entry, never random. Another payload after a certain failure is another
    operation.
    """
    entry = claim.entry
    request_id = f"{entry.operation.hex}-{entry.generation}"
    last = attempts.last_create(desk.connection, entry, request_id=request_id)
    if last is None or last.payload == payload:
        return request_id
    return f"{entry.operation.hex}-{queue.grow_generation(claim)}"


# --- What must go first ---------------------------------------------------------------------------


def _wait_for(desk: Desk, claim: Claim, document: OwnedModel, found: Requires) -> None:
    """Block the entry behind the first of these that is not done, and see that all of them are on
    their way. Whatever became done while we looked is looked at again, not sent again.
    """
    seen = [entry_for(each) for each in found.documents]
    if any(_is_done(entry) for entry in seen) and not _is_still(desk, claim, document, found):
        queue.postpone(claim, until=database_now())
        return
    entries = [
        _on_its_way(each, entry, claim) for each, entry in zip(found.documents, seen, strict=True)
    ]
    first = next((entry for entry in entries if entry.state == EntryState.HELD), entries[0])
    name = title_of(found.documents[entries.index(first)])
    message = f"Waits for {name}."
    if first.state == EntryState.HELD:
        message = f"Waits for {name}, which needs attention: {first.message}"
    queue.block(claim, behind=first, message=message)


def _is_done(entry: OutboxEntry | None) -> bool:
    return entry is not None and entry.state == EntryState.DONE


def _is_still(desk: Desk, claim: Claim, document: OwnedModel, found: Requires) -> bool:
    """The same must go first, read later than its entries: a link and its entry's end are
    committed together.
    """
    now = snapshot(desk.books or desk.look_at_settings(), document, claim.entry)
    return isinstance(now, Requires) and now.documents == found.documents


def _on_its_way(document: OwnedModel, entry: OutboxEntry | None, claim: Claim) -> OutboxEntry:
    """Its entry, recorded anew when it was done without being sent. A held one is left to its
    person.
    """
    if entry is None or _is_done(entry):
        return record_anew(document, by=claim.entry.recorded_by, seen=entry)
    return entry
