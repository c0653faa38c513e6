"""What a supervisor and a load balancer ask: does it live, can it serve, does anybody work."""

import pytest
from django.db import OperationalError, connection

from ascora.health import heartbeats, readiness
from ascora.health.models import Heartbeat
from ascora.health.readiness import redis_answers


@pytest.fixture
def nobody_listens(settings):
    """Redis is away."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def test_a_process_that_lives_says_so_without_asking_anybody(client, nobody_listens):
    # No database fixture: a query would fail this test.
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_it_is_ready_when_the_database_answers_and_has_every_table(client, db):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "answers",
        "migrations": "applied",
        "redis": "answers",
        "workers_alive": 0,
        "seconds_since_work": None,
    }


def test_it_asks_little(client, db, django_assert_max_num_queries):
    client.get("/readyz")
    with django_assert_max_num_queries(7):
        client.get("/readyz")


def test_it_is_ready_without_redis_and_says_so(client, db, nobody_listens):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["redis"] == "away, not needed to serve"
    assert not redis_answers()


def test_it_is_not_ready_before_the_tables_of_this_version_are_there(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'payments'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "missing or unknown"


def test_tables_of_a_newer_version_do_not_trouble_an_older_one(client, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('payments', '9999_tomorrow', now())"
        )
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_without_the_database_and_tells_no_secret(client, monkeypatch):
    def refuse():
        raise OperationalError('connection to "db.internal" failed: password "hunter2"')

    monkeypatch.setattr(readiness.transaction, "atomic", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert "hunter2" not in response.content.decode()
    assert "db.internal" not in response.content.decode()


def test_workers_are_counted_while_they_beat(client, db):
    heartbeats.beat("one", has_worked=True)
    heartbeats.beat("two", has_worked=False)
    assert client.get("/readyz").json()["workers_alive"] == 2
    Heartbeat.objects.filter(name="one").update(seen_at="2020-01-01T00:00Z")
    assert client.get("/readyz").json()["workers_alive"] == 1


def test_the_name_of_a_worker_is_nobodys_business(client, db):
    heartbeats.beat("host-7:4711", has_worked=True)
    assert "host-7" not in client.get("/readyz").content.decode()


def test_a_worker_that_ends_or_is_gone_for_a_day_is_forgotten(db):
    heartbeats.beat("old", has_worked=True)
    Heartbeat.objects.update(seen_at="2020-01-01T00:00Z")
    heartbeats.beat("new", has_worked=True)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["new"]
    heartbeats.rest("new")
    assert not Heartbeat.objects.exists()
