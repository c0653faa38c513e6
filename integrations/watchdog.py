"""The watchdog of a worker: it beats, rings when the clock does not, and ends what is stuck.

A worker has been seen to live on and take nothing up after Redis was reset. Whoever started it
starts it anew when it ends; its work is in PostgreSQL and is found again.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Q
from django.db.models.functions import Now

from ascora.health.heartbeats import beat
from ascora.health.readiness import redis_answers
from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.rls import acting_for_everyone
from integrations.models import Connection, ConnectionState

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 5.0
# Beat rings every five: after so long without a task it may be away, and we ring instead.
SECONDS_OF_SILENCE = 30.0
OVERDUE = timedelta(seconds=10)
# A task ends by itself, or is ended, within this time; until then its worker may seem to rest.
_LONGEST_TASK = settings.CELERY_TASK_TIME_LIMIT


@dataclass
class Watchdog:
    """Watches one worker process from a thread of it.

    `taken_up` counts tasks since the start, `is_busy` whether one is at work now; `ring` asks for a
    look for due work; `end` ends the process at once.
    """

    name: str
    taken_up: Callable[[], int]
    is_busy: Callable[[], bool]
    ring: Callable[[], None]
    end: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    patience: float = field(default_factory=lambda: settings.WATCHDOG_SECONDS)
    _seen: int = 0
    _progress_at: float = field(init=False)
    _calm_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._progress_at = self._calm_at = self.clock()

    def look(self) -> None:
        """Beat, and see whether work waits that this worker does not take up."""
        is_working = self._is_working()
        try:
            beat(self.name, has_worked=is_working)
            waits = work_waits()
        except Error:
            # Without PostgreSQL nobody can work; patience begins anew when it is back.
            self._calm_at = self.clock()
            return
        if is_working or not waits:
            self._calm_at = self.clock()
        if waits or self.clock() - self._progress_at > SECONDS_OF_SILENCE:
            self.ring()
        if self.clock() - self._calm_at >= self.patience and redis_answers():
            logger.error("stuck: ending, to be started anew")
            self.end()

    def _is_working(self) -> bool:
        taken_up = self.taken_up()
        has_moved, self._seen = taken_up != self._seen, taken_up
        if has_moved:
            self._progress_at = self.clock()
        return has_moved or (self.is_busy() and self.clock() - self._progress_at < _LONGEST_TASK)


def work_waits() -> bool:
    """Something should have been taken up a while ago, and its books may be entered."""
    with acting_for_everyone():
        usable = Connection.objects.across_organizations().filter(
            Q(throttled_until=None) | Q(throttled_until__lte=Now()),
            state=ConnectionState.CONNECTED,
            is_set_up=True,
        )
        overdue = OutboxEntry.objects.across_organizations().filter(
            Q(blocked_by=None) | Q(blocked_by__state=EntryState.DONE),
            Q(lease_until=None) | Q(lease_until__lt=Now()),
            organization_id__in=usable.values("organization_id"),
            state=EntryState.WAITING,
            run_at__lt=Now() - OVERDUE,
        )
        return overdue.exists()


def keep_watch(watchdog: Watchdog, *, stopping: threading.Event) -> None:
    """Look every few seconds until the worker ends. No connection stays open between two looks: a
    child process that is forked meanwhile must not inherit it.
    """
    while not stopping.wait(min(SECONDS_BETWEEN_LOOKS, watchdog.patience / 4)):
        try:
            watchdog.look()
        except Exception:
            logger.exception("the watchdog could not look")
        finally:
            connection.close()
