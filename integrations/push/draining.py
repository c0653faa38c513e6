"""One slice of an organization's queue."""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from ascora.common.clock import database_now
from ascora.health.lines import about
from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.outbox.queue import Claim, FencedOut
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.backoff import delay_after
from integrations.contracts import Kind, Written
from integrations.errors import (
    BooksError,
    DuplicateName,
    DuplicateNumber,
    RemoteGone,
    StaleRevision,
)
from integrations.links import LABELS, link_of, ref_of
from integrations.push.checkpoints import reached
from integrations.push.credits import stands_already
from integrations.push.failures import INTERNAL, jitter, settle_failure
from integrations.push.files import upload
from integrations.push.intents import lease, prepare
from integrations.push.lookup import after_duplicate, after_gone, after_stale, look
from integrations.push.settlement import settle_deleted, settle_written
from integrations.push.steps import Desk, EndOfSlice, Looking, Sending, Step
from integrations.selectors import usable_connection_for

logger = logging.getLogger(__name__)

MOST_DOCUMENTS = 30
MOST_SECONDS = 20.0
_MOST_STEPS = 4
ORDER = LABELS


@dataclass(frozen=True, slots=True)
class Drained:
    """How many entries were handled, and whether more were due when the slice ended."""

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
    handled = 0
    try:
        while desk is not None and handled < most and time.monotonic() < ends_at:
            claim = _claim(desk)
            if claim is None:
                return Drained(handled, is_more=False)
            reached("k3")
            _push(desk, claim)
            handled += 1
    except EndOfSlice:
        return Drained(handled, is_more=False)
    return Drained(handled, is_more=desk is not None)


def _open_desk(organization: Organization) -> Desk | None:
    """The books, if there is anything to send and somebody may enter them now."""
    with acting_for(organization):
        connection = usable_connection_for(organization)
        if connection is None or not queue.due(organization).filter(label__in=ORDER).exists():
            return None
    try:
        return Desk(connection, connections.open_ledger(connection))
    except BooksError as error:
        said = {"organization": organization.pk, "error": type(error).__name__}
        logger.info("the books cannot be opened", extra=said)
        return None


def _claim(desk: Desk) -> Claim | None:
    with acting_for(desk.organization):
        if usable_connection_for(desk.organization) is None:
            return None
        return queue.claim_next(desk.organization, order=ORDER, lease=lease())


def _push(desk: Desk, claim: Claim) -> None:
    """One document. What goes wrong with it stays with it."""
    try:
        for _ in range(_MOST_STEPS):
            step = prepare(desk, claim)
            if step is None or not _perform(desk, step):
                return
        _come_back(desk, claim)
    except FencedOut:
        logger.info("taken over by another worker", extra=about(claim.entry))
    except (EndOfSlice, DatabaseError):
        raise
    except Exception:
        logger.exception("push failed", extra=about(claim.entry))
        _hold_as_ours(desk, claim)


def _come_back(desk: Desk, claim: Claim) -> None:
    """It moves on in the books quicker than it can be sent: a little later."""
    wait = delay_after(tries=claim.entry.tries + 1, jitter=jitter(), speed=settings.ENGINE_SPEED)
    with acting_for(desk.organization):
        queue.postpone(claim, until=database_now() + wait, burns_try=True)


def _hold_as_ours(desk: Desk, claim: Claim) -> None:
    try:
        with acting_for(desk.organization):
            queue.hold(claim, why=Hold.INTERNAL, message=INTERNAL)
    except FencedOut:
        logger.info("taken over by another worker", extra=about(claim.entry))


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
    try:
        written = _send(desk, sending)
    except StaleRevision as error:
        return after_stale(desk, sending, error)
    except (DuplicateName, DuplicateNumber) as error:
        after_duplicate(desk, sending, error)
    except RemoteGone as error:
        after_gone(desk, sending, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is written down for this document
        settle_failure(desk, sending, error)
    else:
        reached("k7")
        if sending.attempt.operation == "delete":
            settle_deleted(desk, sending, trace_id=written.trace_id)
            return True
        settle_written(desk, sending, written)
        reached("k8")
    return False


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
