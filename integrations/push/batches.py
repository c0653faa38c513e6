"""A backlog goes in batches: several documents in one request, each with its own fate.

All intents, the composition and the bytes of the request are committed before it is sent. A batch
is only ever sent again as it was (push/doubts.py); what was refused or not carried out goes alone.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.queue import Claim
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.allowance import turn
from integrations.backoff import scaled
from integrations.contracts import Kind, Piece, Written
from integrations.errors import HeldByCustomer, OutcomeUnknown
from integrations.links import LABELS
from integrations.models import BatchState, Outcome, PushBatch
from integrations.push.answers import settle_answer
from integrations.push.checkpoints import reached
from integrations.push.failures import care_for_connection, contained, note_failure
from integrations.push.intents import deadline, lease, plan
from integrations.push.steps import Desk, EndOfSlice, Planned, Sending
from integrations.selectors import usable_connection_for
from integrations.throttling import throttle

# Fewer than this go one by one: a batch is a request of the 40 that a company grants in a minute.
BACKLOG = 8
_OPERATIONS = ("create", "update")
# A file is sent with its content; before credit is used the books are asked.
_ALONE = frozenset({"attachments.attachment", "payments.creditapplication"})
ORDER = tuple(label for label in LABELS if label not in _ALONE)
_BREATH = timedelta(seconds=15)
_REFUSED = "It was refused together with others; sent alone."


@dataclass(frozen=True, slots=True)
class Batch:
    """A committed batch: these bytes may go over the wire until `send_before` (monotonic).

    `sendings` are those that this worker may settle, by their mark.
    """

    row: PushBatch
    sendings: Mapping[str, Sending]
    send_before: float


def claim_backlog(desk: Desk, *, most: int) -> list[Claim]:
    """What would go together now; nothing where there is no backlog, or no batches."""
    most = min(most, desk.ledger.most_in_batch)
    if most < BACKLOG:
        return []
    with acting_for(desk.organization):
        if usable_connection_for(desk.organization) is None:
            return []
        claims = queue.claim_many(
            desk.organization, order=ORDER, least=BACKLOG, most=most, lease=lease()
        )
        if claims:
            desk.look_at_settings()
        return claims


def push_together(desk: Desk, claims: Sequence[Claim]) -> list[Claim]:
    """Send what can go together. The claims that are returned must go alone.

    Raises EndOfSlice when the books serve nobody now; then all were given back.
    """
    alone: list[Claim] = []
    try:
        planned = _planned(desk, claims, alone)
        for operation in _OPERATIONS:
            group = [each for each in planned if each.intent.operation == operation]
            if group:
                _push_group(desk, operation, group, alone)
    except EndOfSlice:
        give_back(desk, claims)
        raise
    return alone


def give_back(
    desk: Desk, claims: Sequence[Claim], *, message: str = "", after: timedelta = timedelta(0)
) -> None:
    """Due again after a while; what is settled already, or taken over by another, is left as it
    is.
    """
    with acting_for(desk.organization):
        held = queue.renew_many(claims)
        until = database_now() + scaled(after, speed=settings.ENGINE_SPEED)
        for claim in claims:
            if claim.entry.pk in held:
                queue.postpone(claim, until=until, message=message)


def _planned(desk: Desk, claims: Sequence[Claim], alone: list[Claim]) -> list[Planned]:
    planned = []
    for claim in claims:
        step = contained(desk, claim, partial(plan, desk, claim))
        if isinstance(step, Planned) and step.intent.operation in _OPERATIONS:
            planned.append(step)
        elif step is not None:
            alone.append(claim)
    return planned


def _push_group(desk: Desk, operation: str, group: Sequence[Planned], alone: list[Claim]) -> None:
    with turn(desk.connection, is_batch=True) as is_ours:
        if not is_ours:
            raise EndOfSlice
        batch = _commit(desk, operation, group)
        went = transmit(desk, batch) if batch is not None else []
    sent = {sending.claim.entry.pk for sending in batch.sendings.values()} if batch else set()
    alone += [each.claim for each in group if each.claim.entry.pk not in sent]
    alone += went


def _commit(desk: Desk, operation: str, group: Sequence[Planned]) -> Batch | None:
    """One short transaction: every intent, and the request that carries them.

    Raises EndOfSlice when the books stopped serving while the batch waited for its turn.
    """
    with acting_for(desk.organization):
        if usable_connection_for(desk.organization) is None:
            raise EndOfSlice
        held = queue.renew_many([each.claim for each in group], lease=lease())
        going = {
            str(number): each
            for number, each in enumerate(
                (each for each in group if each.claim.entry.pk in held), start=1
            )
        }
        if len(going) <= 1:
            return None
        row = _row(desk, operation, going)
        send_before = time.monotonic() + deadline()
        begun = attempts.begin_batch(
            desk.connection,
            row,
            [(each.claim.entry, each.document, each.intent) for each in going.values()],
        )
    sendings = {
        mark: Sending(
            each.claim, each.document, attempt, Kind(attempt.kind), each.draft, send_before
        )
        for (mark, each), attempt in zip(going.items(), begun, strict=True)
    }
    return Batch(row, sendings, send_before)


def _row(desk: Desk, operation: str, going: Mapping[str, Planned]) -> PushBatch:
    """Updates speak for themselves: the revision inside guards each, so nothing is in doubt."""
    pieces = [
        Piece(mark, Kind(each.intent.kind), operation, each.intent.payload.encode())
        for mark, each in going.items()
    ]
    return PushBatch.objects.create(
        organization=desk.organization,
        connection=desk.connection,
        operation=operation,
        state=BatchState.IN_DOUBT if operation == "create" else BatchState.OPENED,
        composition=[
            {"mark": mark, "entry": each.claim.entry.pk, "kind": each.intent.kind}
            for mark, each in going.items()
        ],
        payload=desk.ledger.batch_payload(pieces).decode(),
        sent_at=database_now(),
    )


def transmit(desk: Desk, batch: Batch) -> list[Claim]:
    """Speak to the books, with no transaction open. The claims that must go alone now."""
    kinds = {each["mark"]: Kind(each["kind"]) for each in batch.row.composition}
    reached("k4")
    try:
        answers = desk.ledger.write_batch(
            batch.row.payload.encode(),
            kinds,
            key=batch.row.request_id,
            send_before=batch.send_before,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is written down for each document
        return _settle_as_one(desk, batch, error)
    reached("k7")
    return _settle_each(desk, batch, answers)


def _settle_each(
    desk: Desk, batch: Batch, answers: Mapping[str, Written | Exception]
) -> list[Claim]:
    """Each from its own answer; what went well first, so that a taken name is known as ours."""
    again, is_over = [], False
    marks = sorted(batch.sendings, key=lambda mark: isinstance(answers[mark], Exception))
    for mark in marks:
        sending, answer = batch.sendings[mark], answers[mark]
        try:
            if contained(desk, sending.claim, partial(settle_answer, desk, sending, answer)):
                again.append(sending.claim)
        except EndOfSlice:
            is_over = True
    close(desk, batch.row)
    if is_over:
        raise EndOfSlice
    return again


def _settle_as_one(desk: Desk, batch: Batch, error: Exception) -> list[Claim]:
    """What befell the request befell each of its documents; only once for the company.

    A request that was refused as a whole does not say which document is to blame: each goes alone.
    """
    sendings = batch.sendings.values()
    if isinstance(error, HeldByCustomer):
        with acting_for(desk.organization):
            for sending in sendings:
                attempts.finish(
                    sending.attempt, Outcome.NOT_SENT, message=_REFUSED, fault=error.code
                )
        close(desk, batch.row)
        return [sending.claim for sending in sendings]
    for sending in sendings:
        contained(desk, sending.claim, partial(note_failure, desk, sending, error))
    if isinstance(error, OutcomeUnknown):
        # Whatever lost thirty documents at once would lose the next thirty.
        throttle(desk.connection, scaled(_BREATH, speed=settings.ENGINE_SPEED))
        raise EndOfSlice
    close(desk, batch.row)
    tries = max((sending.claim.entry.tries for sending in sendings), default=0) + 1
    care_for_connection(desk, error, tries=tries)
    return []


def close(desk: Desk, row: PushBatch) -> None:
    """When everything is known of a batch, its bytes are not needed any more."""
    with acting_for(desk.organization):
        if row.state == BatchState.IN_DOUBT:
            if attempts.unresolved_in(row):
                return
            row.state = BatchState.KNOWN
        row.payload = ""
        row.save(update_fields=["state", "payload"])
