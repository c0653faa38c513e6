"""Tokens: renewed early and once, never lost by accident, never readable."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.connections.ledgers import InsideATransaction
from integrations.errors import NeedsReconnect, RemoteBusy, TokenExpired, Unreachable
from integrations.models import ConnectionState, ReadMeter
from tests.connections.conftest import change, stored
from tests.connections.fakes import REALM


def test_a_token_that_is_good_is_used_as_it_is(provider, connected):
    connections.open_ledger(connected)
    assert provider.refreshed == []
    assert provider.opened[-1] == (REALM, "secret-access-1")


def test_a_token_is_renewed_a_quarter_of_an_hour_early_and_both_are_kept(provider, connected):
    change(connected, access_expires_at=timezone.now() + timedelta(minutes=14))
    connections.open_ledger(connected)
    assert provider.refreshed == ["secret-refresh-1"]
    assert provider.opened[-1] == (REALM, "secret-access-101")
    row = stored(connected)
    assert (row.refresh_token, row.token_generation) == ("secret-refresh-101", 2)


def test_a_refused_token_is_renewed_before_its_time_but_once(provider, connected):
    stale = stored(connected)
    connections.open_ledger(connected, is_token_refused=True)
    connections.open_ledger(stale, is_token_refused=True)
    assert provider.refreshed == ["secret-refresh-1"]
    assert provider.opened[-1] == (REALM, "secret-access-101")


def test_a_refused_refresh_is_tried_once_more_before_anything_is_lost(provider, expired):
    provider.refusals = [NeedsReconnect("no")]
    connections.open_ledger(expired)
    assert provider.refreshed == ["secret-refresh-1", "secret-refresh-1"]
    assert stored(expired).state == ConnectionState.CONNECTED
    assert mail.outbox == []


def test_a_permission_that_is_gone_stops_the_connection_and_writes_one_mail(
    provider, expired, django_capture_on_commit_callbacks
):
    provider.refusals = [NeedsReconnect("no")] * 2
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            with pytest.raises(NeedsReconnect):
                connections.open_ledger(expired)
    assert len(provider.refreshed) == 2
    row = stored(expired)
    assert row.state == ConnectionState.NEEDS_RECONNECT
    assert (
        row.trouble == "QuickBooks no longer accepts our permission. An owner must connect again."
    )
    assert row.refresh_token == "secret-refresh-1"
    [letter] = mail.outbox
    assert letter.to == ["olive@bright.test"]
    assert "Company 1" in letter.body
    assert "secret" not in letter.body
    assert REALM not in letter.body


def test_a_refusal_of_a_row_that_was_read_long_ago_ends(provider, expired):
    """It was refreshed since, and the new pair is refused as well: no endless second try."""
    change(expired, token_generation=9)
    provider.refusals = [NeedsReconnect("no")] * 5
    with pytest.raises(NeedsReconnect):
        connections.open_ledger(expired)
    assert len(provider.refreshed) == 2
    assert stored(expired).state == ConnectionState.NEEDS_RECONNECT


@pytest.mark.parametrize("error", [Unreachable("no"), RemoteBusy("no")])
def test_a_refresh_that_nobody_answers_loses_nothing(provider, expired, error):
    provider.refusals = [error]
    with pytest.raises(type(error)):
        connections.open_ledger(expired)
    row = stored(expired)
    assert (row.state, row.token_generation) == (ConnectionState.CONNECTED, 1)


def test_losing_an_old_pair_does_not_lose_the_new_one(provider, connected):
    old = stored(connected)
    connections.open_ledger(connected, is_token_refused=True)
    connections.lose(old, NeedsReconnect("403"))
    assert stored(connected).state == ConnectionState.CONNECTED
    connections.lose(stored(connected), NeedsReconnect("403"))
    assert stored(connected).state == ConnectionState.NEEDS_RECONNECT


def test_the_books_are_not_opened_inside_a_transaction(provider, connected):
    with transaction.atomic(), pytest.raises(InsideATransaction):
        connections.open_ledger(connected)
    with acting_for(connected.organization), pytest.raises(InsideATransaction):
        connections.open_ledger(connected)
    assert len(provider.opened) == 1


def test_reads_are_counted_for_the_day(provider, connected):
    connections.refresh_chart(connected)
    with acting_for(connected.organization):
        meter = ReadMeter.objects.owned_by(connected.organization).get()
    assert (meter.reads, meter.day) == (8, timezone.now().date())


def test_a_chart_reading_renews_a_token_that_was_refused_early(provider, connected):
    provider.failures = [TokenExpired("401")]
    connections.refresh_chart(connected)
    assert provider.refreshed == ["secret-refresh-1"]


def test_tokens_and_company_id_are_not_readable_in_the_table_or_the_log(
    provider, connected, caplog
):
    caplog.set_level(logging.DEBUG)
    provider.refusals = [NeedsReconnect("no")] * 2
    change(connected, access_expires_at=None)
    with pytest.raises(NeedsReconnect):
        connections.open_ledger(connected)
    with acting_for(connected.organization), database.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM integrations_connection c")
        [(row,)] = cursor.fetchall()
    queries_apart = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
    for text in (row, *queries_apart):
        assert "secret-" not in text
        assert REALM not in text


@pytest.mark.django_db(transaction=True)
def test_two_workers_refresh_once(provider, expired):
    provider.slowly = threading.Event()
    opened, troubles = [], []
    gate = threading.Barrier(2, timeout=10)

    def work():
        try:
            row = stored(expired)
            gate.wait()
            opened.append(connections.open_ledger(row))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            troubles.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert troubles == []
    assert len(opened) == 2
    assert provider.refreshed == ["secret-refresh-1"]
    assert {token for _, token in provider.opened[-2:]} == {"secret-access-101"}
    assert stored(expired).token_generation == 2
