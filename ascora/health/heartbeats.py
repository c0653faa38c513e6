"""Heartbeats: written by each worker's watchdog, counted by whoever asks whether anybody works."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.health.models import Heartbeat

# Several beats may be missed before a worker counts as gone.
ALIVE = timedelta(seconds=30)
_FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workers:
    """How many live, and how long ago any of them worked (None: none ever did)."""

    alive: int
    seconds_since_work: int | None


def beat(name: str, *, has_worked: bool) -> None:
    """Note that a worker lives; those that nobody has seen for a day are forgotten."""
    fresh: dict[str, object] = {"seen_at": Now()}
    if has_worked:
        fresh["worked_at"] = Now()
    if not Heartbeat.objects.filter(name=name).update(**fresh):
        Heartbeat.objects.get_or_create(name=name)
        Heartbeat.objects.filter(seen_at__lt=Now() - _FORGOTTEN).delete()


def rest(name: str) -> None:
    """Forget a worker that ends as it was asked to."""
    Heartbeat.objects.filter(name=name).delete()


def workers() -> Workers:
    """The workers of this installation."""
    now = database_now()
    found = Heartbeat.objects.aggregate(
        alive=Count("pk", filter=Q(seen_at__gte=now - ALIVE)), worked_at=Max("worked_at")
    )
    worked_at = found["worked_at"]
    seconds = None if worked_at is None else max(0, int((now - worked_at).total_seconds()))
    return Workers(alive=found["alive"], seconds_since_work=seconds)
