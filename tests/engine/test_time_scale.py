"""ENGINE_SPEED here and time_scale there are one setting: hours run in seconds and still agree."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from ascora.outbox.models import EntryState
from integrations.connections.tokens import is_fresh
from integrations.quickbooks.provider import QuickBooksProvider
from tests.engine.connected import Connected, company, running, spark
from tests.simulator.client import Running

__all__ = ["company", "running", "spark"]

FACTOR = 50
LAG_SECONDS = 140
QUARANTINE_SECONDS = 150


@pytest.fixture
def forgetful(running: Running, spark: Connected, settings: Settings) -> Iterator[Connected]:
    """Books that forget request ids at once and show a new payment only after a while."""
    settings.ENGINE_SPEED = FACTOR
    running.control("/knobs", {"replay_retention_seconds": 0, "query_lag_seconds": LAG_SECONDS})
    yield spark
    running.control("/knobs", {"replay_retention_seconds": 86_400, "query_lag_seconds": 0})
    running.control("/knobs", {"time_scale": 1})


def drain_until(business: Connected, is_reached: Callable[[], bool]) -> None:
    """Work for at most ten seconds."""
    for _ in range(50):
        business.drain()
        if is_reached():
            return
        time.sleep(0.2)
    raise AssertionError("it never came so far")


def payments_after_a_lost_reply(business: Connected) -> int:
    """How many payments are over there when one reply was lost and all has settled."""
    invoice = business.invoice()
    business.drain(2)
    lost = {"entity": "payment", "realm": business.company.realm}
    rule = {"effect": "lose_reply", "next": 1, "matching": lost}
    business.company.running.control("/rules", {"rules": [rule]})
    payment = business.payment({invoice: "50.00"})
    # A tenth of a second to send in may be too short on a busy machine: then it tries again.
    drain_until(business, lambda: business.company.running.control("/rules")[0]["hits"] == 1)
    time.sleep((QUARANTINE_SECONDS + 5) / FACTOR)
    drain_until(business, lambda: business.entry(payment).state == EntryState.DONE)
    realm = business.company.realm
    told = business.company.running.control(f"/judge?realm={realm}&kind=Payment")
    return len(told["realms"][realm]["objects"])


@pytest.fixture
def hurried(running: Running, spark: Connected, settings: Settings) -> Iterator[Connected]:
    """Both sides at the same factor, the client's patience too."""
    settings.ENGINE_SPEED = FACTOR
    running.control("/knobs", {"time_scale": FACTOR})
    spark.provider = QuickBooksProvider({**spark.provider_config, "speed": FACTOR})
    yield spark
    running.control("/knobs", {"time_scale": 1})
    running.control("/rules", {"rules": []})


def test_a_payment_carried_out_after_we_gave_up_waiting_is_made_once(hurried: Connected) -> None:
    invoice = hurried.invoice()
    drain_until(hurried, lambda: hurried.entry(invoice).state == EntryState.DONE)
    late = {"effect": "hold", "seconds": 110, "next": 1}
    running, realm = hurried.company.running, hurried.company.realm
    matching = {"entity": ["payment", "batch"], "kind": "write", "realm": realm}
    running.control("/rules", {"rules": [{**late, "matching": matching}]})
    payment = hurried.payment({invoice: "50.00"})
    drain_until(hurried, lambda: running.control("/rules")[0]["hits"] == 1)
    assert hurried.entry(payment).state != EntryState.DONE
    drain_until(hurried, lambda: hurried.entry(payment).state == EntryState.DONE)
    told = running.control(f"/judge?realm={realm}&kind=Payment")["realms"][realm]["objects"]
    assert [each["total"] for each in told] == ["50.00"]
    assert running.control(f"/calls?realm={realm}")["replays"] == 0
    assert hurried.differences() == []


def test_a_token_is_refreshed_early_by_the_same_factor(hurried: Connected) -> None:
    now = datetime.now(UTC)
    life = timedelta(seconds=3600 / FACTOR)
    hurried.connection.access_expires_at = now + life
    assert is_fresh(hurried.connection, now=now)
    assert is_fresh(hurried.connection, now=now + life * 0.74)
    assert not is_fresh(hurried.connection, now=now + life * 0.76)


def test_at_the_same_factor_the_look_back_finds_what_was_made(forgetful: Connected) -> None:
    forgetful.company.running.control("/knobs", {"time_scale": FACTOR})
    assert payments_after_a_lost_reply(forgetful) == 1


def test_at_different_factors_it_looks_too_early_and_makes_a_second(forgetful: Connected) -> None:
    assert payments_after_a_lost_reply(forgetful) == 2
