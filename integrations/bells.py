"""Bells that wake workers: at most one waits per business and task, so businesses take turns.

Two lanes: `prompt` for people who wait at a screen and for the clock, `celery` for all the rest.
"""

import logging
from functools import cache
from typing import Any, Final, Protocol

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

ORDINARY, PROMPT = settings.CELERY_TASK_DEFAULT_QUEUE, settings.PROMPT_QUEUE
# A bell that was lost with its worker is rung again after so many seconds.
_FORGOTTEN: Final = 10.0


class Task(Protocol):
    """What a bell asks a worker to do."""

    name: str

    def apply_async(self, args: tuple[str, ...], **options: Any) -> object:
        """Ring."""


def ring(task: Task, organization_hex: str, *, lane: str = ORDINARY) -> None:
    """Wake a worker, unless a bell of this business waits already. Never fails: the bell is only
    about speed, without it work waits for the clock.
    """
    key = _key(task.name, organization_hex, lane)
    kept = max(1000, int(_FORGOTTEN * 1000 / settings.ENGINE_SPEED))
    try:
        if _redis().set(key, 1, nx=True, px=kept):
            task.apply_async((organization_hex,), retry=False, queue=lane)
    except Exception as error:  # noqa: BLE001 - whatever happens to the bell, the work is kept
        said = {"task": task.name, "error": type(error).__name__}
        logger.warning("a bell cannot be rung", extra=said)


def heard(task: Task, organization_hex: str) -> None:
    """Before a worker looks: what is recorded from now on rings anew."""
    try:
        _redis().delete(*(_key(task.name, organization_hex, lane) for lane in (ORDINARY, PROMPT)))
    except redis.RedisError as error:
        logger.warning("a bell waits to be forgotten", extra={"error": type(error).__name__})


def _key(task: str, organization_hex: str, lane: str) -> str:
    return f"bell:{lane}:{task}:{organization_hex}"


@cache
def _redis() -> "redis.Redis":
    """Short: a request that rings while Redis is away must not wait for it."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
