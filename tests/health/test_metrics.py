"""What a scraper reads: figures of the whole installation, from PostgreSQL, without a name."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.db.models.functions import Now
from prometheus_client.parser import text_string_to_metric_families

from ascora.health import heartbeats
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.rls import acting_for_everyone
from integrations.metering import count
from integrations.metrics.queue import ASCORA, BOOKKEEPER, BUSINESS, WHO_MUST_ACT
from integrations.models import Connection, Outcome, ReadMeter, SyncAttempt

TOKEN = "a-token-of-more-than-thirty-two-characters"


def figures(client):
    """Name and labels to value."""
    page = client.get("/metrics")
    assert page.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page.content.decode())
        for sample in family.samples
    }


def change(business, model, **values):
    """Set columns of a business's rows behind its wall."""
    with business.acting():
        model.objects.owned_by(business.organization).update(**values)


def attempts(business, *outcomes, seconds=1, **values):
    """Attempts of a business that took so long, sent a moment ago."""
    with business.acting():
        for outcome in outcomes:
            made = SyncAttempt.objects.create(
                organization=business.organization, connection=business.connection,
                direction="push", operation="create", kind="invoice", outcome=outcome, **values,
            )  # fmt: skip
            if outcome != Outcome.SENDING:
                SyncAttempt.objects.owned_by(business.organization).filter(pk=made.pk).update(
                    finished_at=F("sent_at") + timedelta(seconds=seconds)
                )


def test_an_empty_installation_shows_every_place_with_nothing(client, db):
    found = figures(client)
    for place in ("due", "being_sent", "later", "behind_another", "not_connected", "held"):
        assert found["ascora_queue_entries", place] == 0
        assert found["ascora_queue_oldest_seconds", place] == 0
    assert found["ascora_metered_reads_total",] == 0
    assert ("ascora_token_age_seconds",) not in found


def test_entries_of_all_businesses_are_counted_where_they_stand(client, spark, drain):
    for business in (spark, drain):
        business.invoice()
    assert figures(client)["ascora_queue_entries", "due"] == 2
    change(spark, OutboxEntry, lease_until=Now() + timedelta(minutes=1), lease_owner=uuid4())
    change(drain, OutboxEntry, run_at=Now() + timedelta(minutes=1))
    found = figures(client)
    assert found["ascora_queue_entries", "being_sent"] == 1
    assert found["ascora_queue_entries", "later"] == 1
    assert found["ascora_queue_entries", "due"] == 0


def test_the_oldest_due_entry_tells_its_age(client, spark):
    spark.invoice()
    change(spark, OutboxEntry, run_at=Now() - timedelta(seconds=90))
    assert 90 <= figures(client)["ascora_queue_oldest_seconds", "due"] < 100


def test_what_waits_for_a_business_to_connect_again_is_not_due(client, spark):
    spark.invoice()
    change(spark, Connection, state="needs_reconnect")
    found = figures(client)
    assert found["ascora_queue_entries", "not_connected"] == 1
    assert found["ascora_queue_entries", "due"] == 0
    assert found["ascora_connections", "needs_reconnect"] == 1


def test_what_is_in_the_books_is_not_in_the_queue(client, spark):
    spark.invoice()
    spark.drain()
    found = figures(client)
    assert sum(v for k, v in found.items() if k[0] == "ascora_queue_entries") == 0
    assert found["ascora_attempts_total", "done", "invoice", "push"] == 1
    assert found["ascora_exchange_seconds_count",] == 3  # item, customer, invoice


@pytest.mark.parametrize(
    ("why", "who"),
    [
        (Hold.NEEDS_MAPPING, BOOKKEEPER),
        (Hold.DUPLICATE_NAME, BUSINESS),
        (Hold.INTERNAL, ASCORA),
    ],
)
def test_held_documents_are_counted_by_who_must_act(client, spark, why, who):
    spark.invoice()
    change(spark, OutboxEntry, state=EntryState.HELD, hold=why, message="Jane Bloggs")
    found = figures(client)
    assert found["ascora_held_documents", *sorted([who, why.value])] == 1
    assert sum(v for k, v in found.items() if k[0] == "ascora_held_documents") == 1
    assert found["ascora_queue_entries", "held"] == 1


def test_every_reason_to_hold_has_somebody_who_must_act():
    assert set(WHO_MUST_ACT) == set(Hold) - {Hold.NONE}


