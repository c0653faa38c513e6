"""The way in and out: a state that works once for whom it was made, one company per business."""

import time
from contextlib import nullcontext

import pytest
from django.contrib.sessions.backends.db import SessionStore

from ascora.chart.models import LedgerAccount
from ascora.tenancy.models import Membership, Role
from ascora.tenancy.rls import acting_for
from integrations import accounting, connections
from integrations.contracts import ConnectionRefused, Grant, Kind
from integrations.errors import Rejected, RemoteBusy
from integrations.models import AccountingSettings, Connection, ConnectionState, RemoteLink
from tests.connections.conftest import stored
from tests.connections.fakes import CHART, OTHER_REALM, REALM, a_pair, an_account


@pytest.fixture
def session(bright_spark):
    store = SessionStore()
    store.create()
    return store


def come_back(session, handshake, provider, **query):
    connections.begin(session, handshake)
    return connections.complete(session, handshake, {"state": provider.state, "code": "c"} | query)


def rows_of(organization):
    with acting_for(organization):
        return list(Connection.objects.owned_by(organization).order_by("pk"))


def test_a_way_that_was_begun_here_leads_to_a_connection(session, handshake, provider):
    connection = come_back(session, handshake, provider)
    assert provider.redirect_uri == handshake.redirect_uri
    row = stored(connection)
    assert (row.company_name, row.country, row.home_currency) == ("Company 1", "AU", "AUD")
    assert (row.realm, row.access_token) == (REALM, "secret-access-1")
    assert (row.state, row.is_set_up) == (ConnectionState.CONNECTED, False)
    with acting_for(handshake.organization):
        codes = LedgerAccount.objects.owned_by(handshake.organization).values_list(
            "code", flat=True
        )
        assert set(codes) == {each.code for each in CHART.accounts}


def test_every_way_has_a_state_of_its_own(session, handshake, provider):
    connections.begin(session, handshake)
    first = provider.state
    connections.begin(session, handshake)
    assert provider.state != first
    assert len(first) >= 40
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": first, "code": "c"})


def test_a_state_works_once_also_from_another_tab_meanwhile(session, handshake, provider):
    connections.begin(session, handshake)
    session.save()
    connections.complete(session, handshake, {"state": provider.state, "code": "c"})
    again = SessionStore(session.session_key)
    for store in (session, again):
        with pytest.raises(connections.StateRefused):
            connections.complete(store, handshake, {"state": provider.state, "code": "c"})
    assert provider.exchanges == 1


def test_two_callbacks_at_once_exchange_once(session, handshake, provider):
    """A browser that loads the address twice: both requests have read the session already."""
    connections.begin(session, handshake)
    session.save()
    again = SessionStore(session.session_key)
    assert again["connecting"]
    for store, is_first in ((session, True), (again, False)):
        with nullcontext() if is_first else pytest.raises(connections.StateRefused):
            connections.complete(store, handshake, {"state": provider.state, "code": "c"})
    assert provider.exchanges == 1
    assert "connecting" not in SessionStore(session.session_key)


def test_a_refused_state_is_spent_as_well(session, handshake, provider):
    connections.begin(session, handshake)
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": "guess", "code": "c"})
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": provider.state, "code": "c"})
    assert rows_of(handshake.organization) == []


@pytest.mark.parametrize("state", ["", "é", "x" * 5000])
def test_an_odd_state_is_refused_calmly(session, handshake, provider, state):
    connections.begin(session, handshake)
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": state, "code": "c"})
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {})


def test_a_state_of_another_session_is_refused(session, handshake, provider):
    connections.begin(session, handshake)
    other = SessionStore()
    other.create()
    with pytest.raises(connections.StateRefused):
        connections.complete(other, handshake, {"state": provider.state, "code": "c"})
    connections.begin(other, handshake)
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": provider.state, "code": "c"})


def test_a_state_is_bound_to_person_organization_and_package(
    session, handshake, provider, otto, drain_co
):
    for change in ({"person": otto}, {"organization": drain_co}, {"slug": "xero"}):
        connections.begin(session, handshake)
        values = {name: getattr(handshake, name) for name in handshake.__slots__} | change
        with pytest.raises(connections.StateRefused):
            connections.complete(
                session, connections.Handshake(**values), {"state": provider.state, "code": "c"}
            )
    assert provider.exchanges == 0


def test_a_state_lives_ten_minutes(session, handshake, provider, monkeypatch):
    connections.begin(session, handshake)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    with pytest.raises(connections.StateRefused):
        connections.complete(session, handshake, {"state": provider.state, "code": "c"})


def test_a_refusal_over_there_changes_nothing(session, handshake, provider):
    with pytest.raises(ConnectionRefused):
        come_back(session, handshake, provider, error="access_denied")
    assert rows_of(handshake.organization) == []


@pytest.mark.parametrize(
    "realm", ["", "abc", "123", "1" * 21, "9130350000001\n", "../../x", "١٢٣٤٥٦٧"]
)
def test_a_company_id_that_is_none_is_refused(session, handshake, provider, realm):
    provider.grant = Grant(realm, a_pair(1))
    with pytest.raises(Rejected):
        come_back(session, handshake, provider)
    assert rows_of(handshake.organization) == []


