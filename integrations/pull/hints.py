"""When to read the books: at once after a first hint, once for all later ones, and by the clock
without any.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from ascora.common.clock import database_now
from integrations.backoff import scaled
from integrations.contracts import Hint
from integrations.metering import regular_reading
from integrations.models import Connection, SyncAttempt, WebhookHint

QUIET = timedelta(seconds=30)
# Our own writes come back as hints: they are read with whatever else comes in the next minutes.
ECHO = timedelta(minutes=5)
_RECENT = timedelta(days=7)
_HOURLY = timedelta(hours=1)
_NIGHTLY = timedelta(hours=24)
_CHART_LASTS = timedelta(hours=20)
_LONGEST_CHAIN = 10
# What drop-downs and rules are made of, as announcements name it.
CHART_KINDS = ("account", "preferences", "paymentmethod", "taxagency", "taxcode", "companyinfo")


def expect_changes(connection: Connection, hints: Sequence[Hint] = ()) -> bool:
    """Note that the books announced changes; True when they should be read right away.

    Duplicates are recognised by their event id. Runs inside `acting_for`, in the caller's
    transaction.
    """
    fresh = [hint for hint in hints if _store(connection, hint)]
    if hints and not fresh:
        return False
    now = database_now()
    due_at = now + _scaled(ECHO) if fresh and _are_echoes(connection, fresh, now) else now
    if connection.pulled_at is not None:
        due_at = max(due_at, connection.pulled_at + _scaled(QUIET))
    later = Q(next_pull_at=None) | Q(next_pull_at__gt=due_at)
    mine = Connection.objects.owned_by(connection.organization).filter(pk=connection.pk)
    mine.filter(later).update(next_pull_at=due_at)
    return due_at <= now


def next_pull(connection: Connection, now: datetime) -> datetime:
    """When to read next if nobody says anything: hourly while used but unannounced, else
    nightly, and more seldom while the month's reads are nearly used.
    """
    since = now - _RECENT
    hints = WebhookHint.objects.owned_by(connection.organization).filter(received_at__gte=since)
    used = SyncAttempt.objects.owned_by(connection.organization).filter(sent_at__gte=since)
    is_announced = hints.filter(connection=connection).exists()
    is_used = used.filter(connection=connection).exists()
    usual = _scaled(_HOURLY if is_used and not is_announced else _NIGHTLY)
    return regular_reading(connection, now, usual)


def is_chart_due(connection: Connection, now: datetime) -> bool:
    """The books said that accounts or preferences changed, or the chart was not read for a day.

    Tax codes are announced by nobody: for them the day is the guarantee.
    """
    read_at = connection.chart_read_at
    if read_at is None:
        return False
    hints = WebhookHint.objects.owned_by(connection.organization).filter(
        connection=connection, kind__in=CHART_KINDS, received_at__gte=read_at
    )
    return now - read_at > _scaled(_CHART_LASTS) or hints.exists()


def announced_survivor(connection: Connection, *, kind: str, gone_id: str) -> str:
    """Into whom the books announced that this one was merged, or nothing: to be read, not believed.

    Who was merged away in turn is followed on to the last one announced.
    """
    hints = WebhookHint.objects.owned_by(connection.organization).filter(
        connection=connection, kind=kind
    )
    passed = [gone_id]
    while len(passed) <= _LONGEST_CHAIN:
        told = hints.filter(gone_id=passed[-1]).order_by("-pk")
        survivor = told.values_list("remote_id", flat=True).first()
        if survivor is None or survivor in passed:
            break
        passed.append(survivor)
    return "" if passed == [gone_id] else passed[-1]


def _scaled(duration: timedelta) -> timedelta:
    return scaled(duration, speed=settings.ENGINE_SPEED)


def _store(connection: Connection, hint: Hint) -> bool:
    """False for an event that was announced before."""
    _, is_new = WebhookHint.objects.owned_by(connection.organization).get_or_create(
        organization=connection.organization,
        event_id=hint.event_id,
        defaults={
            "connection": connection,
            "kind": hint.kind[:20],
            "remote_id": hint.remote_id[:40],
            "operation": hint.operation[:12],
            "gone_id": hint.gone_id[:40],
        },
    )
    return is_new


def _are_echoes(connection: Connection, hints: Sequence[Hint], now: datetime) -> bool:
    """Every one of them is about a document that we have just written ourselves."""
    written = SyncAttempt.objects.owned_by(connection.organization).filter(
        connection=connection,
        direction="push",
        finished_at__gte=now - _scaled(timedelta(minutes=1)),
        remote_id__in=[hint.remote_id for hint in hints],
    )
    ours = set(written.values_list("kind", "remote_id"))
    return all((hint.kind, hint.remote_id) in ours for hint in hints)
