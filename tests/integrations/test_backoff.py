"""When to try again: pure arithmetic, to the second."""

from datetime import timedelta

import pytest

from integrations.backoff import QUARANTINE, READS_REST, delay_after, next_try, scaled
from integrations.errors import OutcomeUnknown, RateLimited, ReadsUsedUp, RemoteBusy


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(0, 5), (1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (40, 900), (10_000, 900)],
)
def test_waiting_doubles_from_five_seconds_to_a_quarter_of_an_hour(tries, seconds):
    assert delay_after(tries=tries, jitter=0, speed=1) == timedelta(seconds=seconds)
    assert next_try(RemoteBusy(), tries=tries, jitter=0, speed=1) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("jitter", "seconds"), [(0, 10), (0.5, 12.5), (1, 15)])
def test_up_to_half_is_added_so_that_not_all_come_at_once(jitter, seconds):
    assert delay_after(tries=2, jitter=jitter, speed=1) == timedelta(seconds=seconds)


def test_an_engine_ten_times_as_fast_waits_a_tenth():
    assert scaled(timedelta(seconds=150), speed=10) == timedelta(seconds=15)
    assert delay_after(tries=40, jitter=0, speed=10) == timedelta(seconds=90)


def test_an_unknown_outcome_waits_until_nothing_is_in_flight_and_not_for_ever():
    assert timedelta(seconds=120) < QUARANTINE == timedelta(seconds=150)
    assert next_try(OutcomeUnknown(), tries=1, jitter=1, speed=1) == QUARANTINE
    assert next_try(OutcomeUnknown(), tries=7, jitter=1, speed=10) == QUARANTINE / 10
    assert next_try(OutcomeUnknown(), tries=8, jitter=1, speed=1) is None


def test_throttling_waits_as_long_as_was_asked_however_often():
    throttled = RateLimited(retry_after=60)
    assert next_try(throttled, tries=1, jitter=1, speed=1) == timedelta(seconds=60)
    assert next_try(throttled, tries=99, jitter=1, speed=10) == timedelta(seconds=6)


def test_used_up_reads_rest_however_often_they_are_refused():
    assert timedelta(minutes=30) == READS_REST
    assert next_try(ReadsUsedUp(), tries=1, jitter=1, speed=1) == READS_REST
    assert next_try(ReadsUsedUp(), tries=99, jitter=1, speed=10) == READS_REST / 10
