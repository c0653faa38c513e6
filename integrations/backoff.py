"""When to try again: pure arithmetic on durations; knows no clock and no queue."""

from datetime import timedelta

from integrations.errors import BooksError, OutcomeUnknown, RateLimited, ReadsUsedUp

# The books end any request after 120 s; with the send deadline and a margin nothing is in flight
# after this.
QUARANTINE = timedelta(seconds=150)
# What was certainly made there may have been renamed or deleted since: nobody looks for ever.
LONGEST_BLIND = 4 * QUARANTINE
SEND_DEADLINE_SECONDS = 5.0
MOST_TRIES = 8
# Until the books are asked again whether they answer questions, after the month's were used.
READS_REST = timedelta(minutes=30)
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=15)
_DOUBLINGS = 10


def scaled(duration: timedelta, *, speed: float) -> timedelta:
    """The duration on an engine that runs `speed` times as fast (1 in production)."""
    return duration / speed


def delay_after(*, tries: int, jitter: float, speed: float) -> timedelta:
    """How long to wait after `tries` failed tries: doubling from 5 s to 15 min, plus up to a half.

    `jitter` is between 0 and 1.
    """
    doubled = min(_FIRST * 2 ** min(max(tries - 1, 0), _DOUBLINGS), _LONGEST)
    return scaled(doubled * (1 + jitter / 2), speed=speed)


def next_try(error: BooksError, *, tries: int, jitter: float, speed: float) -> timedelta | None:
    """How long to wait after this failure, or None when somebody must act.

    `tries` counts failed tries including this one. Throttling and an unreachable server are
    nobody's fault and are tried for ever; an unknown outcome waits until nothing can be in flight
    any more.
    """
    if isinstance(error, RateLimited):
        return scaled(timedelta(seconds=error.retry_after), speed=speed)
    if isinstance(error, ReadsUsedUp):
        return scaled(READS_REST, speed=speed)
    if isinstance(error, OutcomeUnknown):
        return scaled(QUARANTINE, speed=speed) if tries < MOST_TRIES else None
    return delay_after(tries=tries, jitter=jitter, speed=speed)
