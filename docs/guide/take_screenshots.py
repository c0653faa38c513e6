"""Takes the pictures of the guide anew from a demonstration on free ports, and ends it.

Run from the root of the checkout: `.venv/bin/python -m docs.guide.take_screenshots`. With the
address of a demonstration that runs already behind it, that one is used (and written in).
"""

import sys

from playwright.sync_api import sync_playwright

from ascora.embedded.demo import load, prepare
from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import free_port
from ascora.embedded.servers import Servers
from ascora.embedded.site import Site
from docs.guide.camera import IMAGES, Camera
from docs.guide.walks.costs import costs
from docs.guide.walks.creditnotes import credit_notes
from docs.guide.walks.office import office
from docs.guide.walks.sales import sales, several_invoices
from docs.guide.walks.there import there
from tests.browser.chromium import CHROMIUM, FLAGS


def connected_business(camera: Camera) -> None:
    """The business with a past."""
    camera.take("home", at="/", phone=True)
    camera.take("customers", at="/customers/", phone=True)
    camera.open_first("/jobs/?status=ready_to_invoice")
    camera.take("job", phone=True)
    sales(camera)
    several_invoices(camera)
    credit_notes(camera)
    costs(camera)
    office(camera)
    camera.take("users", at="/administration/users/")
    camera.take("change-log", at="/administration/change-log/")
    camera.take("sync-centre", at="/books/")
    camera.take("ledger", at="/reports/ledger/")
    there(camera)


def connecting_business(camera: Camera) -> None:
    """The business that is not connected yet."""
    page = camera.page
    page.goto("/organizations/")
    page.locator("tr", has_text="Bright Spark").get_by_role("button").click()
    page.wait_for_load_state()
    page.goto("/administration/accounts-integration/")
    page.get_by_label("Accounting package").select_option(value="quickbooks")
    page.get_by_text("What will flow which way").wait_for()
    camera.take("connect")
    page.get_by_role("button", name="Connect to QuickBooks").click()
    page.get_by_role("button", name="Sign In").click()
    box = page.get_by_label("Company")
    names = box.locator("option").all_inner_texts()
    box.select_option(label=next(name for name in names if "Bright Spark" in name))
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Save Accounting Settings").wait_for()
    camera.take("account-codes")
    page.get_by_role("button", name="Save Accounting Settings").click()
    page.get_by_role("button", name="Yes, import all my customers").click()
    page.get_by_text("customers of QuickBooks looked at").wait_for()
    camera.take("import")


def take_all(address: str) -> None:
    """Every picture, from the demonstration at this address."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        camera = Camera(browser, address)
        camera.log_in()
        connected_business(camera)
        connecting_business(camera)
        browser.close()


def main() -> int:
    """Start, take, end; or only take."""
    if len(sys.argv) > 1:
        take_all(sys.argv[1])
        return 0
    with Servers(temporary=True) as servers:
        place = Place(servers.folder, web_port=free_port(), simulator_port=free_port())
        with Site(place, environment_of(place, servers.urls)) as site:
            prepare(site)
            load(site)
            site.start_ascora()
            take_all(place.site_url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
