"""Real workers on 500 documents of one business: who waits at a screen is served meanwhile."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Now

from ascora.embedded.processes import Process
from ascora.embedded.site import READY
from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.models import Organization
from integrations import bells, push, tasks
from tests.engine.connected import Connected, company, running, spark
from tests.engine.fake_ledger import FakeLedger
from tests.simulator.client import Company, Running

__all__ = ["company", "running", "spark"]

pytestmark = [pytest.mark.slice, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
# A request of the long work takes longer than anybody should wait.
MANY, SLOW, SOON = 500, 20, 8.0
FEWEST_IN_BATCH = 10


@pytest.fixture
def drain(drain_co: Organization, running: Running) -> Connected:
    """Drain & Co with its books in the simulator."""
    business = Connected(drain_co, FakeLedger())
    business.attach(running, Company(running, name="Drain & Co", country="AU"))
    return business


@pytest.fixture
def workers(
    transactional_db: None, spark: Connected, tmp_path: Path
) -> Iterator[Callable[[], None]]:
    """Starts them as an installation has them: one for both lanes, one for the prompt one alone."""
    url = settings.ACCOUNTING_PROVIDERS["quickbooks"][1]["api_url"]
    of_tests = settings.DATABASES["default"]["NAME"]
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ascora.settings",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{of_tests}",
        "QUICKBOOKS_DISCOVERY_URL": f"{url}/.well-known/openid_configuration/",
        "QUICKBOOKS_API_URL": url,
        "QUICKBOOKS_CLIENT_ID": "id",
        "QUICKBOOKS_CLIENT_SECRET": "secret",
        "LOG_LEVEL": "INFO",
    }
    bells._redis().flushdb()
    with ExitStack() as stop:

        def start() -> None:
            for name, lanes in (("both", "celery,prompt"), ("prompt", "prompt")):
                process = Process(
                    name=name,
                    command=[
                        sys.executable, "-m", "celery", "-A", "ascora", "--quiet", "worker",
                        "--concurrency", "1", "--queues", lanes, "--hostname", f"{name}@localhost",
                        "--without-gossip", "--without-mingle",
                    ],
                    log=tmp_path / f"{name}.log", env=env, cwd=ROOT,
                )  # fmt: skip
                process.start()
                stop.callback(process.stop, seconds=2)
                process.wait_until(lambda p=process: READY in p.log.read_text(), seconds=60)

        yield start
    bells._redis().flushdb()


def in_books(business: Connected) -> int:
    with business.acting():
        mine = OutboxEntry.objects.owned_by(business.organization).filter(state=EntryState.DONE)
        return mine.filter(label="payments.invoice").count()


def being_sent(business: Connected) -> int:
    with business.acting():
        mine = OutboxEntry.objects.owned_by(business.organization)
        return mine.filter(lease_until__gt=Now()).count()


def until(met: Callable[[], bool], *, seconds: float) -> float:
    """How long it took."""
    began = time.monotonic()
    while not met():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_press_is_served_while_another_business_sends_five_hundred(
    spark: Connected, drain: Connected, workers: Callable[[], None]
) -> None:
    slowly = {"effect": "hold", "seconds": SLOW}
    slowly["matching"] = {"realm": spark.company.realm, "entity": "batch"}
    spark.company.running.control("/rules", {"rules": [slowly]})
    first = spark.invoice()
    push.drain(spark.organization)
    for _ in range(MANY):
        spark.invoice(first.customer)
    workers()
    tasks.ring_for_outbox(spark.organization.pk.hex)
    until(lambda: being_sent(spark) >= FEWEST_IN_BATCH, seconds=60)
    drain.invoice()
    with drain.acting():
        OutboxEntry.objects.owned_by(drain.organization).update(run_at=Now() - timedelta(seconds=1))
    tasks.ring_for_outbox(drain.organization.pk.hex, somebody_waits=True)
    took = until(lambda: in_books(drain) == 1, seconds=60)
    assert being_sent(spark) >= FEWEST_IN_BATCH, "the long work was over before"
    assert took < SOON, f"served after {took:.1f} s"
