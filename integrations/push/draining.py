"""One slice of an organization's queue."""

import logging
import time
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.queue import Claim
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.allowance import turn
from integrations.backoff import delay_after
from integrations.contracts import Kind, Written
from integrations.errors import BooksError, RemoteGone
from integrations.links import LABELS, link_of, ref_of
from integrations.models import Connection
from integrations.push.answers import settle_answer
from integrations.push.batches import claim_backlog, give_back, push_together
from integrations.push.checkpoints import reached
from integrations.push.credits import stands_already
from integrations.push.doubts import resolve
from integrations.push.failures import contained, jitter
from integrations.push.files import upload
from integrations.push.intents import lease, prepare
from integrations.push.lookup import look
from integrations.push.steps import Desk, EndOfSlice, Looking, Sending, Step
from integrations.selectors import usable_connection_for

logger = logging.getLogger(__name__)

MOST_DOCUMENTS = 30
MOST_SECONDS = 20.0
_MOST_STEPS = 4
ORDER = LABELS


@dataclass(frozen=True, slots=True)
class Drained:
    """How many entries were handled (the last batch may go beyond what was asked for), and whether
    more were due when the slice ended.
    """

    handled: int
    is_more: bool


def drain(
    organization: Organization, *, most: int = MOST_DOCUMENTS, seconds: float = MOST_SECONDS
) -> Drained:
    """Push what is due, at most one slice. May be called by any number of workers at once.

    One failing document never stops the others; a company that throttles, or that nobody may enter
    any more, ends the slice without a further call.
    """
    ends_at = time.monotonic() + seconds
    desk = _open_desk(organization)
    handled, is_backlog = 0, True
    try:
        handled += resolve(desk) if desk is not None else 0
        while desk is not None and handled < most and time.monotonic() < ends_at:
            pushed = _push_together(desk, most=most) if is_backlog else 0
            is_backlog = pushed > 0
            pushed = pushed or _push_next(desk)
            if not pushed:
                return Drained(handled, is_more=False)
            handled += pushed
    except EndOfSlice:
        return Drained(handled, is_more=False)
    return Drained(handled, is_more=desk is not None)


def _open_desk(organization: Organization) -> Desk | None:
    """The books, if there is anything to send and somebody may enter them now."""
    with acting_for(organization):
        connection = usable_connection_for(organization)
        if connection is None or not queue.due(organization).filter(label__in=ORDER).exists():
            return None
        # Whoever was served longest ago comes first, also when the books cannot be opened.
        served = Connection.objects.owned_by(organization).filter(pk=connection.pk)
        served.update(served_at=Now())
    try:
        return Desk(connection, connections.open_ledger(connection))
    except BooksError as error:
        said = {"organization": organization.pk, "error": type(error).__name__}
        logger.info("the books cannot be opened", extra=said)
        return None


def _push_together(desk: Desk, *, most: int) -> int:
    """A batch of the backlog, and then those of it that must go alone."""
    claims = claim_backlog(desk, most=most)
    if not claims:
        return 0
    reached("k3")
    alone = push_together(desk, claims)
    for place, claim in enumerate(alone):
        try:
            _push(desk, claim)
        except EndOfSlice:
            give_back(desk, alone[place:])
            raise
    return len(claims)


def _push_next(desk: Desk) -> int:
    with acting_for(desk.organization):
        if usable_connection_for(desk.organization) is None:
            return 0
        claim = queue.claim_next(desk.organization, order=ORDER, lease=lease())
    if claim is None:
        return 0
    reached("k3")
    _push(desk, claim)
    return 1


def _push(desk: Desk, claim: Claim) -> None:
    """One document in its turn. What goes wrong with it stays with it."""
    with turn(desk.connection) as is_ours:
        if not is_ours:
            give_back(desk, [claim])
            raise EndOfSlice
        contained(desk, claim, partial(_push_step_by_step, desk, claim))


def _push_step_by_step(desk: Desk, claim: Claim) -> None:
    for _ in range(_MOST_STEPS):
        step = prepare(desk, claim)
        if step is None or not _perform(desk, step):
            return
    _come_back(desk, claim)


def _come_back(desk: Desk, claim: Claim) -> None:
    """It moves on in the books quicker than it can be sent: a little later."""
    wait = delay_after(tries=claim.entry.tries + 1, jitter=jitter(), speed=settings.ENGINE_SPEED)
    with acting_for(desk.organization):
        queue.postpone(claim, until=database_now() + wait, burns_try=True)


def _perform(desk: Desk, step: Step) -> bool:
    """Speak to the books, with no transaction open. True: prepare it again, the books have moved
    on.
    """
    if isinstance(step, Looking):
        resent = look(desk, step)
        return _transmit(desk, resent) if resent is not None else False
    if stands_already(desk, step):
        return False
    return _transmit(desk, step)


def _transmit(desk: Desk, sending: Sending) -> bool:
    reached("k4")
    answer: Written | Exception
    try:
        answer = _send(desk, sending)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is written down for this document
        answer = error
    else:
        reached("k7")
    return settle_answer(desk, sending, answer)


def _send(desk: Desk, sending: Sending) -> Written:
    """The one place where something is written in the books."""
    ledger, attempt = desk.ledger, sending.attempt
    if attempt.operation == "create" and sending.kind == Kind.ATTACHMENT:
        return upload(desk, sending)
    if attempt.operation == "create":
        return ledger.create(
            sending.kind,
            sending.payload,
            key=attempt.request_id,
            send_before=sending.send_before,
        )
    if attempt.operation == "update":
        return ledger.update(sending.kind, sending.payload, send_before=sending.send_before)
    with acting_for(desk.organization):
        link = link_of(desk.connection, sending.document)
    if link is None:
        raise RemoteGone("It is not linked any more.")
    take_back = ledger.delete if attempt.operation == "delete" else ledger.void
    return take_back(ref_of(link), send_before=sending.send_before)