def test_nothing_is_kept_when_the_company_cannot_be_read(session, handshake, provider):
    provider.failures = [RemoteBusy("no")]
    with pytest.raises(RemoteBusy):
        come_back(session, handshake, provider)
    assert rows_of(handshake.organization) == []


def test_a_company_belongs_to_one_business(connected, provider, drain_co, stan):
    theirs = connections.Handshake(drain_co, stan, "quickbooks", "x")
    with pytest.raises(connections.CompanyTaken):
        connections.enter(theirs, Grant(REALM, a_pair(2)))
    assert rows_of(drain_co) == []
    assert stored(connected).access_token == "secret-access-1"
    assert provider.revoked == []


def test_a_company_that_was_left_may_be_connected_elsewhere(connected, drain_co, stan):
    connections.disconnect(connected)
    theirs = connections.Handshake(drain_co, stan, "quickbooks", "x")
    assert connections.enter(theirs, Grant(REALM, a_pair(2))).organization == drain_co


def set_up(connection, person):
    with acting_for(connection.organization):
        settings = accounting.guess(connection)
        values = {
            name: getattr(settings, name)
            for name in ("labour_account", "sales_tax_code", "cut_off_on")
        }
        accounting.save_settings(connection=connection, values=values, by=person)
        return RemoteLink.objects.create(
            organization=connection.organization, connection=connection, kind=Kind.CUSTOMER,
            label="jobs.customer", object_pk=1, remote_id="5",
        )  # fmt: skip


def test_connecting_the_same_company_again_keeps_settings_and_links(connected, handshake, olive):
    link = set_up(connected, olive)
    connections.disconnect(stored(connected))
    again = connections.enter(handshake, Grant(REALM, a_pair(2)))
    assert again.pk == connected.pk
    assert (again.state, again.is_set_up) == (ConnectionState.CONNECTED, True)
    with acting_for(handshake.organization):
        kept = AccountingSettings.objects.owned_by(handshake.organization).get()
        assert kept.labour_account.code == "4100"
        assert RemoteLink.objects.owned_by(handshake.organization).get() == link


@pytest.mark.parametrize("leaves_first", [True, False])
def test_another_company_is_refused_while_documents_are_linked(
    connected, handshake, provider, olive, leaves_first
):
    set_up(connected, olive)
    if leaves_first:
        connections.disconnect(stored(connected))
    before = stored(connected)
    provider.revoked.clear()
    with pytest.raises(connections.AnotherCompany):
        connections.enter(handshake, Grant(OTHER_REALM, a_pair(2)))
    after = stored(connected)
    assert (after.state, after.access_token) == (before.state, before.access_token)
    assert len(rows_of(handshake.organization)) == 1
    assert provider.revoked == [a_pair(2).refresh_token]


def test_codes_of_one_company_never_point_into_another(connected, handshake, provider):
    organization = handshake.organization
    with acting_for(organization):
        labour = LedgerAccount.objects.owned_by(organization).get(code="4100")
    taken = an_account("9999", "Owner's Drawings", "equity", id="a4100")
    provider.chart = CHART.__class__((taken,), CHART.tax_codes, (), ())
    connections.enter(handshake, Grant(OTHER_REALM, a_pair(2)))
    with acting_for(organization):
        labour.refresh_from_db()
        assert (labour.code, labour.is_active) == ("4100", False)
        there = LedgerAccount.objects.owned_by(organization).get(remote_id="a4100")
        assert (there.code, there.is_active) == ("9999", True)
    provider.chart = CHART
    connections.enter(handshake, Grant(REALM, a_pair(3)))
    with acting_for(organization):
        labour.refresh_from_db()
        there.refresh_from_db()
        assert (labour.remote_id, labour.is_active) == ("a4100", True)
        assert there.is_active is False
    assert [row.state for row in rows_of(organization)] == ["connected", "disconnected"]


def test_a_chart_row_that_vanished_is_inactive_and_comes_back(connected, provider):
    organization = connected.organization

    def is_active(code):
        with acting_for(organization):
            return LedgerAccount.objects.owned_by(organization).get(code=code).is_active

    accounts = tuple(each for each in CHART.accounts if each.code != "4200")
    provider.chart = CHART.__class__(accounts, CHART.tax_codes, (), ())
    connections.refresh_chart(connected)
    assert (is_active("4100"), is_active("4200")) == (True, False)
    provider.chart = CHART
    connections.refresh_chart(connected)
    assert is_active("4200")


@pytest.mark.parametrize("trouble", [None, RemoteBusy("no"), Rejected("dead")])
def test_leaving_revokes_and_forgets_whatever_is_answered(connected, provider, trouble):
    provider.revoke_fails = trouble
    connections.disconnect(connected)
    row = stored(connected)
    assert provider.revoked == ["secret-refresh-1"]
    assert (row.state, row.access_token, row.refresh_token) == ("disconnected", "", "")
    assert row.access_expires_at is None


def test_only_owners_who_may_still_enter_are_written_to(
    connected, bright_spark, otto, django_capture_on_commit_callbacks, mailoutbox
):
    with acting_for(bright_spark):
        Membership.objects.owned_by(bright_spark).filter(user=otto).update(role=Role.OWNER)
    otto.is_active = False
    otto.save(update_fields=["is_active"])
    with django_capture_on_commit_callbacks(execute=True):
        connections.lose(connected, Rejected("x"))
    assert [letter.to for letter in mailoutbox] == [["olive@bright.test"]]
