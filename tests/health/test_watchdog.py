"""A worker that takes nothing up while work waits ends, and is started anew; others are left."""

import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from ascora.embedded.environment import Place
from ascora.embedded.processes import EmbeddedError, Process
from ascora.embedded.site import MOST_RESTARTS, Site
from ascora.health.models import Heartbeat
from ascora.outbox.models import OutboxEntry
from integrations import watchdog
from integrations.models import Connection
from integrations.watchdog import SECONDS_OF_SILENCE, Watchdog, keep_watch, work_waits


class Worker:
    """A worker process as its watchdog sees it, on a clock of its own."""

    def __init__(self):
        self.now, self.taken_up, self.is_busy, self.rings, self.ends = 0.0, 0, False, 0, 0
        self.watchdog = Watchdog(
            name="host:1",
            taken_up=lambda: self.taken_up,
            is_busy=lambda: self.is_busy,
            ring=self.ring,
            end=self.end,
            clock=lambda: self.now,
            patience=60.0,
        )

    def ring(self):
        self.rings += 1

    def end(self):
        self.ends += 1

    def passes(self, seconds, *, each=lambda: None):
        """Time passes; the watchdog looks every five seconds."""
        for _ in range(int(seconds / 5)):
            self.now += 5
            each()
            self.watchdog.look()


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def waiting(spark):
    """An invoice that should have been taken up a while ago."""
    spark.invoice()
    change(spark, OutboxEntry, run_at=Now() - timedelta(minutes=1))
    return spark


def change(business, model, **values):
    """Set columns of a business's rows behind its wall."""
    with business.acting():
        model.objects.owned_by(business.organization).update(**values)


def test_a_worker_that_takes_nothing_up_while_work_waits_ends_after_a_minute(worker, waiting):
    worker.passes(55)
    assert worker.ends == 0
    worker.passes(5)
    assert worker.ends == 1


def test_before_it_ends_it_rings_in_case_the_clock_is_away(worker, waiting):
    worker.passes(20)
    assert worker.rings == 4


def test_a_worker_that_works_stays_however_much_waits(worker, waiting):
    def work():
        worker.taken_up += 1

    worker.passes(600, each=work)
    assert worker.ends == 0


def test_a_worker_that_is_busy_with_one_long_task_stays(worker, waiting):
    worker.taken_up, worker.is_busy = 1, True
    worker.passes(290)
    assert worker.ends == 0


def test_a_task_that_never_ends_does_not_keep_a_stuck_worker_alive(worker, waiting):
    worker.taken_up, worker.is_busy = 1, True
    worker.passes(400)
    assert worker.ends >= 1


def test_a_worker_with_nothing_to_do_stays_and_rings_now_and_then(worker, spark):
    worker.passes(600)
    assert worker.ends == 0
    assert worker.rings > 0


def test_nothing_is_rung_while_the_clock_rings(worker, spark):
    def rung():
        worker.taken_up += 1

    worker.passes(SECONDS_OF_SILENCE * 3, each=rung)
    assert worker.rings == 0


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Connection, {"state": "needs_reconnect"}),
        (Connection, {"throttled_until": Now() + timedelta(hours=1)}),
        (OutboxEntry, {"run_at": Now() + timedelta(hours=1)}),
        (OutboxEntry, {"lease_until": Now() + timedelta(minutes=1)}),
        (OutboxEntry, {"run_at": Now()}),
    ],
)
def test_what_cannot_be_taken_up_now_does_not_count(worker, waiting, model, values):
    assert work_waits()
    change(waiting, model, **values)
    assert not work_waits()


def test_a_new_start_would_not_bring_redis_back(worker, waiting, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    worker.passes(300)
    assert worker.ends == 0


def test_nor_postgresql_and_patience_begins_anew_with_it(worker, waiting, monkeypatch):
    def away(*_, **__):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(watchdog, "beat", away)
        worker.passes(300)
    worker.passes(55)
    assert worker.ends == 0
    worker.passes(5)
    assert worker.ends == 1


def test_each_look_is_a_heartbeat_and_work_is_noted(worker, waiting):
    worker.passes(5)
    Heartbeat.objects.update(worked_at=Now() - timedelta(hours=1))
    worker.passes(5)
    row = Heartbeat.objects.get(name="host:1")
    assert row.seen_at - row.worked_at > timedelta(minutes=59)
    worker.taken_up += 1
    worker.passes(5)
    row.refresh_from_db()
    assert row.seen_at - row.worked_at < timedelta(minutes=1)


def test_the_watch_goes_on_after_a_look_that_failed(worker, caplog):
    stopping, looks = threading.Event(), []

    def look():
        looks.append(1)
        if len(looks) == 3:
            stopping.set()
        raise RuntimeError

    worker.watchdog.look = look
    worker.watchdog.patience = 0.01
    keep_watch(worker.watchdog, stopping=stopping)
    assert len(looks) == 3


# Whoever started it


@pytest.fixture
def site(tmp_path: Path):
    """A place where a worker ends each time it is started."""
    ending = Process(
        name="worker", command=[sys.executable, "-c", "print('up')"], log=tmp_path / "worker.log"
    )
    ending.start()
    with Site(Place(tmp_path, 1, 2), env={}, processes=[ending]) as running:
        yield running


def test_a_worker_that_ended_is_started_anew_and_its_log_goes_on(site):
    (worker,) = site.processes
    worker.wait(seconds=20)
    site.look_after()
    worker.wait(seconds=20)
    assert worker.log.read_text().split() == ["up", "up"]


def test_one_that_keeps_ending_is_told(site):
    (worker,) = site.processes
    for _ in range(MOST_RESTARTS):
        worker.wait(seconds=20)
        site.look_after()
    worker.wait(seconds=20)
    with pytest.raises(EmbeddedError, match="worker ended by itself"):
        site.look_after()


def test_a_web_server_that_ended_is_told_at_once(site):
    (web,) = site.processes
    web.name = "web"
    web.wait(seconds=20)
    with pytest.raises(EmbeddedError, match="web ended by itself"):
        site.look_after()
