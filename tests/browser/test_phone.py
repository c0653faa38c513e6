"""The screens on a phone: through the menu to a list, an invoice, and a pop-up."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from ascora.tenancy.models import User
from ascora.tenancy.rls import acting_for
from tests.browser.chromium import PHONE
from tests.browser.person import Person
from tests.builders import an_invoice
from tests.conftest import an_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def otto(chromium, live_server):
    """Otto's phone at Bright Spark, which has an open invoice; a broken script fails the test."""
    organization = an_organization("Bright Spark Electrical", otto="office")
    with acting_for(organization):
        an_invoice(organization, "100.00", "2450.00")
    client = Client()
    client.force_login(User.objects.get(name="Otto"), backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    otto = Person(chromium, live_server.url, PHONE)
    otto.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    # What asks by itself could outlive its test, and would find the database closed.
    otto.context.route("**/books/**", lambda route: route.fulfill(body=""))
    otto.context.route("**/live/", lambda route: route.fulfill(body=""))
    yield otto
    otto.page.wait_for_load_state("networkidle")
    otto.context.close()
    assert otto.trouble == []


def fits(otto: Person) -> bool:
    """Nothing has to be scrolled sideways."""
    return otto.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_invoice_is_found_and_paid_on_a_phone(otto):
    otto.goto("/")
    assert fits(otto)
    otto.press("Menu")
    otto.menu("Invoices")
    assert fits(otto)
    otto.page.locator("#listing .row-link").first.click()
    heading = otto.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("INV-")
    otto.can_be_used_by_everybody()
    assert fits(otto)
    link = otto.page.get_by_role("link", name="Record Payment")
    window = otto.open_window("Record Payment", "Record Payment")
    box = window.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    expect(window.get_by_role("button", name="Take Payment")).to_be_in_viewport()
    otto.press("Close")
    expect(otto.window).to_have_count(0)
    assert link.evaluate("e => e === document.activeElement")
    otto.open_window("Record Payment", "Record Payment")
    otto.save("Take Payment")
    expect(heading).to_contain_text("Paid")
    assert fits(otto)
