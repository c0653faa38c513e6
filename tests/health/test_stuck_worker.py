"""A real worker that lives, consumes nothing and is needed ends by itself; one that works does not.

It stands on the test's own database and on a numbered database of Redis that nobody else rings.
"""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db.models.functions import Now

from ascora.embedded.processes import Process
from ascora.embedded.site import READY
from ascora.health.models import Heartbeat
from ascora.outbox.models import OutboxEntry

ROOT = Path(__file__).resolve().parents[2]
REDIS_OF_ITS_OWN = f"{settings.REDIS_URL.rpartition('/')[0]}/15"
PATIENCE = 3.0

pytestmark = [pytest.mark.slice, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worker(tmp_path, transactional_db):
    """A worker process that is ready."""
    of_tests = settings.DATABASES["default"]["NAME"]
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ascora.settings",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{of_tests}",
        "REDIS_URL": REDIS_OF_ITS_OWN,
        "WATCHDOG_SECONDS": str(PATIENCE),
        "LOG_LEVEL": "INFO",
    }
    process = Process(
        name="worker",
        command=[
            sys.executable, "-m", "celery", "-A", "ascora", "--quiet", "worker",
            "--concurrency", "1", "--without-gossip", "--without-mingle",
        ],
        log=tmp_path / "worker.log", env=env, cwd=ROOT,
    )  # fmt: skip
    process.start()
    try:
        process.wait_until(lambda: READY in process.log.read_text(), seconds=60)
        yield process
    finally:
        process.stop(seconds=20)


def until(met, *, seconds=30):
    """Wait for it."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def test_a_worker_that_consumes_nothing_ends_once_work_waits(worker, spark):
    until(lambda: Heartbeat.objects.count() == 1)
    with Celery(broker=REDIS_OF_ITS_OWN) as bell:
        for lane in ("celery", "prompt"):
            bell.control.cancel_consumer(lane)
    time.sleep(PATIENCE * 2)
    assert worker.is_running, worker.last_words()
    spark.invoice()
    with spark.acting():
        OutboxEntry.objects.owned_by(spark.organization).update(run_at=Now() - timedelta(minutes=1))
    until(lambda: not worker.is_running)
    assert '"event": "stuck: ending, to be started anew"' in worker.log.read_text()


def test_a_worker_that_is_asked_to_end_leaves_no_heartbeat(worker):
    until(lambda: Heartbeat.objects.count() == 1)
    worker.ask_to_stop()
    worker.wait(seconds=30)
    assert not Heartbeat.objects.exists()
