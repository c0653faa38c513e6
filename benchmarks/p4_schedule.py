"""P4: ten thousand connections on the clock, and a neighbour with a long queue.

The clock only rings; what it costs to find what is due is held against Celery's own beat with one
periodic task for each company, as others schedule.
"""

import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import redis

from benchmarks import _rig as rig
from benchmarks._rig import Figure, told

TICK = 5.0
WORKERS = 4
HOUR = 3600
BELLS, DONE = "bench:bells", "bench:done"


def main() -> int:
    with rig.servers(), rig.simulator(latency_ms=200) as running:
        neighbours(running)
        clock(running, rig.sized(10_000, 500))
    return 0


def clock(running: Any, count: int) -> None:
    """Look for due work among so many connections."""
    from django.db import connection
    from django.utils import timezone

    from ascora.tenancy.models import Organization
    from ascora.tenancy.rls import acting_for_everyone
    from integrations import tasks
    from integrations.models import Connection

    later = timezone.now() + timedelta(hours=20)
    with acting_for_everyone():
        made = Organization.objects.bulk_create(
            [Organization(id=uuid4(), name=f"Tenant {number}") for number in range(count)],
            batch_size=1000,
        )
        Connection.objects.bulk_create(
            [
                Connection(
                    organization=each, provider="quickbooks", company_name=each.name,
                    is_set_up=True, realm=str(number), realm_print=f"p{number}", next_pull_at=later,
                )
                for number, each in enumerate(made)
            ],
            batch_size=1000,
        )  # fmt: skip
    # As the database does by itself within its first minute.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    machine = rig.Machine(running.pid)
    idle = _ticks(tasks, 30)
    valid = machine.is_valid()
    told(Figure("P4 idle tick", idle * 1000, "ms", most=2, valid=valid))
    told(Figure("P4 clock with nothing due", idle / TICK * 100, "percent", most=3, valid=valid))
    hundred = [each.pk for each in made[:100]]
    with acting_for_everyone():
        Connection.objects.across_organizations().filter(organization_id__in=hundred).update(
            next_pull_at=timezone.now()
        )
    told(Figure("P4 tick that finds a hundred", _ticks(tasks, 10) * 1000, "ms"))
    ours, theirs = idle / TICK, _beat(count)
    told(
        Figure(
            "P4 clock beside celery beat",
            theirs / ours,
            "times",
            "ours",
            theirs / ours,
            least=20,
            valid=valid,
        )
    )


def _ticks(tasks: Any, times: int) -> float:
    """Seconds of wall for one look: the database's share counts, too."""
    walls = []
    for _ in range(times):
        started = time.monotonic()
        tasks._due_work()  # noqa: SLF001 - the look itself, without the ringing
        walls.append(time.monotonic() - started)
    return rig.median(walls)


def _beat(count: int) -> float:
    """Processor share of a beat that rings once an hour for each company, measured over a while."""
    from celery import Celery
    from celery.beat import ScheduleEntry, Scheduler
    from celery.schedules import schedule
    from django.conf import settings

    app = Celery("bench", broker=settings.CELERY_BROKER_URL)
    app.conf.task_ignore_result = True
    beat = Scheduler(app, lazy=True, sync_every_tasks=0)
    now = app.now()
    beat.data = {}
    for number in range(count):
        ago = timedelta(seconds=HOUR * (1 - number / count))
        beat.data[str(number)] = ScheduleEntry(
            name=str(number), task="bench.pull", args=(str(number),), last_run_at=now - ago,
            schedule=schedule(timedelta(seconds=HOUR), app=app), app=app,
        )  # fmt: skip
    beat.setup_schedule = lambda: None
    seconds = rig.sized(20, 4)
    beat.tick()
    started, before = time.monotonic(), rig.own_processor()
    while time.monotonic() - started < seconds:
        time.sleep(max(0.0, min(beat.tick(), 1.0)))
    return (rig.own_processor() - before) / (time.monotonic() - started)


# --- Neighbours -----------------------------------------------------------------------------------


def neighbours(running: Any) -> None:
    """How much longer one document takes when somebody else has very many."""
    from benchmarks import _backlog as invoices

    count = rig.sized(12, 4)
    made = [rig.business(running, f"Neighbour{number} Pty") for number in range(count)]
    first = {each.organization.pk: invoices.ready(each) for each in made}
    loud, others = made[0], made[1:]

    def one_each(prefix: str) -> None:
        for each in others:
            invoices.backlog(each, first[each.organization.pk], 1, prefix=prefix)

    machine = rig.Machine(running.pid)
    one_each("ALONE")
    alone = _served(others)
    invoices.backlog(loud, first[loud.organization.pk], rig.sized(1000, 60), prefix="LOUD")
    one_each("BESIDE")
    beside = _served([loud, *others], until=others)
    invoices.forget_the_rest(loud)
    valid = machine.is_valid()
    told(Figure("P4 p95 of one document, alone", alone, "seconds", valid=valid))
    peer = "alone"
    told(
        Figure(
            "P4 p95 beside a long queue",
            beside,
            "seconds",
            peer,
            beside / alone,
            most=2,
            valid=valid,
        )
    )


def _served(rung: list[Any], until: list[Any] | None = None) -> float:
    """The bells in the order of a queue, as Celery serves them; who has more rings again at the
    end. The 95th percentile of when those that count were done.
    """
    from django.conf import settings

    from benchmarks import _backlog as invoices
    from integrations import push

    counted = rung if until is None else until
    # No queue of multiprocessing: its threads do not live through a plain fork.
    here = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    here.rpush(BELLS, *range(len(rung)))
    started = time.monotonic()
    names = {each.organization.pk for each in counted}

    def work(_: int) -> None:
        mine = redis.Redis.from_url(settings.CELERY_BROKER_URL)
        while bell := mine.blpop([BELLS], timeout=1):
            business = rung[int(bell[1])]
            if push.drain(business.organization).is_more and time.monotonic() < started + 60:
                mine.rpush(BELLS, bell[1])
            if business.organization.pk in names and not invoices.left(business):
                mine.rpush(DONE, time.monotonic() - started)

    rig.at_once(WORKERS, work)
    times = sorted(float(each) for each in here.lrange(DONE, 0, -1))
    here.delete(BELLS, DONE)
    if len(times) < len(counted):
        raise SystemExit(f"{len(times)} of {len(counted)} were served")
    return float(times[int(len(times) * 0.95) - 1])


if __name__ == "__main__":
    sys.exit(main())
