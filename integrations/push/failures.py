"""After a failure: what it means for the attempt, the entry and the connection."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError

from ascora.common.clock import database_now
from ascora.health.lines import about
from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.outbox.queue import Claim, FencedOut
from ascora.tenancy.rls import acting_for
from integrations import attempts, connections
from integrations.allowance import slow_down
from integrations.backoff import MOST_TRIES, next_try
from integrations.contracts import DeadlinePassed
from integrations.errors import (
    BeforeCutOff,
    BooksError,
    DuplicateName,
    DuplicateNumber,
    HeldByCustomer,
    MergedThere,
    NeedsMapping,
    NeedsReconnect,
    OutcomeUnknown,
    PeriodClosed,
    RateLimited,
    ReadsUsedUp,
    RemoteGone,
    TokenExpired,
    Unreachable,
)
from integrations.models import Outcome
from integrations.push.steps import Desk, EndOfSlice, Sending, Step
from integrations.throttling import throttle

logger = logging.getLogger(__name__)
T = TypeVar("T")

_HOLDS: tuple[tuple[type[BooksError], Hold], ...] = (
    (NeedsMapping, Hold.NEEDS_MAPPING),
    (BeforeCutOff, Hold.BEFORE_CUT_OFF),
    (MergedThere, Hold.MERGED_THERE),
    (PeriodClosed, Hold.PERIOD_CLOSED),
    (DuplicateName, Hold.DUPLICATE_NAME),
    (DuplicateNumber, Hold.REJECTED),
    (RemoteGone, Hold.REMOTE_GONE),
    (HeldByCustomer, Hold.REJECTED),
)
_PRECISION = 1000
NOT_CERTAIN = "The books did not answer for certain. Looking there before sending again."
INTERNAL = (
    "Something went wrong inside Ascora while sending this. We keep it, nothing is lost;"
    " press Try again, and tell support if it stays."
)


def hold_for(error: BooksError) -> Hold:
    """Why an entry is held after this failure."""
    return next((hold for kind, hold in _HOLDS if isinstance(error, kind)), Hold.INTERNAL)


def jitter() -> float:
    """Between 0 and 1, so that many do not come back at the same moment."""
    return secrets.randbelow(_PRECISION) / _PRECISION


def contained(desk: Desk, claim: Claim, act: Callable[[], T]) -> T | None:
    """What goes wrong with one document stays with it."""
    try:
        return act()
    except FencedOut:
        logger.info("taken over by another worker", extra=about(claim.entry))
    except (EndOfSlice, DatabaseError):
        raise
    except Exception:
        logger.exception("push failed", extra=about(claim.entry))
        _hold_as_ours(desk, claim)
    return None


def _hold_as_ours(desk: Desk, claim: Claim) -> None:
    try:
        with acting_for(desk.organization):
            queue.hold(claim, why=Hold.INTERNAL, message=INTERNAL)
    except FencedOut:
        logger.info("taken over by another worker", extra=about(claim.entry))


def settle_failure(desk: Desk, sending: Sending, error: Exception) -> None:
    """Write down what a failed sending means. Raises EndOfSlice when the books serve nobody now."""
    note_failure(desk, sending, error)
    care_for_connection(desk, error, tries=sending.claim.entry.tries + 1)


def note_failure(desk: Desk, sending: Sending, error: Exception) -> None:
    """What it means for this document alone."""
    if isinstance(error, DeadlinePassed):
        _not_sent(desk, sending, "Not sent in time; tried again at once.", wait=timedelta(0))
    elif isinstance(error, HeldByCustomer):
        _refused(desk, sending, error)
    elif isinstance(error, OutcomeUnknown):
        _unknown(desk, sending, error)
    elif isinstance(error, BooksError):
        _not_now(desk, sending, error)
    else:
        _ours(desk, sending, error)


def settle_failed_look(desk: Desk, step: Step, error: BooksError) -> None:
    """A read that should have told us more failed: the entry comes back later, nothing is
    decided.
    """
    wait = _wait_of(step.claim.entry.tries + 1, error)
    burns_try = not isinstance(error, ReadsUsedUp)
    with acting_for(desk.organization):
        message = f"The books could not be asked: {error.message.rstrip('.') or 'no answer'}."
        queue.postpone(
            step.claim, until=database_now() + wait, message=message, burns_try=burns_try
        )
    care_for_connection(desk, error, tries=step.claim.entry.tries + 1)


def _wait_of(tries: int, error: BooksError) -> timedelta:
    speed = settings.ENGINE_SPEED
    wait = next_try(error, tries=tries, jitter=jitter(), speed=speed)
    return wait or timedelta(0)


def _not_sent(desk: Desk, sending: Sending, message: str, *, wait: timedelta) -> None:
    with acting_for(desk.organization):
        attempts.finish(sending.attempt, Outcome.NOT_SENT, message=message, fault="DeadlinePassed")
        queue.postpone(sending.claim, until=database_now() + wait)


def _refused(desk: Desk, sending: Sending, error: HeldByCustomer) -> None:
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        _finish(sending, Outcome.FAILED, error)
        queue.hold(sending.claim, why=hold_for(error), message=error.message or "It was refused.")


def _unknown(desk: Desk, sending: Sending, error: OutcomeUnknown) -> None:
    """Nobody knows whether it happened: a create is looked for, an update is guarded by its
    revision.
    """
    tries = sending.claim.entry.tries + 1
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        _finish(sending, Outcome.UNKNOWN, error)
        if tries >= MOST_TRIES:
            message = f"The books gave no certain answer {tries} times. {error.message}".strip()
            queue.hold(sending.claim, why=Hold.INTERNAL, message=message)
            return
        until = sending.attempt.sent_at + _wait_of(tries, error)
        queue.postpone(sending.claim, until=until, message=NOT_CERTAIN, burns_try=True)


def _not_now(desk: Desk, sending: Sending, error: BooksError) -> None:
    """It certainly did not happen, and it is nobody's fault. Only a busy answer burns a try."""
    burns_try = not isinstance(error, RateLimited | TokenExpired | NeedsReconnect | Unreachable)
    tries = sending.claim.entry.tries + (1 if burns_try else 0)
    wait = timedelta(0) if isinstance(error, TokenExpired) else _wait_of(max(tries, 1), error)
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        _finish(sending, Outcome.NOT_SENT, error)
        is_companys = isinstance(error, NeedsReconnect | Unreachable)
        until = database_now() + (timedelta(0) if is_companys else wait)
        message = error.message or "The books cannot serve now; tried again by itself."
        queue.postpone(sending.claim, until=until, message=message, burns_try=burns_try)


