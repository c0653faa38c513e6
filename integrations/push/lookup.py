"""Looking into the books: after an unknown outcome, a taken name or number, a stale revision, a
lost document.
"""

import time
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.attempts import NAME_TAKEN
from integrations.backoff import LONGEST_BLIND, scaled
from integrations.comparison import complaint, is_what_was_sent
from integrations.contracts import (
    CustomerRecord,
    DeletedRecord,
    ItemDraft,
    ItemRecord,
    Kind,
    Record,
    RemoteRef,
    SupplierRecord,
    Totalled,
)
from integrations.errors import (
    BooksError,
    DuplicateName,
    DuplicateNumber,
    OutcomeUnknown,
    PeriodClosed,
    RemoteGone,
)
from integrations.links import forget, is_void, label_of, link_of, note, was_edited
from integrations.models import Connection, Outcome
from integrations.push.conflicts import hold_changed_there, merge_name
from integrations.push.failures import settle_failed_look, settle_failure
from integrations.push.intents import send_again
from integrations.push.settlement import is_someone_elses, settle_deleted, settle_found
from integrations.push.steps import Desk, Looking, Sending
from integrations.snapshots.names import SUFFIXES

MARGIN = timedelta(minutes=10)
_UNSEEN = "It is taken there, by something that the books do not show yet."
# Who else may have a name there.
_OTHERS = {
    Kind.CUSTOMER: "A supplier or an employee",
    Kind.SUPPLIER: "A customer or an employee",
}


def look(desk: Desk, looking: Looking) -> Sending | None:
    """Adopt what is found; nothing found: the same bytes once more; more than one: a person
    decides.
    """
    try:
        found = desk.ledger.find(looking.draft, since=looking.attempt.sent_at - MARGIN)
    except BooksError as error:
        settle_failed_look(desk, looking, error)
        return None
    looked_at = time.monotonic()
    if not found:
        return send_again(desk, looking, looked_at=looked_at)
    take_over(desk, looking, found)
    return None


def take_over(desk: Desk, looking: Looking, found: tuple[Record, ...]) -> None:
    """It is there: linked, unless it is there more than once."""
    if len(found) > 1:
        _hold_duplicates(desk, looking, len(found))
        return
    message = "The answer was lost; the document was found in the books."
    settle_found(desk, looking, found[0], message=message)


def after_duplicate(desk: Desk, sending: Sending, error: DuplicateName | DuplicateNumber) -> None:
    """A create met a taken name or number: it is ours and is adopted, or a person gives another."""
    if sending.draft is None or sending.attempt.operation != "create":
        settle_failure(desk, sending, error)
        return
    try:
        found = desk.ledger.find(sending.draft, since=sending.attempt.sent_at - MARGIN)
    except BooksError as failed:
        settle_failed_look(desk, sending, failed)
        return
    ours = _adoptable(desk, sending, found)
    if ours is not None:
        message = "It was in the books already; linked to it."
        settle_found(desk, sending, ours, message=message)
    elif not found and _may_be_ours_unseen(desk, sending):
        settle_failure(desk, sending, OutcomeUnknown(_UNSEEN, trace_id=error.trace_id))
    elif sending.kind in _OTHERS and not found:
        _try_other_name(desk, sending, error)
    else:
        settle_failure(desk, sending, error)


def after_stale(desk: Desk, sending: Sending, error: BooksError) -> bool:
    """An update met a newer revision. True: only bookkeeping changed there, prepare it again."""
    record = _read_again(desk, sending)
    if record is None:
        return False
    if isinstance(record, DeletedRecord):
        hold_gone(desk, sending)
        return False
    if _has_arrived(sending, record):
        settle_found(desk, sending, record, message="It had arrived after all.")
        return False
    return _take_revision(desk, sending, record, error)


def after_gone(desk: Desk, sending: Sending, error: RemoteGone) -> None:
    """The books do not know something: this document itself, or what it refers to."""
    if sending.attempt.operation == "create":
        settle_failure(desk, sending, error)
        return
    record = _read_again(desk, sending)
    if isinstance(record, DeletedRecord):
        hold_gone(desk, sending)
    elif record is not None:
        settle_failure(desk, sending, error)


def after_closed(desk: Desk, sending: Sending, error: PeriodClosed) -> None:
    """A closed period takes no change, not even one back to what stands there already."""
    record: Record | None = None
    if sending.attempt.operation == "update":
        with suppress(BooksError):
            record = desk.ledger.read(RemoteRef(kind=sending.kind, id=sending.attempt.remote_id))
    if record is None or isinstance(record, DeletedRecord) or not _has_arrived(sending, record):
        settle_failure(desk, sending, error)
    else:
        settle_found(desk, sending, record, message="The books show it so already.")


