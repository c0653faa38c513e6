"""One pass over what changed: leased, so that two workers do not read the same company at once."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.backoff import READS_REST, scaled
from integrations.contracts import Record
from integrations.errors import (
    BooksError,
    NeedsReconnect,
    RateLimited,
    ReadsUsedUp,
    TokenExpired,
)
from integrations.links import not_seen_yet
from integrations.models import Connection, PullCursor
from integrations.pull.applying import apply
from integrations.pull.hints import is_chart_due, next_pull
from integrations.pull.reading import OLDEST_CURSOR, OVERLAP, Reader
from integrations.selectors import usable_connection_for
from integrations.throttling import throttle

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
_AFTER_TROUBLE = timedelta(minutes=1)
_MOST_REMEMBERED = 50


@dataclass(slots=True)
class Pulled:
    """What a pass brought: records read, records that changed something here, records that could
    not be applied.
    """

    read: int = 0
    applied: int = 0
    bad: list[dict[str, str]] = field(default_factory=list)
    was_made: bool = True


def pull(organization: Organization) -> Pulled:
    """Read what changed in the books since the last clean pass. Idempotent; may be called at any
    time.

    The cursor moves only after a pass in which every record was applied, and only to the time taken
    first.
    """
    connection = _take_lease(organization)
    if connection is None:
        return Pulled(was_made=False)
    try:
        return _pass(connection, connections.open_ledger)
    except TokenExpired:
        return _second_try(connection)
    except BooksError as error:
        _after_trouble(connection, error)
        return Pulled(was_made=False)
    finally:
        _give_back(connection)


def _second_try(connection: Connection) -> Pulled:
    """The token was refused: refresh it, once."""
    try:
        return _pass(connection, _reopen)
    except BooksError as error:
        _after_trouble(connection, error)
        return Pulled(was_made=False)


def _reopen(connection: Connection):  # type: ignore[no-untyped-def] # noqa: ANN202
    return connections.open_ledger(connection, is_token_refused=True)


def _take_lease(organization: Organization) -> Connection | None:
    with acting_for(organization):
        connection = usable_connection_for(organization)
        if connection is None:
            return None
        free = Q(pull_lease_until=None) | Q(pull_lease_until__lt=Now())
        lease = scaled(LEASE, speed=settings.ENGINE_SPEED)
        mine = Connection.objects.owned_by(organization).filter(free, pk=connection.pk)
        return connection if mine.update(pull_lease_until=Now() + lease) else None


def _give_back(connection: Connection) -> None:
    with acting_for(connection.organization):
        rows = Connection.objects.owned_by(connection.organization).filter(pk=connection.pk)
        rows.update(pull_lease_until=None)


def _pass(connection: Connection, opener) -> Pulled:  # type: ignore[no-untyped-def] # noqa: ANN001
    reader = Reader(connection, opener(connection))
    with acting_for(connection.organization):
        started = database_now()
        cursor = _cursor(connection, started)
        # Announcements from now on ask for a pass of their own.
        _set(connection, next_pull_at=None)
    in_full = cursor.needs_full_read or started - cursor.seen_until > OLDEST_CURSOR
    records = reader.changes(
        since=cursor.seen_until - OVERLAP, until=started + OVERLAP, in_full=in_full
    )
    pulled = Pulled(read=len(records))
    with acting_for(connection.organization):
        news = not_seen_yet(connection, records)
    for record in news:
        _apply_one(reader, record, pulled)
    _finish(connection, pulled, started)
    with acting_for(connection.organization):
        is_due = is_chart_due(connection, started)
    if is_due:
        connections.take_chart(connection, reader.ledger)
    return pulled


def _apply_one(reader: Reader, record: Record, pulled: Pulled) -> None:
    """In a transaction of its own: a bad record is remembered, the others go on."""
    try:
        verified = reader.verified(record)
        with acting_for(reader.connection.organization):
            pulled.applied += apply(reader.connection, verified)
    except (BooksError, DatabaseError) as error:
        if isinstance(error, RateLimited | ReadsUsedUp | NeedsReconnect | TokenExpired):
            raise
        _remember(reader, pulled, record, error)
    except Exception as error:  # noqa: BLE001 - one record must not stop the others
        _remember(reader, pulled, record, error)


def _remember(reader: Reader, pulled: Pulled, record: Record, error: Exception) -> None:
    whose = reader.connection
    said = {"organization": whose.organization_id, "connection": whose.pk, "kind": record.ref.kind}
    logger.error("a record could not be applied", extra=said, exc_info=error)
    if len(pulled.bad) < _MOST_REMEMBERED:
        problem = getattr(error, "message", "") or type(error).__name__
        pulled.bad.append({"kind": record.ref.kind, "id": record.ref.id, "problem": problem})


def _cursor(connection: Connection, started: datetime) -> PullCursor:
    cursors = PullCursor.objects.owned_by(connection.organization)
    cursor, _ = cursors.get_or_create(
        organization=connection.organization,
        connection=connection,
        defaults={"seen_until": min(connection.connected_at, started)},
    )
    return cursor


def _finish(connection: Connection, pulled: Pulled, started: datetime) -> None:
    with acting_for(connection.organization):
        now = database_now()
        cursors = PullCursor.objects.owned_by(connection.organization)
        cursor = cursors.filter(connection=connection)
        if pulled.bad:
            cursor.update(bad_records=pulled.bad)
            due_at = now + scaled(_AFTER_TROUBLE, speed=settings.ENGINE_SPEED)
        else:
            cursor.update(seen_until=started, needs_full_read=False, bad_records=[])
            due_at = next_pull(connection, now)
        _set(connection, pulled_at=now)
        sooner = Q(next_pull_at=None) | Q(next_pull_at__gt=due_at)
        rows = Connection.objects.owned_by(connection.organization).filter(pk=connection.pk)
        rows.filter(sooner).update(next_pull_at=due_at)


def _set(connection: Connection, **values: datetime | None) -> None:
    rows = Connection.objects.owned_by(connection.organization).filter(pk=connection.pk)
    rows.update(**values)


def _after_trouble(connection: Connection, error: BooksError) -> None:
    """The pass was broken off: nothing moved, it is tried again."""
    speed = settings.ENGINE_SPEED
    if isinstance(error, NeedsReconnect):
        connections.lose(connection, error)
        return
    wait = scaled(_AFTER_TROUBLE, speed=speed)
    if isinstance(error, RateLimited):
        wait = scaled(timedelta(seconds=error.retry_after), speed=speed)
        throttle(connection, wait)
    if isinstance(error, ReadsUsedUp):
        wait = scaled(READS_REST, speed=speed)
    with acting_for(connection.organization):
        _set(connection, next_pull_at=database_now() + wait)
