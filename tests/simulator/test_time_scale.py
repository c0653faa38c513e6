"""One time_scale divides every duration here, as ENGINE_SPEED does those of the engine."""

import threading
import time
from datetime import timedelta

import pytest

from integrations.backoff import QUARANTINE, SEND_DEADLINE_SECONDS, scaled
from simulators.quickbooks.knobs import Knobs
from tests.simulator.test_gate import refresh

LONGEST_EXECUTION = 120
SCALE = 3600


@pytest.fixture
def hurried(running, sydney):
    """An hour of QuickBooks passes in a second."""
    running.control("/knobs", {"time_scale": SCALE})
    sydney.connect()
    yield sydney
    running.control("/knobs", {"time_scale": 1, "throttle": False, "rotation": "24h"})
    running.control("/knobs", {"query_lag_seconds": 0, "replay_retention_seconds": 86_400})
    running.control("/knobs", {"rotation_grace_seconds": 0, "per_minute": 500, "per_second": 10})
    running.control("/knobs", {"latency_ms": 0})


@pytest.mark.parametrize("factor", [1, 10, 20, 100])
def test_at_the_same_factor_the_quarantine_outlasts_the_latest_execution(factor):
    quarantine = scaled(QUARANTINE, speed=factor)
    deadline = timedelta(seconds=SEND_DEADLINE_SECONDS / factor)
    latest = timedelta(seconds=Knobs(time_scale=factor).scaled(LONGEST_EXECUTION))
    assert deadline + latest < quarantine
    assert quarantine / latest == QUARANTINE / timedelta(seconds=LONGEST_EXECUTION)


def test_a_token_says_how_long_it_lives_and_dies_then(running, hurried):
    running.control("/knobs", {"time_scale": SCALE / 2})
    hurried.connect()
    assert hurried.tokens["expires_in"] == 2
    assert hurried.call("GET", "preferences").status == 200
    running.control("/clock", {"advance_seconds": 2})
    assert hurried.call("GET", "preferences").codes == ["3200"]


def test_refresh_tokens_rotate_after_a_scaled_day_and_have_a_scaled_grace(running, hurried):
    running.control("/knobs", {"rotation_grace_seconds": 3600 * 24})
    old = hurried.tokens["refresh_token"]
    assert refresh(running, old).body["refresh_token"] == old
    running.control("/clock", {"advance_seconds": 24})
    new = refresh(running, old).body["refresh_token"]
    assert new != old
    assert refresh(running, old).body["refresh_token"] == new
    running.control("/clock", {"advance_seconds": 25})
    assert refresh(running, old).body["error"] == "invalid_grant"


def test_the_minute_and_the_second_of_the_limits_shrink(running, hurried):
    running.control("/knobs", {"throttle": True, "per_minute": 2, "per_second": 2})
    running.control("/knobs", {"time_scale": 60})
    hurried.connect()
    statuses = [hurried.call("GET", "preferences").status for _each in range(3)]
    assert statuses == [200, 200, 429]
    running.control("/clock", {"advance_seconds": 1.01})
    assert hurried.call("GET", "preferences").status == 200


def test_request_ids_are_forgotten_and_new_documents_found_sooner(running, hurried):
    running.control("/knobs", {"query_lag_seconds": 1800, "replay_retention_seconds": 1800})
    body = {"DisplayName": "Soon"}
    assert hurried.call("POST", "customer", body, requestid="s").status == 200
    assert hurried.rows("Customer") == []
    running.control("/clock", {"advance_seconds": 0.6})
    assert len(hurried.rows("Customer")) == 1
    assert hurried.call("POST", "customer", body, requestid="s").codes == ["6240"]


def test_holds_and_latency_are_shorter(running, hurried):
    running.control("/knobs", {"latency_ms": 360_000, "hold_next": 1, "hold_seconds": 720})
    begun = time.monotonic()
    hurried.post("Customer", {"DisplayName": "Held"})
    assert 0.3 <= time.monotonic() - begun < 3


def test_a_grace_lets_two_refreshers_end_up_with_one_token(running, hurried):
    running.control("/knobs", {"rotation": "strict", "rotation_grace_seconds": 36_000})
    old, answers = hurried.tokens["refresh_token"], []
    threads = [
        threading.Thread(target=lambda: answers.append(refresh(running, old))) for _each in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.body["refresh_token"] for answer in answers}) == 1
