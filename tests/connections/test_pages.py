"""The connect wizard and the settings A to M, page by page and role by role."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from ascora.chart.models import LedgerAccount, TaxCode
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.contracts import Grant
from integrations.errors import NeedsReconnect, Unreachable
from integrations.forms import PackageForm, SettingsForm
from integrations.models import AccountingSettings, ConnectionState
from integrations.registry import packages
from payments.selectors import payment_settings_for
from tests.connections.conftest import change, stored
from tests.connections.fakes import OTHER_REALM, REALM, a_pair

START = reverse("integrations:accounts_integration")
SETTINGS = reverse("integrations:settings")
CONNECT = reverse("integrations:connect", args=["quickbooks"])
BACK = reverse("integrations:callback", args=["quickbooks"])
OWN_NUMBERS = reverse("integrations:own_numbers")


@pytest.fixture
def browser(client_of, olive):
    return client_of(olive)


def text_of(answer):
    body = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(body).split())


def walk(browser, provider, **query):
    """Press Connect, and come back as the package leads back."""
    answer = browser.post(CONNECT)
    assert answer.status_code == 200
    return browser.get(BACK, {"state": provider.state, "code": "c", "realmId": REALM} | query)


# The package and the way there and back.


def test_the_packages_are_shown_and_those_not_ready_are_coming(provider, browser):
    assert [(each.label, each.is_available) for each in packages()] == [
        ("Xero", False), ("QuickBooks", True), ("MYOB Live", False), ("MYOB Essentials", False),
    ]  # fmt: skip
    page = text_of(browser.get(START))
    assert "Xero (coming)" in page
    assert "Connect to QuickBooks" not in page
    assert "MYOB Live is coming" in text_of(browser.get(START, {"package": "myob-live"}))
    assert "Connect to QuickBooks" in text_of(browser.get(START, {"package": "quickbooks"}))
    assert "Connect to QuickBooks" not in text_of(browser.get(START, {"package": "nonsense"}))


def test_a_package_form_knows_what_is_available(provider):
    assert PackageForm({"package": "quickbooks"}).is_available
    assert not PackageForm({"package": "xero"}).is_available
    assert PackageForm({"package": "xero"}).label_of_choice == "Xero"


@pytest.mark.parametrize("who", ["otto", "ada"])
def test_others_read_the_summary_and_cannot_connect(provider, client_of, person, who):
    browser = client_of(person(who))
    page = text_of(browser.get(START, {"package": "quickbooks"}))
    assert "Only an owner of Bright Spark Electrical can connect the books." in page
    assert browser.post(CONNECT).status_code == 403
    assert browser.get(BACK, {"state": "s", "code": "c"}).status_code == 403


def test_a_package_that_is_not_ready_has_no_way(provider, browser):
    assert browser.post(reverse("integrations:connect", args=["xero"])).status_code == 404
    assert browser.get(reverse("integrations:callback", args=["xero"])).status_code == 404


def test_the_way_leads_to_the_settings_and_shows_no_secret(provider, browser):
    answer = walk(browser, provider)
    assert (answer.status_code, answer.url) == (302, SETTINGS)
    pages = [browser.get(each).content.decode() for each in (SETTINGS, START)]
    assert "Company 1" in pages[1]
    for page in pages:
        assert "secret-" not in page
        assert REALM not in page


def test_a_company_with_its_own_numbers_off_is_led_to_the_switch(provider, browser):
    provider.uses_own_numbers = False
    assert walk(browser, provider).url == OWN_NUMBERS
    assert "Turn on Custom transaction numbers" in text_of(browser.get(OWN_NUMBERS))
    answer = browser.post(OWN_NUMBERS)
    assert "still off" in text_of(answer)
    provider.uses_own_numbers = True
    assert browser.post(OWN_NUMBERS).url == SETTINGS
    assert "There is nothing to do" in text_of(browser.get(OWN_NUMBERS))


def test_a_look_at_the_numbers_that_cannot_be_had_is_a_calm_page(provider, browser, connected):
    provider.failures = [Unreachable("no")]
    assert "could not be reached" in text_of(browser.post(OWN_NUMBERS))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied"}, "You did not allow the connection at QuickBooks"),
        ({"state": "guess"}, "This way back from QuickBooks was used before"),
        ({"state": "é\n"}, "This way back from QuickBooks was used before"),
    ],
)
def test_what_goes_wrong_on_the_way_is_a_calm_page(provider, browser, bright_spark, query, words):
    answer = walk(browser, provider, **query)
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert "Not connected" in text_of(answer)


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        (Grant("not a company", a_pair(1)), "did not give a proper answer"),
        (Unreachable("no", trace_id="tid-7"), "For Intuit's support: tid-7"),
        (NeedsReconnect("dead"), "no longer accepts Ascora's permission"),
    ],
)
def test_a_grant_that_is_none_is_a_calm_page(provider, browser, grant, words):
    provider.grant = grant
    assert words in text_of(walk(browser, provider))


def test_a_company_of_another_business_is_a_calm_page(provider, connected, client_of, stan):
    page = text_of(walk(client_of(stan), provider))
    assert "connected to another business in Ascora" in page
    assert "Bright Spark" not in page


def test_going_back_to_the_address_is_a_calm_page(provider, browser):
    walk(browser, provider)
    again = browser.get(BACK, {"state": provider.state, "code": "c", "realmId": REALM})
    assert "was used before" in text_of(again)
    assert provider.exchanges == 1


def test_a_dead_permission_is_told_with_the_way_to_renew_it(
    provider, connected, browser, client_of, ada
):
    connections.lose(connected, NeedsReconnect("x"))
    page = text_of(browser.get(START))
    assert "An owner must connect again." in page
    assert "Connect to QuickBooks" in page
    assert "Connect to QuickBooks" not in text_of(client_of(ada).get(START))
    provider.grant = Grant(REALM, a_pair(2))
    walk(browser, provider)
    assert stored(connected).state == ConnectionState.CONNECTED


def test_leaving_asks_first_and_tolerates_a_dead_token(provider, connected, browser):
    leave = reverse("integrations:disconnect")
    assert "Nothing is deleted on either side" in text_of(browser.get(leave))
    assert stored(connected).state == ConnectionState.CONNECTED
    provider.revoke_fails = Unreachable("no")
    assert browser.post(leave).url == START
    assert stored(connected).state == ConnectionState.DISCONNECTED
    assert browser.post(leave).url == START


@pytest.mark.parametrize("page", [SETTINGS, OWN_NUMBERS, reverse("integrations:import_question")])
def test_without_a_connection_the_later_steps_lead_to_the_first(provider, browser, page):
    assert browser.get(page).url == START


# The settings.


def form_for(connection, data=None, *, shows_all=False):
    from integrations import accounting

    return SettingsForm(
        data,
        organization=connection.organization,
        settings=accounting.settings_for(connection),
        payment_settings=payment_settings_for(connection.organization),
        shows_all=shows_all,
    )


def offered(form, name):
    return [getattr(row, "code", None) or str(row) for row in form.fields[name].queryset]


def test_each_drop_down_offers_the_right_kinds_and_more_on_request(connected):
    with acting_for(connected.organization):
        form, wide = form_for(connected), form_for(connected, shows_all=True)
        assert offered(form, "payments_account") == ["1100", "1190"]
        assert offered(form, "card_account") == ["1100", "1150"]
        assert offered(wide, "card_account") == ["1100", "1150", "1190"]
        assert offered(form, "labour_account") == ["4100", "4200"]
        assert offered(wide, "labour_account") == ["4100", "4200", "4900"]
        assert offered(form, "expense_account") == ["5100", "6100"]
        assert offered(form, "sales_tax_code") == ["GST", "GST free"]
        assert [str(row) for row in form.fields["lead_source_field"].queryset] == ["Lead Source"]


def chosen(connection, **changes):
    """What the page presets, as a browser posts it."""
    with acting_for(connection.organization):
        form = form_for(connection)
        values = {name: form.initial.get(name) for name in form.fields}
        posted = {
            name: str(getattr(value, "pk", value))
            for name, value in values.items()
            if value not in (None, "", False)
        }
        accounts = LedgerAccount.objects.owned_by(connection.organization)
        for name, code in ({"credit_note_account": "4200"} | changes).items():
            posted[name] = str(accounts.get(code=code).pk)
    return posted


def saved(connection):
    with acting_for(connection.organization):
        rows = AccountingSettings.objects.owned_by(connection.organization)
        return rows.select_related("labour_account", "payments_account").first()


def read_long_ago(connection):
    change(connection, chart_read_at=timezone.now() - timedelta(hours=1))


def test_sensible_choices_are_preset_and_saved(provider, connected, browser):
    page = browser.get(SETTINGS)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-cache, no-store, private")
    posted = chosen(connected)
    answer = browser.post(SETTINGS, posted | {"accepts_cards": "on"})
    assert (answer.status_code, answer.url) == (302, reverse("integrations:import_question"))
    kept = saved(connected)
    assert (kept.labour_account.code, kept.payments_account.code) == ("4100", "1100")
    assert stored(connected).is_set_up
    with acting_for(connected.organization):
        assert payment_settings_for(connected.organization).accepts_cards


def test_an_accountant_may_save_them_and_the_office_may_not(connected, client_of, otto, ada):
    posted = chosen(connected)
    assert client_of(otto).post(SETTINGS, posted).status_code == 403
    assert saved(connected) is None
    assert client_of(ada).post(SETTINGS, posted).status_code == 302


def test_a_missing_choice_is_said_next_to_its_field_and_the_rest_is_kept(connected, browser):
    posted = chosen(connected, materials_account="4100")
    del posted["labour_account"]
    answer = browser.post(SETTINGS, posted)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.errors == {"labour_account": ["Choose one."]}
    assert form["materials_account"].value() == posted["materials_account"]
    assert saved(connected) is None


def test_a_and_b_must_differ_in_what_they_charge(connected, browser):
    posted = chosen(connected)
    posted["sales_free_code"] = posted["sales_tax_code"]
    form = browser.post(SETTINGS, posted).context["form"]
    assert form.errors["sales_free_code"] == [
        "Choose another code than for taxed sales (A).", "GST charges tax.",
    ]  # fmt: skip


def test_an_account_of_another_business_cannot_be_chosen(connected, browser, drain_co):
    with acting_for(drain_co):
        theirs = LedgerAccount.objects.create(
            organization=drain_co,
            remote_id="a1",
            code="4100",
            name="N",
            full_name="N",
            kind="income",
        )
    answer = browser.post(SETTINGS, chosen(connected) | {"labour_account": str(theirs.pk)})
    assert "labour_account" in answer.context["form"].errors
    assert saved(connected) is None


@pytest.mark.parametrize(("gone", "field"), [("4100", "labour_account"), ("GST", "sales_tax_code")])
def test_what_became_inactive_meanwhile_is_refused_and_nothing_is_saved(
    provider, connected, browser, gone, field
):
    posted = chosen(connected)
    read_long_ago(connected)
    provider.without(gone)
    answer = browser.post(SETTINGS, posted)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert field in form.errors
    assert "is no longer active in QuickBooks. Choose another one." in form.errors[field][0]
    page = answer.content.decode()
    drop_down = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL).group(0)
    assert f'<option value="{posted[field]}" selected>' in drop_down
    assert "no longer active" in text_of(answer)
    assert saved(connected) is None
    assert not stored(connected).is_set_up


def test_an_account_that_has_become_another_kind_is_refused(provider, connected, browser):
    posted = chosen(connected)
    read_long_ago(connected)
    accounts = [
        a if a.code != "4100" else type(a)(a.id, a.code, a.name, a.full_name, "equity", "AUD", True)
        for a in provider.chart.accounts
    ]
    provider.chart = type(provider.chart)(tuple(accounts), provider.chart.tax_codes, (), ())
    form = browser.post(SETTINGS, posted).context["form"]
    assert "has become another kind of account (Equity)" in form.errors["labour_account"][0]
    assert saved(connected) is None


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Unreachable("no"), "QuickBooks could not be asked just now, so nothing was saved."),
        (NeedsReconnect("no"), "An owner must connect again first."),
    ],
)
def test_nothing_is_saved_unchecked(provider, connected, browser, trouble, words):
    posted = chosen(connected)
    read_long_ago(connected)
    provider.failures = [trouble]
    answer = browser.post(SETTINGS, posted)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert answer.context["form"]["labour_account"].value() == posted["labour_account"]
    assert saved(connected) is None


def test_a_saved_choice_that_went_inactive_is_shown_as_what_it_is(provider, connected, browser):
    browser.post(SETTINGS, chosen(connected))
    provider.without("4100", "GST")
    answer = browser.post(reverse("integrations:chart_refresh"))
    assert answer.url == SETTINGS
    page = text_of(browser.get(SETTINGS))
    assert "The chart of accounts was read again." in page
    assert "4100 Labour Income (no longer active)" in page
    assert "GST (no longer active)" in page


def test_refreshing_the_chart_brings_what_is_new(provider, connected, browser):
    provider.chart = type(provider.chart)(provider.chart.accounts[:2], (), (), ())
    browser.post(reverse("integrations:chart_refresh"))
    with acting_for(connected.organization):
        codes = TaxCode.objects.owned_by(connected.organization)
        assert not codes.filter(is_active=True).exists()


def test_the_import_is_asked_for_by_those_who_may_begin_it(connected, client_of, person):
    question = reverse("integrations:import_question")
    for who, may in (("olive", True), ("otto", True), ("ada", False)):
        page = text_of(client_of(person(who)).get(question))
        assert "Import customer information?" in page
        assert ("Yes, import all my customers" in page) is may
        assert "Not right now" in page


def test_two_businesses_never_see_each_others_books(provider, connected, client_of, stan):
    provider.grant = Grant(OTHER_REALM, a_pair(2))
    browser = client_of(stan)
    walk(browser, provider)
    page = text_of(browser.get(START))
    assert "Company 2" in page
    assert "Company 1" not in page