def hold_gone(desk: Desk, sending: Sending) -> None:
    """It was deleted there; sending it anew is a person's decision, unless it was our wish."""
    if sending.attempt.operation == "delete":
        settle_deleted(desk, sending)
        with acting_for(desk.organization):
            queue.postpone(sending.claim)
        return
    if sending.kind in _OTHERS:
        _read_soon(desk, sending)
        return
    message = "It was deleted in the books. Create it again there, or void it here."
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(sending.attempt, Outcome.FAILED, message=message, fault="RemoteGone")
        forget(desk.connection, sending.document)
        if sending.attempt.operation == "void":
            queue.settle(sending.claim, version=sending.attempt.entry_version, message=message)
        else:
            queue.hold(sending.claim, why=Hold.REMOTE_GONE, message=message)


def _read_soon(desk: Desk, sending: Sending) -> None:
    """A customer or supplier that is gone was merged into another most of the time: the next
    reading finds out, and comes at once.
    """
    message = "It is gone from the books. Looking there whether it was merged into another."
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(sending.attempt, Outcome.FAILED, message=message, fault="RemoteGone")
        queue.hold(sending.claim, why=Hold.REMOTE_GONE, message=message)
        mine = Connection.objects.owned_by(desk.organization).filter(pk=desk.connection.pk)
        mine.update(next_pull_at=Now())


def _adoptable(desk: Desk, sending: Sending, found: tuple[Record, ...]) -> Record | None:
    """The one match that may be linked: active, of the right account, and nobody else's."""
    if len(found) != 1:
        return None
    record = found[0]
    with acting_for(desk.organization):
        if is_someone_elses(desk, sending.document, record):
            return None
    if isinstance(record, CustomerRecord | SupplierRecord) and not record.is_active:
        return None
    if isinstance(record, ItemRecord) and isinstance(sending.draft, ItemDraft):
        is_fit = record.is_active and record.is_sellable
        is_ours = record.income_account_id == sending.draft.income_account_id
        return record if is_fit and is_ours else None
    return record if _is_this_one(sending, record) else None


def _is_this_one(sending: Sending, record: Record) -> bool:
    """A number that was never sent before may be that of another document: numbers are given out
    once more when yesterday's backup of Ascora is put back.
    """
    if sending.draft is None or not isinstance(record, Totalled):
        return True
    if attempts.uncertain_since(sending.attempt) is not None:
        return True
    whose = getattr(sending.draft, "customer_id", "")
    return not complaint(sending.draft, record) and getattr(record, "customer_id", "") == whose


def _may_be_ours_unseen(desk: Desk, sending: Sending) -> bool:
    """An earlier sending nobody knows the outcome of may have taken it, where a late index does
    not show it yet.
    """
    with acting_for(desk.organization):
        since = attempts.uncertain_since(sending.attempt)
    blind = scaled(LONGEST_BLIND, speed=settings.ENGINE_SPEED)
    return since is not None and database_now() < since + blind


def _try_other_name(desk: Desk, sending: Sending, error: DuplicateName | DuplicateNumber) -> None:
    """Customers, suppliers and employees share one list of names: it goes under the name with a
    suffix, once.
    """
    suffix = SUFFIXES[label_of(sending.document)]
    if str(sending.attempt.answer.get("name", "")).endswith(suffix):
        settle_failure(desk, sending, error)
        return
    message = f"{_OTHERS[sending.kind]} has this name in the books; sent with a suffix."
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(
            sending.attempt,
            Outcome.FAILED,
            message=message,
            trace_id=error.trace_id,
            fault=NAME_TAKEN,
        )
        queue.postpone(sending.claim, message=message)


def _hold_duplicates(desk: Desk, looking: Looking, count: int) -> None:
    message = (
        f"The books hold this document {count} times. Delete the surplus there,"
        " then press Try again."
    )
    with acting_for(desk.organization):
        queue.locked(looking.claim)
        queue.hold(looking.claim, why=Hold.DUPLICATE_FOUND, message=message)


def _read_again(desk: Desk, sending: Sending) -> Record | None:
    ref = RemoteRef(kind=sending.kind, id=sending.attempt.remote_id)
    try:
        return desk.ledger.read(ref)
    except BooksError as error:
        with acting_for(desk.organization):
            message = "It was changed in the books and could not be read again yet."
            attempts.finish(sending.attempt, Outcome.FAILED, message=message)
        settle_failed_look(desk, sending, error)
        return None


def _has_arrived(sending: Sending, record: Record) -> bool:
    """An earlier update of ours whose answer was lost."""
    if sending.draft is None:
        return is_void(record)
    return is_what_was_sent(sending.draft, record)


def _take_revision(desk: Desk, sending: Sending, record: Record, error: BooksError) -> bool:
    message = "It had moved on in the books; read again."
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        link = link_of(desk.connection, sending.document)
        if link is None:
            return False
        if not was_edited(link, record):
            note(link, record)
        elif isinstance(record, CustomerRecord | SupplierRecord):
            merge_name(link, sending, record)
        else:
            hold_changed_there(sending, link, record)
            return False
        attempts.finish(
            sending.attempt, Outcome.FAILED, message=message, trace_id=error.trace_id, fault="stale"
        )
    return True
