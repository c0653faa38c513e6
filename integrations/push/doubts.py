"""Batches of which nobody knows what became of them, looked into as a whole.

Nothing of a batch is there, and nothing of it was ever answered: it is sent again as it was, under
the same id, so that books whose index is late give their old answer. Something of it is there: what
is missing waits until it would be seen, too, and then each goes the way of a single document.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.queue import Claim
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.allowance import turn
from integrations.attempts import attempts_of
from integrations.backoff import LONGEST_BLIND, QUARANTINE, scaled
from integrations.contracts import Kind, Record
from integrations.errors import BooksError
from integrations.links import document_at
from integrations.models import BatchState, Outcome, PushBatch, SyncAttempt
from integrations.push.batches import Batch, close, give_back, transmit
from integrations.push.failures import NOT_CERTAIN, care_for_connection, contained
from integrations.push.frozen import thaw
from integrations.push.intents import deadline, lease, same_intent
from integrations.push.lookup import MARGIN, take_over
from integrations.push.steps import Desk, EndOfSlice, Looking, Sending
from integrations.selectors import usable_connection_for

_AGAIN = timedelta(seconds=30)


@dataclass
class Doubt:
    """A batch that this worker may resolve: what is unknown in it, and the claims it got."""

    row: PushBatch
    owner: uuid.UUID
    unknown: list[SyncAttempt]
    claims: dict[int, Claim]
    missing: list[SyncAttempt] = field(default_factory=list)
    is_seen: bool = False

    @property
    def is_untouched(self) -> bool:
        """Nothing of it was ever answered."""
        return len(self.unknown) == len(self.row.composition)


def resolve(desk: Desk) -> int:
    """Look into one batch in doubt, if there is one; how many documents were handled."""
    doubt = _take(desk)
    if doubt is None:
        return 0
    try:
        _resolve(desk, doubt)
    except BooksError as error:
        give_back(desk, list(doubt.claims.values()), message=NOT_CERTAIN, after=_AGAIN)
        care_for_connection(desk, error)
    except EndOfSlice:
        give_back(desk, list(doubt.claims.values()), message=NOT_CERTAIN, after=_AGAIN)
        raise
    return len(doubt.claims)


def _resolve(desk: Desk, doubt: Doubt) -> None:
    for attempt in doubt.unknown:
        _look(desk, doubt, attempt)
    if doubt.is_seen:
        _open(desk, doubt)
    elif doubt.is_untouched:
        _send_again(desk, doubt)
    elif _is_anything_seen(desk, doubt) or _is_long_ago(doubt):
        _open(desk, doubt)
    else:
        give_back(desk, list(doubt.claims.values()), message=NOT_CERTAIN, after=_AGAIN)


def _take(desk: Desk) -> Doubt | None:
    """Nobody else resolves it meanwhile, nor pushes what is in it."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    certain = Now() - scaled(QUARANTINE, speed=settings.ENGINE_SPEED)
    with acting_for(desk.organization):
        rows = PushBatch.objects.owned_by(desk.organization).filter(
            free, connection=desk.connection, state=BatchState.IN_DOUBT, sent_at__lte=certain
        )
        row = rows.select_for_update(skip_locked=True, of=("self",)).order_by("sent_at").first()
        if row is None:
            return None
        unknown = attempts.unresolved_in(row)
        if not unknown:
            close(desk, row)
            return None
        row.lease_owner, row.lease_until = uuid.uuid4(), database_now() + lease()
        row.save(update_fields=["lease_owner", "lease_until"])
        pks = [attempt.entry_id for attempt in unknown if attempt.entry_id is not None]
        claims = queue.claim_these(desk.organization, pks, lease=lease())
    return Doubt(row, row.lease_owner, unknown, {claim.entry.pk: claim for claim in claims})


def _find(desk: Desk, attempt: SyncAttempt) -> tuple[Record, ...]:
    draft = thaw(Kind(attempt.kind), attempt.answer)
    return desk.ledger.find(draft, since=attempt.sent_at - MARGIN)


def _look(desk: Desk, doubt: Doubt, attempt: SyncAttempt) -> None:
    """Also for what another holds: what is seen of a batch decides for all of it."""
    found = _find(desk, attempt)
    if not found:
        doubt.missing.append(attempt)
        return
    doubt.is_seen = True
    claim = doubt.claims.get(attempt.entry_id or 0)
    if claim is not None:
        contained(desk, claim, partial(_take_over, desk, claim, attempt, found))


