"""What the components do in a real browser: pop-ups, search while typing, the end of a session."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from ascora.tenancy.rls import acting_for
from jobs.models import Customer
from tests.browser.chromium import PHONE, WIDE, watched
from tests.browser.person import focused
from tests.builders import a_customer
from tests.conftest import an_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server):
    """Otto's browser at Bright Spark, which has three customers; a broken script fails the test."""
    organization = an_organization("Bright Spark Electrical", otto="office")
    with acting_for(organization):
        for name in ("Smith Plumbing", "Smythe & Sons", "Jones"):
            a_customer(organization, name=name)
    client = Client()
    client.force_login(otto(organization), backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(base_url=live_server.url, viewport=WIDE)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    # The lamp asks by itself: a request that outlives its test would find the database closed.
    context.route("**/books/lamp/", lambda route: route.fulfill(body=""))
    page = context.new_page()
    trouble = watched(page)
    page.organization = organization
    yield page
    page.wait_for_load_state("networkidle")
    context.close()
    assert trouble == []


def otto(organization):
    from ascora.tenancy.models import User

    return User.objects.get(name="Otto")


def open_new_customer(page):
    page.goto("/customers/")
    page.get_by_role("link", name="New Customer").click()
    page.wait_for_selector("#dialog[open]")


def test_a_pop_up_takes_the_focus_keeps_it_and_gives_it_back(page):
    open_new_customer(page)
    assert focused(page) == "name"
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('#dialog') !== null"
        )
    page.keyboard.press("Escape")
    page.wait_for_selector("#dialog:not([open])", state="attached")
    assert focused(page) == "New Customer"


def test_what_was_typed_is_not_thrown_away_without_asking(page):
    open_new_customer(page)
    page.fill("#dialog [name=given_name]", "Kim")
    page.keyboard.press("Escape")
    assert page.get_by_text("Discard what you typed?").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#dialog[open]").count() == 1, "a second Escape asks, too"
    page.get_by_role("button", name="Keep editing").click()
    assert page.input_value("#dialog [name=given_name]") == "Kim"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard", exact=True).click()
    page.wait_for_selector("#dialog:not([open])", state="attached")


def test_a_refused_pop_up_keeps_what_was_typed_and_a_saved_one_shows_what_it_made(page):
    open_new_customer(page)
    page.fill("#dialog [name=given_name]", "Kim")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("#dialog [name=name].is-invalid")
    assert page.input_value("#dialog [name=given_name]") == "Kim"
    assert focused(page) == "name"
    page.fill("#dialog [name=name]", "Kim Lee")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/customers/*-*/")
    assert page.get_by_role("heading", name="Kim Lee").is_visible()
    with acting_for(page.organization):
        assert Customer.objects.owned_by(page.organization).filter(name="Kim Lee").count() == 1


def test_a_list_is_searched_while_typing_and_remembers_it_in_its_address(page):
    page.goto("/customers/")
    page.keyboard.press("/")
    page.keyboard.type("smy", delay=20)
    page.wait_for_url("**/customers/?*q=smy*")
    expect(page.locator("#listing tbody tr")).to_have_count(1)
    assert page.locator("#listing tbody tr").inner_text().startswith("Smythe & Sons")
    assert page.locator("#announcer").text_content() == "1 customer"
    assert focused(page) == "q"
    page.keyboard.type("zzz")
    page.get_by_text("Nothing found").wait_for()
    page.get_by_role("link", name="Clear search and filters").click()
    expect(page.locator("#listing tbody tr")).to_have_count(3)


def test_a_pop_up_after_the_session_ended_leads_to_the_log_in(page):
    page.goto("/customers/")
    page.context.clear_cookies()
    page.get_by_role("link", name="New Customer").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    assert page.url.endswith("?next=/customers/")


def test_dark_is_kept_from_page_to_page(page):
    page.goto("/customers/")
    page.get_by_role("button", name="your account").click()
    page.get_by_role("button", name="Dark").click()
    page.goto("/jobs/")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


@pytest.mark.parametrize("address", ["/customers/", "/jobs/", "/inventory/supplies/"])
def test_a_phone_shows_no_sideways_scrolling_and_a_menu_by_touch(page, address):
    page.set_viewport_size(PHONE)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Menu").click()
    page.locator("#menu.show").wait_for()
    page.get_by_role("button", name="Administration").click()
    with page.expect_navigation(url="**/administration/jobs/", wait_until="commit", timeout=30_000):
        page.locator('#menu a[href="/administration/jobs/"]').click()
