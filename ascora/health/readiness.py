"""Whether this process can serve: PostgreSQL answers and has the tables of this version."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from redis import Redis, RedisError

from ascora.health.heartbeats import Workers, workers

_MOST_MILLISECONDS = 2000
_REDIS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found. Redis is told and not needed: it only rings, PostgreSQL holds the work."""

    answers: bool = False
    is_migrated: bool = False
    has_redis: bool = False
    workers: Workers | None = None

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here."""
        return self.answers and self.is_migrated


def readiness() -> Readiness:
    """Ask the servers, each within a bounded time."""
    has_redis = redis_answers()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_MOST_MILLISECONDS}")
            cursor.execute("SELECT app, name FROM django_migrations")
            is_migrated = _newest_migrations() <= set(cursor.fetchall())
            at_work = workers() if is_migrated else None
    except Error:
        return Readiness(has_redis=has_redis)
    return Readiness(answers=True, is_migrated=is_migrated, has_redis=has_redis, workers=at_work)


def redis_answers() -> bool:
    """Whether the doorbell works."""
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=_REDIS_SECONDS,
        socket_timeout=_REDIS_SECONDS,
        retry=None,
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as the code of this process has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
