"""How fast one company may be spoken to: an allowance that all workers share, in Redis.

Other apps use the same company, so the pace is halved when the books say "too many" and grows back
by itself. Redis is no truth: without it every process goes slowly by itself.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import redis
from django.conf import settings

from integrations.contracts import Limits
from integrations.models import Connection
from integrations.registry import provider_for

logger = logging.getLogger(__name__)

# Seconds that somebody waits for a turn, and that a request may take before its place is free.
PATIENCE, _LONGEST_REQUEST = 20.0, 90.0
# A clock that is a little off and a request that travels slowly must not meet the limit.
_MARGIN = 0.98
# Of the pace, per second: from half to all in a hundred seconds.
_GROWTH, _SLOWEST = 0.005, 0.1
# Requests that may follow each other at once.
_BURST = 2
_ALONE_SECONDS = 0.5

# KEYS: pace, places. ARGV: seconds between turns, burst, places, seconds of a place, whose place
# ("" asks for none), growth per second. Answers seconds to wait, as text; "0" is a turn.
_TURN: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local gap, burst, places = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local pace = tonumber(redis.call('HGET', KEYS[1], 'pace') or '1')
local paced_at = tonumber(redis.call('HGET', KEYS[1], 'paced_at') or now)
pace = math.min(1, pace + (now - paced_at) * tonumber(ARGV[6]))
gap = gap / pace
local due = math.max(tonumber(redis.call('HGET', KEYS[1], 'due') or '0'), now)
local early = due - now - gap * (burst - 1)
if early > 0 then return tostring(early) end
if ARGV[5] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  if redis.call('ZCARD', KEYS[2]) >= places then return tostring(gap) end
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[5])
  redis.call('EXPIRE', KEYS[2], 3600)
end
redis.call('HSET', KEYS[1], 'due', due + gap, 'pace', pace, 'paced_at', now)
redis.call('EXPIRE', KEYS[1], 3600)
return '0'
"""
# KEYS: pace. ARGV: the slowest, growth per second.
_SLOWER: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local pace = tonumber(redis.call('HGET', KEYS[1], 'pace') or '1')
local paced_at = tonumber(redis.call('HGET', KEYS[1], 'paced_at') or now)
pace = math.min(1, pace + (now - paced_at) * tonumber(ARGV[2]))
pace = math.max(tonumber(ARGV[1]), pace / 2)
redis.call('HSET', KEYS[1], 'pace', pace, 'paced_at', now)
redis.call('EXPIRE', KEYS[1], 3600)
return tostring(pace)
"""


@contextmanager
def turn(connection: Connection, *, is_batch: bool = False) -> Iterator[bool]:
    """A place among the company's requests and the time for one; False when none came in time.

    The place is given back at the end, or by itself when the worker died.
    """
    holder = uuid.uuid4().hex
    try:
        yield _wait_for_turn(connection, holder, is_batch=is_batch)
    finally:
        _leave(connection, holder)


def wait_for_read(connection: Connection) -> None:
    """The time for one read. It takes no place, and is made in the end even when none is free."""
    _wait_for_turn(connection, "", is_batch=False)


def slow_down(connection: Connection) -> None:
    """The books said that it was too much: half the pace from now on."""
    growth = _GROWTH * settings.ENGINE_SPEED
    try:
        _redis().eval(_SLOWER, 1, _pace_key(connection, is_batch=False), _SLOWEST, growth)
    except redis.RedisError:
        logger.warning("the pace cannot be kept", extra={"connection": connection.pk})


def seconds_to_wait(connection: Connection, holder: str, *, is_batch: bool) -> float:
    """0.0 is a turn, taken; more is how long to wait before asking again. Raises RedisError."""
    limits = provider_for(connection.provider).limits
    speed = settings.ENGINE_SPEED
    told = _redis().eval(
        _TURN, 2, _pace_key(connection, is_batch=is_batch), _places_key(connection),
        _gap(limits, is_batch=is_batch) / speed, 1 if is_batch else _BURST, limits.in_flight,
        _LONGEST_REQUEST / speed, holder, _GROWTH * speed,
    )  # fmt: skip
    return float(told)


def _wait_for_turn(connection: Connection, holder: str, *, is_batch: bool) -> bool:
    if not settings.PACES_REQUESTS:
        return True
    gives_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            wait = seconds_to_wait(connection, holder, is_batch=is_batch)
        except redis.RedisError:
            logger.warning("without Redis each goes slowly", extra={"connection": connection.pk})
            _rest(_ALONE_SECONDS / settings.ENGINE_SPEED)
            return True
        if not wait:
            return True
        if time.monotonic() + wait > gives_up_at:
            return False
        _rest(wait)


def _rest(seconds: float) -> None:
    """A part of a second, as a rule: too short for a due time in PostgreSQL."""
    time.sleep(seconds)  # noqa: TID251


def _leave(connection: Connection, holder: str) -> None:
    if not settings.PACES_REQUESTS:
        return
    try:
        _redis().zrem(_places_key(connection), holder)
    except redis.RedisError:
        logger.warning("a place is free only later", extra={"connection": connection.pk})


def _gap(limits: Limits, *, is_batch: bool) -> float:
    """Seconds between two turns: a batch is slower than the minute of requests allows."""
    per_minute = limits.batches_per_minute if is_batch else limits.per_minute
    return 60 / (per_minute * _MARGIN)


def _pace_key(connection: Connection, *, is_batch: bool) -> str:
    return f"allowance:{connection.pk}:{'batch' if is_batch else 'single'}"


def _places_key(connection: Connection) -> str:
    return f"allowance:{connection.pk}:places"


@cache
def _redis() -> "redis.Redis":
    """One pool for the process; nobody waits long for a server that is away."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