def test_answers_are_counted_by_how_long_they_took(client, spark):
    attempts(spark, Outcome.DONE, seconds=0.2)
    attempts(spark, Outcome.DONE, Outcome.FAILED, seconds=3)
    attempts(spark, Outcome.ADOPTED, seconds=200)
    found = figures(client)
    assert found["ascora_exchange_seconds_bucket", "0.1"] == 0
    assert found["ascora_exchange_seconds_bucket", "0.25"] == 1
    assert found["ascora_exchange_seconds_bucket", "5.0"] == 3
    assert found["ascora_exchange_seconds_bucket", "+Inf"] == 3
    assert found["ascora_exchange_seconds_sum",] == pytest.approx(6.2)
    assert found["ascora_attempts_total", "adopted", "invoice", "push"] == 1


def test_what_was_sent_on_another_day_is_not_counted_again(client, spark):
    attempts(spark, Outcome.DONE, sent_at=Now() - timedelta(days=2))
    assert ("ascora_attempts_total", "done", "invoice", "push") not in figures(client)


def test_an_outcome_is_in_doubt_after_ten_minutes(client, spark):
    attempts(spark, Outcome.SENDING, Outcome.UNKNOWN)
    assert figures(client)["ascora_attempts_in_doubt",] == 0
    attempts(spark, Outcome.SENDING, Outcome.DONE, sent_at=Now() - timedelta(minutes=11))
    assert figures(client)["ascora_attempts_in_doubt",] == 1


def test_reads_are_counted_for_the_day_and_the_month(client, spark, drain):
    for business in (spark, drain):
        with business.acting():
            ReadMeter.objects.create(
                organization=business.organization, connection=business.connection,
                day=Now(), reads=7,
            )  # fmt: skip
    found = figures(client)
    assert found["ascora_metered_reads_total",] == 14
    assert found["ascora_metered_reads_of_month",] == 14


def test_how_much_of_the_plan_is_used_is_told(client, spark):
    count(spark.connection, 350_000)
    found = figures(client)
    assert found["ascora_metered_reads_used_ratio", "quickbooks"] == 0.7
    assert found["ascora_metered_reads_refused", "quickbooks"] == 0


def test_the_oldest_token_and_the_first_to_end_are_told(client, spark, drain):
    day = timedelta(days=1)
    change(
        spark, Connection,
        access_expires_at=Now() - timedelta(minutes=10), refresh_expires_at=Now() + 90 * day,
    )  # fmt: skip
    change(
        drain, Connection,
        access_expires_at=Now() + timedelta(minutes=50), refresh_expires_at=Now() + 3 * day,
        throttled_until=Now() + timedelta(minutes=1),
    )  # fmt: skip
    found = figures(client)
    assert found["ascora_token_age_seconds",] == pytest.approx(70 * 60, abs=10)
    assert found["ascora_refresh_token_left_seconds",] == pytest.approx(3 * 24 * 3600, abs=10)
    assert found["ascora_connections", "connected"] == 2
    assert found["ascora_connections_throttled",] == 1


def test_workers_are_counted(client, db):
    heartbeats.beat("one", has_worked=True)
    assert figures(client)["ascora_workers_alive",] == 1


def test_no_business_and_nobody_is_named(client, spark):
    invoice = spark.invoice(spark.customer("CANARY-7 Pty Ltd"))
    spark.drain()
    page = client.get("/metrics").content.decode()
    for said in ("CANARY-7", invoice.number, "Bright Spark", spark.organization.pk.hex,
                 str(spark.organization.pk), "Books Pty Ltd"):  # fmt: skip
        assert said not in page


def test_a_scrape_asks_the_same_for_one_business_as_for_many(
    client, spark, drain, django_assert_num_queries
):
    client.get("/metrics")
    for business in (spark, drain):
        business.invoice()
    with django_assert_num_queries(22):
        client.get("/metrics")


# Who may read


def test_only_this_machine_reads_while_there_is_no_token(client, db):
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    for address in ("10.0.0.7", "203.0.113.9", ""):
        assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_a_stranger_behind_a_proxy_on_this_machine_reads_nothing(client, db):
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"):
        assert client.get("/metrics", **{header: "127.0.0.1"}).status_code == 404


def test_with_a_token_nothing_else_opens(client, db, settings):
    settings.METRICS_TOKEN = TOKEN
    for shown in ("", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer \xe9"):
        assert client.get("/metrics", HTTP_AUTHORIZATION=shown).status_code == 404
    answer = client.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_what_a_scrape_saw_of_everyone_ends_with_it(client, spark):
    client.get("/metrics")
    with acting_for_everyone():
        assert OutboxEntry.objects.across_organizations().count() == 0
    spark.invoice()
    assert not OutboxEntry.objects.across_organizations().exists()
