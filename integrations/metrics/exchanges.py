"""Exchanges with the books in figures, from the table of attempts and the meter of reads.

What only grows is counted since midnight UTC: a scraper takes the fall at midnight for a restart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum

from ascora.common.clock import database_now
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import Direction, Outcome, ReadMeter, SyncAttempt

# Upper bounds in seconds. A request ends after 60.
BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
FINAL = (Outcome.DONE, Outcome.ADOPTED, Outcome.NOT_SENT, Outcome.FAILED)
# Sent, and answered by the books there and then; an adopted one was looked for later.
_ANSWERED = (Outcome.DONE, Outcome.FAILED)
_DOUBTFUL_AFTER = timedelta(minutes=10)
_LONGEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Latency:
    """How many answers came within each bound (each counts all below), and all seconds together."""

    within: Sequence[int]
    answers: int
    seconds: float


def finished_today() -> dict[tuple[str, str, str], int]:
    """Attempts by direction, kind and outcome, those whose outcome is certain."""
    rows = _today().filter(outcome__in=FINAL).values("direction", "kind", "outcome")
    counted = rows.annotate(attempts=Count("pk")).order_by("direction", "kind", "outcome")
    return {(r["direction"], r["kind"], r["outcome"]): r["attempts"] for r in counted}


def in_doubt() -> int:
    """Attempts of the last day without a certain outcome, ten minutes after they were sent."""
    now = database_now()
    recent = _all().filter(sent_at__gte=now - timedelta(days=1))
    doubtful = recent.filter(
        sent_at__lt=now - _DOUBTFUL_AFTER, outcome__in=[Outcome.SENDING, Outcome.UNKNOWN]
    )
    return doubtful.count()


def latency_today() -> Latency:
    """From the committed intent to the settled answer, of what was sent today."""
    took = ExpressionWrapper(F("finished_at") - F("sent_at"), output_field=DurationField())
    answered = _today().filter(direction=Direction.PUSH, outcome__in=_ANSWERED)
    counts = {
        f"within_{index}": Count("pk", filter=Q(took__lte=timedelta(seconds=bound)))
        for index, bound in enumerate(BOUNDS)
    }
    found = answered.annotate(took=took).aggregate(
        **counts, answers=Count("pk"), seconds=Sum("took")
    )
    seconds = found["seconds"].total_seconds() if found["seconds"] else 0.0
    within = [found[f"within_{index}"] for index in range(len(BOUNDS))]
    return Latency(within, found["answers"], seconds)


def metered_reads() -> tuple[int, int]:
    """Today and in this month (UTC), over all connections."""
    today = database_now().date()
    meters = ReadMeter.objects.across_organizations().filter(day__gte=today.replace(day=1))
    found = meters.aggregate(
        month=Sum("reads", default=0), today=Sum("reads", filter=Q(day=today), default=0)
    )
    return found["today"], found["month"]


def _all() -> OwnedQuerySet[SyncAttempt]:
    return SyncAttempt.objects.across_organizations()


def _today() -> OwnedQuerySet[SyncAttempt]:
    """Finished since midnight. What was sent before counts too if it took at most an hour."""
    midnight = _midnight(database_now())
    return _all().filter(sent_at__gte=midnight - _LONGEST, finished_at__gte=midnight)


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
