"""A supplier invoice from its first line to its approval, at a desk and on a phone."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from ascora.tenancy.models import User
from ascora.tenancy.rls import acting_for
from inventory.models import SupplierInvoice, Supply
from tests.browser.chromium import PHONE, WIDE
from tests.browser.person import Person
from tests.builders import a_job, a_supplier, a_supply
from tests.conftest import an_organization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[WIDE, PHONE], ids=["desk", "phone"])
def otto(request, chromium, live_server):
    """Otto at Bright Spark, which knows a supplier, a supply and a job."""
    organization = an_organization("Bright Spark Electrical", otto="office")
    with acting_for(organization):
        a_supplier(organization, name="Reece Plumbing", payment_days=14)
        a_supply(organization, description="Ball valve", part_number="BV-20", cost_price=10)
        a_job(organization, description="Replace the valves")
    client = Client()
    client.force_login(User.objects.get(name="Otto"), backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    otto = Person(chromium, live_server.url, request.param)
    otto.organization = organization
    otto.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    # What asks by itself could outlive its test, and would find the database closed.
    otto.context.route("**/books/**", lambda route: route.fulfill(body=""))
    yield otto
    otto.page.wait_for_load_state("networkidle")
    otto.context.close()
    assert otto.trouble == []


def fits(otto: Person) -> bool:
    """Nothing reaches beyond the window."""
    return otto.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_lines_are_entered_allocated_and_approved_and_a_new_cost_is_taken_over(otto):
    page = otto.page
    otto.goto("/inventory/supplier-invoices/")
    page.get_by_role("link", name="New Supplier Invoice").first.click()
    window = page.locator("#dialog[open]")
    window.locator("#id_supplier").select_option(label="Reece Plumbing")
    window.get_by_label("Supplier's number").fill("R-1001")
    window.get_by_role("button", name="Enter its lines").click()
    page.wait_for_url("**/edit/")

    page.get_by_label("Find a supply").fill("ball")
    supply = page.get_by_label("Supply", exact=True)
    expect(supply.locator("option")).to_have_count(1)
    page.get_by_role("button", name="Add supply").click()
    line = page.get_by_role("group", name="Line 1")
    expect(line.get_by_label("Description")).to_have_value("BV-20 Ball valve")
    line.get_by_label("Cost each").fill("12.50")
    line.get_by_label("Quantity").fill("4")
    expect(page.locator("#cost-totals .total")).to_contain_text("$55.00")
    assert fits(otto)
    otto.can_be_used_by_everybody()
    page.get_by_role("button", name="Save Draft").click()

    page.get_by_role("link", name="Allocate").click()
    window.locator("#id_job").select_option(index=0)
    window.get_by_label("Amount").fill("20")
    window.get_by_role("button", name="Allocate").click()
    expect(page.get_by_text("30.00 for no job")).to_be_visible()

    page.get_by_role("link", name="Update prices").click()
    expect(window.get_by_text("Use the higher")).to_be_visible()
    window.get_by_role("button", name="Update Prices").click()
    expect(page.get_by_role("link", name="Update prices")).to_have_count(0)

    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Invoice R-1001 approved.")).to_be_visible()
    assert fits(otto)
    otto.can_be_used_by_everybody()
    page.wait_for_load_state("networkidle")
    with acting_for(otto.organization):
        invoice = SupplierInvoice.objects.owned_by(otto.organization).get()
        assert (invoice.status, str(invoice.total)) == ("approved", "55.00")
        assert str(Supply.objects.owned_by(otto.organization).get().cost_price) == "12.5000"
