"""Steps 1 to 7 of connecting, and every way in which they can be refused."""

import time

import pytest
from django.urls import reverse

from ascora.chart.models import LedgerAccount
from ascora.tenancy.rls import acting_for
from integrations.connections import handshake
from integrations.errors import Unreachable
from integrations.models import Connection
from tests.integrations.fake_provider import REALM
from tests.integrations.rows import reread

HOME = "/administration/accounts-integration/"


def test_the_drop_down_names_every_package_and_says_which_are_coming(olive, client_of, world):
    page = client_of(olive).get(HOME).content.decode()
    order = [page.index(name) for name in ("Xero (coming)", ">QuickBooks<", "MYOB Live (coming)",
             "MYOB Essentials (coming)")]  # fmt: skip
    assert order == sorted(order)
    assert "Connect to QuickBooks" not in page


def test_choosing_quickbooks_shows_what_flows_and_the_button(olive, client_of, world):
    page = client_of(olive).get(HOME, {"package": "quickbooks"}).content.decode()
    assert "What will flow which way" in page
    assert "Connect to QuickBooks" in page


@pytest.mark.parametrize("slug", ["xero", "myob-live", "sage"])
def test_a_package_that_is_not_there_cannot_be_connected(olive, client_of, world, slug):
    assert client_of(olive).post(f"{HOME}{slug}/connect/").status_code == 404
    assert world.calls == []


def test_office_and_accountant_see_the_summary_and_no_button(otto, ada, client_of, world):
    for somebody in (otto, ada):
        browser = client_of(somebody)
        page = browser.get(HOME, {"package": "quickbooks"}).content.decode()
        assert "Only an owner" in page
        assert browser.post(f"{HOME}quickbooks/connect/").status_code == 403
    assert world.calls == []


def test_the_press_is_answered_by_a_page_of_ours_that_leads_on(olive, client_of, world):
    """A redirect from a form to another host would be stopped by form-action."""
    page = client_of(olive).post(f"{HOME}quickbooks/connect/")
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.content.decode()
    assert page.context["address"].startswith("https://intuit.test/connect?state=")


def test_coming_back_connects_seals_the_tokens_and_reads_the_chart(
    world, bright_spark, olive, client_of, come_back, connection_of
):
    answer = come_back(client_of(olive))
    assert answer.headers["Location"] == reverse("integrations:settings")
    row = connection_of(bright_spark)
    assert (row.state, row.company_name, row.connected_by) == ("connected", "Sydney Sparks", olive)
    assert (row.realm, row.access_token, row.refresh_token) == (REALM, "access-1", "refresh-1")
    stored = row.__dict__
    assert all(stored[name].startswith("v1.") for name in ("realm", "access_token"))
    assert REALM not in row.realm_print
    assert row.is_set_up is False
    with acting_for(bright_spark):
        codes = LedgerAccount.objects.owned_by(bright_spark).values_list("code", flat=True)
        assert list(codes) == ["1100", "1150", "4100", "4200", "4900", "4950", "5100", "6100"]


def test_without_own_numbers_the_next_step_shows_where_to_turn_them_on(
    world, olive, client_of, come_back
):
    world.uses_own_numbers = False
    browser = client_of(olive)
    own_numbers = reverse("integrations:own_numbers")
    assert come_back(browser).headers["Location"] == own_numbers
    assert "Custom transaction numbers" in browser.get(own_numbers).content.decode()
    assert "still off" in browser.post(own_numbers).content.decode()
    world.uses_own_numbers = True
    assert browser.post(own_numbers).headers["Location"] == reverse("integrations:settings")


def assert_refused(answer, words, world, organization, connection_of):
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert connection_of(organization) is None
    assert [call for call, _ in world.calls if call == "company"] == []


def test_saying_no_at_intuit_is_a_calm_page(
    world, bright_spark, olive, client_of, come_back, connection_of
):
    answer = come_back(client_of(olive), error="access_denied")
    assert_refused(answer, "did not allow the connection", world, bright_spark, connection_of)


@pytest.mark.parametrize("state", ["", "guessed", "größer"])
def test_a_state_that_was_not_handed_out_exchanges_nothing(
    world, bright_spark, olive, client_of, begun, come_back, connection_of, state
):
    browser = client_of(olive)
    begun(browser)
    answer = come_back(browser, state=state)
    assert_refused(answer, "used before, or is older", world, bright_spark, connection_of)
    assert "exchange" not in dict(world.calls)


