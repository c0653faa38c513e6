"""Tokens, the open ledger, the chart, and coming back to the same or another company."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections as databases
from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.connections import ledgers
from integrations.connections.ledgers import InsideATransaction
from integrations.errors import NeedsReconnect, Unreachable
from integrations.models import AccountingSettings, ReadMeter, RemoteLink
from tests.integrations.fake_provider import FakeProvider
from tests.integrations.rows import reread

OTHER_REALM = "9130000000000002"


def expire(connection, *, within):
    with acting_for(connection.organization):
        connection.access_expires_at = timezone.now() + within
        connection.save(update_fields=["access_expires_at"])


def refreshes(world):
    return [token for call, token in world.calls if call == "refresh"]


def test_a_fresh_token_is_used_as_it_is(connected, world):
    connections.open_ledger(connected)
    assert world.calls == []


def test_a_token_is_renewed_fifteen_minutes_early_and_the_pair_kept(connected, world):
    expire(connected, within=timedelta(minutes=14))
    ledger = connections.open_ledger(connected)
    assert refreshes(world) == ["refresh-1"]
    reread(connected)
    assert (connected.access_token, connected.refresh_token) == ("access-2", "refresh-2")
    ledger.company()
    assert ("company", "access-2") in world.calls


def test_a_token_that_another_worker_renewed_is_not_renewed_again(connected, world, connection_of):
    """Both saw the token refused; the second finds a newer generation under the lock."""
    slow = connection_of(connected.organization)
    connections.open_ledger(connected, is_token_refused=True)
    connections.open_ledger(slow, is_token_refused=True)
    assert refreshes(world) == ["refresh-1"]


def test_one_refused_refresh_is_tried_once_more(connected, world):
    expire(connected, within=timedelta(0))
    world.refuses_refresh = 1
    connections.open_ledger(connected)
    reread(connected)
    assert (connected.state, connected.access_token) == ("connected", "access-2")
    assert len(refreshes(world)) == 2


def test_a_lost_permission_stops_everything_and_writes_to_the_owners_once(
    connected, world, django_capture_on_commit_callbacks
):
    expire(connected, within=timedelta(0))
    world.refuses_refresh = 99
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            with pytest.raises(NeedsReconnect):
                connections.open_ledger(connected)
    reread(connected)
    assert connected.state == "needs_reconnect"
    assert "connect again" in connected.trouble
    assert len(refreshes(world)) == 2
    assert [message.to for message in mail.outbox] == [["olive@bright.test"]]
    assert "access-1" not in mail.outbox[0].body


def test_intuit_out_of_reach_loses_nothing(connected, world, monkeypatch):
    def unreachable(self, tokens):
        raise Unreachable("no")

    monkeypatch.setattr(FakeProvider, "refresh", unreachable)
    expire(connected, within=timedelta(0))
    with pytest.raises(Unreachable):
        connections.open_ledger(connected)
    reread(connected)
    assert (connected.state, connected.refresh_token) == ("connected", "refresh-1")


def test_the_books_are_not_spoken_to_inside_a_transaction(connected, world):
    with transaction.atomic(), pytest.raises(InsideATransaction):
        connections.open_ledger(connected)
    assert world.calls == []


def test_reads_are_counted_for_the_business_and_day(connected):
    ledger = connections.open_ledger(connected)
    ledger.company()
    ledger.chart()
    with acting_for(connected.organization):
        meter = ReadMeter.objects.owned_by(connected.organization).get()
        assert meter.reads == 8


def test_what_vanished_from_the_chart_becomes_inactive_and_comes_back(connected, world):
    labour = world.accounts.pop(2)
    connections.refresh_chart(connected)
    with acting_for(connected.organization):
        row = LedgerAccount.objects.owned_by(connected.organization).get(remote_id="41")
        assert row.is_active is False
    world.accounts.append(labour)
    connections.refresh_chart(connected)
    with acting_for(connected.organization):
        row.refresh_from_db()
        assert row.is_active is True
        assert LedgerAccount.objects.owned_by(connected.organization).count() == 8


def test_a_chart_that_cannot_be_read_changes_nothing(connected, world):
    world.fails = Unreachable("no")
    with pytest.raises(Unreachable):
        connections.refresh_chart(connected)
    with acting_for(connected.organization):
        rows = LedgerAccount.objects.owned_by(connected.organization)
        assert rows.filter(is_active=True).count() == 8


def link(connection):
    with acting_for(connection.organization):
        RemoteLink.objects.create(
            organization=connection.organization, connection=connection, label="payments.invoice",
            object_pk=1, kind="invoice", remote_id="77",
        )  # fmt: skip


def test_reconnecting_the_same_company_keeps_settings_and_links(
    connected, olive, client_of, come_back, connection_of
):
    link(connected)
    with acting_for(connected.organization):
        AccountingSettings.objects.create(
            organization=connected.organization, connection=connected, cut_off_on="2026-01-31"
        )
    connections.disconnect(connected)
    come_back(client_of(olive))
    again = connection_of(connected.organization)
    assert (again.pk, again.state, again.access_token) == (connected.pk, "connected", "access-2")
    with acting_for(again.organization):
        assert str(again.settings.cut_off_on) == "2026-01-31"
        assert again.links.count() == 1


def test_another_company_is_refused_once_anything_is_linked(
    connected, olive, client_of, come_back, connection_of
):
    link(connected)
    answer = come_back(client_of(olive), realm=OTHER_REALM)
    assert "documents of another QuickBooks company" in answer.content.decode()
    still = connection_of(connected.organization)
    assert (still.realm, still.state, still.access_token) == (
        connected.realm, "connected", "access-1",
    )  # fmt: skip


def test_another_company_may_follow_while_nothing_is_linked(
    connected, bright_spark, olive, client_of, come_back
):
    come_back(client_of(olive), realm=OTHER_REALM)
    with acting_for(bright_spark):
        states = dict(
            type(connected).objects.owned_by(bright_spark).order_by("pk")
            .values_list("pk", "state")
        )  # fmt: skip
        active = LedgerAccount.objects.owned_by(bright_spark).filter(is_active=True)
        assert list(states.values()) == ["disconnected", "connected"]
        assert active.count() == 8


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_renew_once(world, connected, connection_of, monkeypatch):
    monkeypatch.setattr(ledgers, "DEPTH_OF_NO_TRANSACTION", 0)
    expire(connected, within=timedelta(0))
    rows = [connection_of(connected.organization) for _ in range(4)]
    problems = []

    def work(row):
        try:
            connections.open_ledger(row)
        except Exception as error:  # noqa: BLE001 - reported by the assertion
            problems.append(error)
        finally:
            databases.close_all()

    workers = [threading.Thread(target=work, args=(row,)) for row in rows]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=20)
    assert problems == []
    assert refreshes(world) == ["refresh-1"]
