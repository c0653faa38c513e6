"""A person's browser that takes pictures for the guide, once nothing moves."""

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import PHONE

IMAGES = Path(__file__).parent / "images"
DESK = {"width": 1440, "height": 900}
LOGIN, PASSWORD = "olive@example.test", "try-ascora-today"
PATIENCE = 20_000
COLOURS = 128


class Camera:
    """One person's browser, and the few presses that every walk needs."""

    def __init__(self, browser: Browser, url: str) -> None:
        context = browser.new_context(base_url=url, viewport=DESK, locale="en-AU")
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    @property
    def window(self) -> Locator:
        """The open pop-up."""
        return self.page.locator("#dialog[open]")

    def take(self, name: str, *, at: str = "", of: str = "", phone: bool = False) -> None:
        """A picture `name`-1440, and `name`-390 if a phone is asked for; `of` cuts it out."""
        if at:
            self.page.goto(at)
        self._take(f"{name}-1440.png", of)
        if phone:
            self.page.set_viewport_size(PHONE)
            self._take(f"{name}-390.png", of)
            self.page.set_viewport_size(DESK)

    def _take(self, file: str, of: str) -> None:
        self.page.wait_for_load_state("networkidle", timeout=PATIENCE)
        self.page.locator("#toasts").evaluate("toasts => toasts.replaceChildren()")
        expect(self.page.locator("[data-live]:empty")).to_have_count(0)
        self.page.wait_for_timeout(400)
        path = IMAGES / file
        if of:
            self.page.locator(of).first.screenshot(path=path)
        else:
            self.page.screenshot(path=path)
        with Image.open(path) as taken:
            taken.convert("RGB").quantize(COLOURS).save(path, optimize=True)
        print(f"  {file}: {path.stat().st_size // 1024} kB", flush=True)

    def open_first(self, address: str) -> None:
        """The first row of a list."""
        self.page.goto(address)
        self.page.locator("#listing tbody .row-link").first.click()
        self.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}/"))

    def open_window(self, link: str) -> None:
        """Press what opens a pop-up."""
        self.page.get_by_role("link", name=link).first.click()
        self.page.wait_for_selector("#dialog[open]")

    def fill(self, **texts: str) -> None:
        """Fill fields of the pop-up by their names."""
        for name, text in texts.items():
            self.window.locator(f"[name={name}]").fill(text)

    def choose(self, name: str, label: str) -> None:
        """Choose in a drop-down of the pop-up."""
        self.window.locator(f"select[name={name}]").select_option(label=label)

    def press(self, button: str) -> None:
        """Press a button of the pop-up, which then closes."""
        self.window.get_by_role("button", name=button, exact=True).click()
        expect(self.window).to_have_count(0, timeout=PATIENCE)

    def await_books(self) -> None:
        """Until the document of this page stands in the books."""
        self.page.locator("#document-state .state-line", has_text="In the books").wait_for(
            timeout=3 * PATIENCE
        )

    def log_in(self) -> None:
        """As the owner."""
        self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail").fill(LOGIN)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in", exact=True).click()
        self.page.wait_for_load_state()