def test_a_state_works_once(world, olive, client_of, begun, come_back):
    browser = client_of(olive)
    state = begun(browser)
    assert come_back(browser, state=state).status_code == 302
    assert "used before" in come_back(browser, state=state).content.decode()
    assert [call for call, _ in world.calls].count("exchange") == 1


def test_a_wrong_state_spends_the_right_one(world, olive, client_of, begun, come_back):
    browser = client_of(olive)
    state = begun(browser)
    come_back(browser, state="guessed")
    assert "used before" in come_back(browser, state=state).content.decode()
    assert "exchange" not in dict(world.calls)


def test_a_state_is_worth_ten_minutes(
    world, bright_spark, olive, client_of, begun, come_back, connection_of, monkeypatch
):
    browser = client_of(olive)
    state = begun(browser)
    later = time.time() + handshake.TEN_MINUTES + 1
    monkeypatch.setattr(handshake.time, "time", lambda: later)
    answer = come_back(browser, state=state)
    assert_refused(answer, "ten minutes", world, bright_spark, connection_of)


def test_a_state_of_another_session_is_nothing_here(
    world, bright_spark, olive, client_of, begun, come_back, connection_of
):
    state = begun(client_of(olive))
    answer = come_back(client_of(olive), state=state)
    assert_refused(answer, "begun by somebody else", world, bright_spark, connection_of)


def test_a_role_lost_on_the_way_connects_nothing(
    world, bright_spark, olive, client_of, begun, come_back, connection_of
):
    browser = client_of(olive)
    state = begun(browser)
    with acting_for(bright_spark):
        olive.memberships.filter(organization=bright_spark).update(role="office")
    assert come_back(browser, state=state).status_code == 403
    assert connection_of(bright_spark) is None
    assert "exchange" not in dict(world.calls)


@pytest.mark.parametrize("realm", ["12", "x" * 10, "1" * 21, "123456'--", "١٢٣٤٥٦"])
def test_a_company_of_the_wrong_form_is_refused(
    world, bright_spark, olive, client_of, come_back, connection_of, realm
):
    answer = come_back(client_of(olive), realm=realm)
    assert_refused(answer, "did not give a proper answer", world, bright_spark, connection_of)


def test_a_company_connected_elsewhere_is_refused_and_stays_there(
    connected, world, drain_co, stan, client_of, come_back, connection_of
):
    answer = come_back(client_of(stan))
    assert_refused(answer, "connected to another business", world, drain_co, connection_of)
    reread(connected)
    assert connected.state == "connected"


def test_books_that_cannot_be_read_connect_nothing(
    world, bright_spark, olive, client_of, come_back, connection_of
):
    world.fails = Unreachable("no", trace_id="tid-1")
    answer = come_back(client_of(olive))
    assert "could not be reached" in answer.content.decode()
    assert "tid-1" in answer.content.decode()
    assert connection_of(bright_spark) is None


def test_two_businesses_with_two_companies_see_their_own(
    connected, bright_spark, drain_co, stan, client_of, come_back, connection_of
):
    come_back(client_of(stan), realm="9130000000000002")
    assert connection_of(drain_co).realm == "9130000000000002"
    assert connection_of(bright_spark).realm == REALM
    with acting_for(drain_co):
        assert Connection.objects.owned_by(drain_co).count() == 1


def test_disconnecting_asks_first_then_revokes_and_forgets(connected, world, olive, client_of):
    browser = client_of(olive)
    leave = reverse("integrations:disconnect")
    assert "Sydney Sparks" in browser.get(leave).content.decode()
    assert world.calls == []
    browser.post(leave)
    reread(connected)
    assert world.calls == [("revoke", "refresh-1")]
    assert (connected.state, connected.access_token, connected.refresh_token) == (
        "disconnected", "", "",
    )  # fmt: skip


def test_a_dead_permission_can_be_disconnected(connected, world, olive, client_of):
    world.fails = Unreachable("no")
    client_of(olive).post(reverse("integrations:disconnect"))
    reread(connected)
    assert connected.state == "disconnected"


def test_after_connecting_the_import_is_offered_in_the_seeds_words(connected, olive, client_of):
    page = client_of(olive).get(reverse("integrations:import_question")).content.decode()
    assert "Yes, import all my customers" in page
    assert "Not right now" in page
