"""Takes the pictures of the guide anew from a demonstration on free ports, and ends it.

Run from the root of the checkout: `.venv/bin/python -m docs.guide.take_screenshots`.
"""

import re
import sys
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooSlow

from ascora.embedded.demo import load, prepare
from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import free_port
from ascora.embedded.servers import Servers
from ascora.embedded.site import Site
from tests.browser.chromium import CHROMIUM, FLAGS, PHONE

IMAGES = Path(__file__).parent / "images"
DESK = {"width": 1440, "height": 900}
LOGIN, PASSWORD = "olive@example.test", "try-ascora-today"
PATIENCE = 20_000


class Camera:
    """One person's browser; each picture is taken once nothing moves."""

    def __init__(self, browser: Browser, url: str) -> None:
        context = browser.new_context(base_url=url, viewport=DESK, locale="en-AU")
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def take(self, name: str, *, at: str = "", phone: bool = False) -> None:
        """A picture `name`-1440, and `name`-390 if a phone is asked for."""
        if at:
            self.page.goto(at)
        self._take(f"{name}-1440.png")
        if phone:
            self.page.set_viewport_size(PHONE)
            self._take(f"{name}-390.png")
            self.page.set_viewport_size(DESK)

    def _take(self, file: str) -> None:
        self.page.wait_for_load_state("networkidle", timeout=PATIENCE)
        for notice in self.page.locator("#toasts [data-dismiss]").all():
            notice.click()
        expect(self.page.locator("[data-live]:empty")).to_have_count(0)
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=IMAGES / file)
        print(f"  {file}: {(IMAGES / file).stat().st_size // 1024} kB", flush=True)

    def open_first(self, address: str) -> None:
        """The first row of a list."""
        self.page.goto(address)
        self.page.locator("#listing tbody .row-link").first.click()
        self.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}/"))

    def window(self, link: str) -> None:
        """Open a pop-up."""
        self.page.get_by_role("link", name=link).first.click()
        self.page.wait_for_selector("#dialog[open]")

    def log_in(self) -> None:
        """As the owner."""
        self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail").fill(LOGIN)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in", exact=True).click()
        self.page.wait_for_load_state()


def connected_business(camera: Camera) -> None:
    """The business with a past."""
    page = camera.page
    camera.take("home", at="/", phone=True)
    camera.take("customers", at="/customers/", phone=True)
    camera.open_first("/jobs/?status=ready_to_invoice")
    camera.take("job", phone=True)
    camera.open_first("/invoices/?status=open")
    camera.window("Record Payment")
    page.locator("#dialog select[name=method]").select_option(label="Mastercard")
    page.locator("#payment-quote", has_text="Mastercard").wait_for()
    with suppress(TooSlow):
        page.locator("#payment-quote", has_text="1.75").wait_for(timeout=3000)
    camera.take("payment", phone=True)
    page.get_by_role("button", name="Take Payment").click()
    page.locator("#invoice-status", has_text="Paid").wait_for()
    page.locator("#document-state .state-line", has_text="In the books").wait_for(
        timeout=3 * PATIENCE
    )
    page.reload()
    page.locator("#lamp", has_text="up to date").wait_for()
    camera.take("invoice", phone=True)
    camera.take("users", at="/administration/users/")
    camera.take("sync-centre", at="/books/")
    camera.take("ledger", at="/reports/ledger/")


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


def main() -> int:
    """Start, take, end."""
    IMAGES.mkdir(exist_ok=True)
    with Servers(temporary=True) as servers:
        place = Place(servers.folder, web_port=free_port(), simulator_port=free_port())
        env = environment_of(place, servers.urls)
        with Site(place, env) as site, sync_playwright() as playwright:
            prepare(site)
            load(site)
            site.start_ascora()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            camera = Camera(browser, place.site_url)
            camera.log_in()
            connected_business(camera)
            connecting_business(camera)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
