"""Businesses take turns: whoever was served longest ago comes first, one bell of each waits."""

from datetime import timedelta
from uuid import UUID

import pytest
import redis
from django.db.models.functions import Now

from ascora.outbox.models import OutboxEntry
from integrations import bells, connections, customer_import, tasks
from integrations.errors import Unreachable
from integrations.models import AT_WORK, Connection, FileImport
from integrations.push import drain as drain_queue
from payments.models import Letter
from tests.engine.business import Business
from tests.house.rows import a_row


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Lane and business of each bell that reaches Celery."""
    heard: list[tuple[str, str]] = []
    bells._redis().flushdb()
    monkeypatch.setattr(
        tasks.drain_outbox,
        "apply_async",
        lambda args, *, queue, **_: heard.append((queue, args[0])),
    )
    return heard


def owe(business: Business) -> UUID:
    """An invoice that is due, and nothing else; whose it is."""
    business.invoice()
    with business.acting():
        OutboxEntry.objects.owned_by(business.organization).update(run_at=Now() - timedelta(1))
    return business.organization.pk


def served_at(business: Business) -> object:
    with business.acting():
        return Connection.objects.owned_by(business.organization).get().served_at


def test_whoever_was_served_longest_ago_comes_first(
    spark: Business, drain: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sorted([spark, drain], key=lambda each: each.organization.pk)
    ids = [owe(first), owe(second)]
    monkeypatch.setattr(tasks, "_MOST_AT_ONCE", 1)
    assert tasks._due_work()["push"] == ids[:1]
    drain_queue(first.organization, most=1)
    owe(first)
    assert tasks._due_work()["push"] == ids[1:]


def test_the_clock_finds_each_kind_of_work_under_its_name(spark: Business, drain: Business) -> None:
    for each in (spark, drain):
        with each.acting():
            rows = Connection.objects.owned_by(each.organization)
            rows.update(next_pull_at=Now() + timedelta(1))
    assert tasks._due_work() == {name: [] for name in ("push", "pull", "import", "file", "mail")}
    owe(spark)
    with drain.acting():
        Connection.objects.owned_by(drain.organization).update(next_pull_at=None)
        customer_import.start_import(connection=drain.connection, by=None)
    with spark.acting():
        a_row(FileImport, spark.organization)
        a_row(Letter, spark.organization)
        FileImport.objects.owned_by(spark.organization).update(state=AT_WORK[0])
    ours, theirs = [spark.organization.pk], [drain.organization.pk]
    assert tasks._due_work() == {
        "push": ours, "pull": theirs, "import": theirs, "file": ours, "mail": ours
    }  # fmt: skip


def test_a_business_is_served_also_when_its_books_cannot_be_opened(
    spark: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unreachable("away")

    monkeypatch.setattr(connections, "open_ledger", away)
    drain_queue(spark.organization)
    assert served_at(spark) is None, "nothing is due: a look costs no writing"
    owe(spark)
    drain_queue(spark.organization)
    assert served_at(spark) is not None


def test_many_changes_of_one_business_ring_once(
    spark: Business, drain: Business, rung: list[tuple[str, str]]
) -> None:
    big, small = spark.organization.pk.hex, drain.organization.pk.hex
    for _ in range(50):
        tasks.ring_for_outbox(big)
    tasks.ring_for_outbox(small)
    assert rung == [("celery", big), ("celery", small)]


def test_a_bell_that_was_heard_rings_again(spark: Business, rung: list[tuple[str, str]]) -> None:
    pk = spark.organization.pk.hex
    tasks.ring_for_outbox(pk)
    tasks.take_the_bell_down(task=tasks.drain_outbox, args=(pk,))
    tasks.ring_for_outbox(pk)
    assert len(rung) == 2


def test_somebody_who_waits_at_a_screen_does_not_stand_in_the_long_queue(
    spark: Business, rung: list[tuple[str, str]]
) -> None:
    pk = spark.organization.pk.hex
    tasks.ring_for_outbox(pk)
    tasks.ring_for_outbox(pk, somebody_waits=True)
    assert rung == [("celery", pk), ("prompt", pk)]


def test_a_bell_that_cannot_be_rung_fails_nothing(
    spark: Business, rung: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    monkeypatch.setattr(bells, "_redis", lambda: nobody)
    tasks.ring_for_outbox(spark.organization.pk.hex)
    tasks.take_the_bell_down(task=tasks.drain_outbox, args=(spark.organization.pk.hex,))
    assert rung == []