def _take_over(desk: Desk, claim: Claim, attempt: SyncAttempt, found: tuple[Record, ...]) -> None:
    looking = _looking(desk, claim, attempt)
    if looking is not None:
        take_over(desk, looking, found)


def _looking(desk: Desk, claim: Claim, attempt: SyncAttempt) -> Looking | None:
    kind, entry = Kind(attempt.kind), claim.entry
    with acting_for(desk.organization):
        document = document_at(desk.connection, label=entry.label, pk=entry.object_pk)
        if document is None:
            queue.settle(claim, version=entry.version, message="Deleted here meanwhile.")
            return None
    return Looking(claim, document, attempt, kind, thaw(kind, attempt.answer))


def _is_anything_seen(desk: Desk, doubt: Doubt) -> bool:
    """Something of it was certainly made: while that cannot be seen, a look decides nothing."""
    with acting_for(desk.organization):
        made = list(
            attempts_of(desk.connection).filter(
                batch=doubt.row, outcome__in=(Outcome.DONE, Outcome.ADOPTED)
            )
        )
    return any(_find(desk, attempt) for attempt in made)


def _is_long_ago(doubt: Doubt) -> bool:
    return database_now() > doubt.row.sent_at + scaled(LONGEST_BLIND, speed=settings.ENGINE_SPEED)


def _open(desk: Desk, doubt: Doubt) -> None:
    """It was carried out: what is missing is looked for once more by itself, when whatever came
    with what was seen can be seen.
    """
    with acting_for(desk.organization):
        row = _held(desk, doubt)
        if row is None:
            return
        row.state, row.opened_at, row.payload = BatchState.OPENED, database_now(), ""
        row.save(update_fields=["state", "opened_at", "payload"])
    give_back(desk, list(doubt.claims.values()), message=NOT_CERTAIN, after=QUARANTINE)


def _held(desk: Desk, doubt: Doubt) -> PushBatch | None:
    """The batch as it is now, locked, if this worker still resolves it."""
    rows = PushBatch.objects.owned_by(desk.organization).filter(
        pk=doubt.row.pk, lease_owner=doubt.owner, state=BatchState.IN_DOUBT
    )
    return rows.select_for_update(of=("self",)).first()


def _send_again(desk: Desk, doubt: Doubt) -> None:
    """The very same request. What another holds is carried along and settled by whoever may."""
    with turn(desk.connection, is_batch=True) as is_ours:
        batch = _commit_again(desk, doubt) if is_ours else None
        if batch is None:
            give_back(desk, list(doubt.claims.values()), message=NOT_CERTAIN, after=_AGAIN)
            return
        alone = transmit(desk, batch)
    give_back(desk, alone)


def _commit_again(desk: Desk, doubt: Doubt) -> Batch | None:
    marks = {each["entry"]: each["mark"] for each in doubt.row.composition}
    with acting_for(desk.organization):
        if usable_connection_for(desk.organization) is None:
            return None
        row = _held(desk, doubt)
        held = queue.renew_many(list(doubt.claims.values()), lease=lease())
        if row is None or not held:
            return None
        send_before = time.monotonic() + deadline()
        row.sent_at, row.lease_until = database_now(), None
        row.sendings = F("sendings") + 1
        row.save(update_fields=["sent_at", "lease_until", "sendings"])
        looking = _still_here(desk, doubt, held)
        wanted = [(each.claim.entry, each.document, same_intent(each.attempt)) for each in looking]
        begun = attempts.begin_batch(desk.connection, row, wanted)
    sendings = {
        marks[each.claim.entry.pk]: Sending(
            each.claim, each.document, attempt, each.kind, each.draft, send_before
        )
        for each, attempt in zip(looking, begun, strict=True)
    }
    return Batch(row, sendings, send_before)


def _still_here(desk: Desk, doubt: Doubt, held: set[int]) -> Sequence[Looking]:
    found = [
        _looking(desk, doubt.claims[attempt.entry_id], attempt)
        for attempt in doubt.unknown
        if attempt.entry_id in held
    ]
    return [each for each in found if each is not None]
