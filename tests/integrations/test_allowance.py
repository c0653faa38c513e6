"""How fast one company is spoken to, whoever speaks: one pace and eight places for all workers."""

import pytest
import redis

from integrations import allowance
from integrations.allowance import seconds_to_wait, slow_down, turn
from integrations.models import Connection
from tests.integrations.fake_provider import FakeProvider

LIMITS = FakeProvider.limits
GAP = 60 / LIMITS.per_minute / 0.98


@pytest.fixture
def company(at_bright_spark, settings, monkeypatch):
    """A connected company that nobody has spoken to."""
    monkeypatch.setattr(allowance, "provider_for", lambda _slug: FakeProvider)
    settings.PACES_REQUESTS = True
    allowance._redis().flushdb()
    return Connection.objects.create(
        organization=at_bright_spark, provider="quickbooks", realm="1", realm_print="1"
    )


def ask(company, holder="", **kind):
    return seconds_to_wait(company, holder, is_batch=kind.get("is_batch", False))


def test_two_may_follow_each_other_and_the_third_waits_for_its_turn(company):
    assert [ask(company), ask(company)] == [0, 0]
    assert 0 < ask(company) <= GAP


def test_a_batch_has_a_pace_of_its_own(company):
    assert ask(company, is_batch=True) == 0
    assert GAP < ask(company, is_batch=True) <= 60 / LIMITS.batches_per_minute / 0.98
    assert ask(company) == 0


def test_another_company_is_not_held_back(company, at_bright_spark):
    other = Connection(pk=company.pk + 1, provider="quickbooks")
    for _ in range(3):
        ask(company)
    assert ask(other) == 0


def test_after_too_much_the_pace_is_half_and_never_less_than_a_tenth(company):
    slow_down(company)
    ask(company)
    ask(company)
    assert GAP < ask(company) <= 2 * GAP
    for _ in range(9):
        slow_down(company)
    pace = float(allowance._redis().hget(allowance._pace_key(company, is_batch=False), "pace"))
    assert pace == pytest.approx(0.1, abs=0.01)


def test_the_pace_grows_back_by_itself(company):
    slow_down(company)
    key = allowance._pace_key(company, is_batch=False)
    long_ago = float(allowance._redis().hget(key, "paced_at")) - 200
    allowance._redis().hset(key, "paced_at", long_ago)
    ask(company)
    assert float(allowance._redis().hget(key, "pace")) == 1


def test_eight_are_under_way_at_once_and_a_place_is_free_again_after(company, settings):
    settings.ENGINE_SPEED = 1000
    settings.PACES_REQUESTS = True
    holders = [f"worker-{number}" for number in range(8)]
    for holder in holders:
        while ask(company, holder):
            pass
    waits = [ask(company, "ninth") for _ in range(20)]
    assert 0 not in waits
    allowance._leave(company, holders[0])
    while ask(company, "ninth"):
        pass
    assert allowance._redis().zcard(allowance._places_key(company)) == 8


def test_a_turn_gives_its_place_back_though_it_ends_badly(company):
    def falls_ill():
        with turn(company) as is_ours:
            assert is_ours
            assert allowance._redis().zcard(allowance._places_key(company)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        falls_ill()
    assert allowance._redis().zcard(allowance._places_key(company)) == 0


def test_who_waits_too_long_is_told_so_and_takes_no_place(company, monkeypatch):
    monkeypatch.setattr(allowance, "PATIENCE", 0)
    monkeypatch.setattr(allowance, "seconds_to_wait", lambda *_, **__: 1.0)
    with turn(company) as is_ours:
        assert not is_ours


def test_without_redis_each_goes_slowly_and_is_not_stopped(company, monkeypatch, settings):
    slept = []
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setattr(allowance, "_redis", lambda: away)
    monkeypatch.setattr(allowance, "_rest", slept.append)
    with turn(company) as is_ours:
        assert is_ours
        slow_down(company)
    assert slept == [0.5]