def _ours(desk: Desk, sending: Sending, error: Exception) -> None:
    logger.error(
        "push failed", extra=about(sending.attempt, attempt=sending.attempt.pk), exc_info=error
    )
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(
            sending.attempt, Outcome.UNKNOWN, message=INTERNAL, fault=type(error).__name__
        )
        queue.hold(sending.claim, why=Hold.INTERNAL, message=INTERNAL)


def _finish(sending: Sending, outcome: Outcome, error: BooksError) -> None:
    attempts.finish(
        sending.attempt,
        outcome,
        message=error.message,
        trace_id=error.trace_id,
        fault=error.code or type(error).__name__,
    )


def care_for_connection(desk: Desk, error: Exception, *, tries: int = 1) -> None:
    """What the failure means for every document of this company. Raises EndOfSlice when the books
    serve nobody now.
    """
    if isinstance(error, TokenExpired):
        refresh(desk)
        return
    if isinstance(error, NeedsReconnect):
        connections.lose(desk.connection, error)
        raise EndOfSlice
    if isinstance(error, RateLimited):
        slow_down(desk.connection)
    if isinstance(error, RateLimited | Unreachable):
        throttle(desk.connection, _wait_of(tries, error))
        raise EndOfSlice


def refresh(desk: Desk) -> None:
    """Take a new access token, once in a slice; after that the permission counts as gone for
    now.
    """
    if desk.has_refreshed:
        raise EndOfSlice
    desk.has_refreshed = True
    try:
        desk.ledger = connections.open_ledger(desk.connection, is_token_refused=True)
    except BooksError as error:
        raise EndOfSlice from error
