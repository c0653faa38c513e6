"""A person at a browser: reads labels, presses buttons, waits a bounded while for the page."""

import re
import time
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import SECONDS, WIDE, watched

# Runs in the page: what a person who cannot see, or uses no mouse, would stumble over.
UNLABELLED = """() => {
  const hidden = (e) => e.type === "hidden" || e.closest("[hidden]") || !e.getClientRects().length;
  const named = (e) => e.labels?.length || e.getAttribute("aria-label") || e.title
    || e.getAttribute("aria-labelledby") || (e.textContent || "").trim();
  const fields = [...document.querySelectorAll("input, select, textarea")]
    .filter((e) => !hidden(e) && !e.labels?.length && !e.getAttribute("aria-label"));
  const buttons = [...document.querySelectorAll("button, a[href]")]
    .filter((e) => !hidden(e) && !named(e) && !e.querySelector("img[alt]:not([alt=''])"));
  const pictures = [...document.querySelectorAll("img:not([alt])")];
  const windows = [...document.querySelectorAll("dialog[open]")].filter((e) => {
    const title = document.getElementById(e.getAttribute("aria-labelledby"));
    return !title || !title.textContent.trim();
  });
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const headings = document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"];
  return [...fields, ...buttons, ...pictures, ...windows].map((e) => e.outerHTML.slice(0, 160))
    .concat(twice.map((id) => `two of id ${id}`), headings);
}"""


class Person:
    """Someone with a browser window of their own."""

    def __init__(self, chromium: Browser, url: str, viewport: dict[str, int] = WIDE) -> None:
        self.context = chromium.new_context(base_url=url, viewport=viewport, locale="en-AU")
        self.page: Page = self.context.new_page()
        self.trouble = watched(self.page)
        expect.set_options(timeout=SECONDS * 1000)

    def another_tab(self) -> Page:
        """A second tab of the same person, watched as the first."""
        tab = self.context.new_page()
        self.trouble_there = watched(tab)
        return tab

    @property
    def window(self) -> Locator:
        """The pop-up that stands open."""
        return self.page.locator("#dialog[open]")

    def goto(self, address: str) -> None:
        """Open a page, and look whether everybody can use it."""
        self.page.goto(address)
        self.can_be_used_by_everybody()

    def can_be_used_by_everybody(self) -> None:
        """Every field and button has a name, pictures have words, windows have titles."""
        self.page.wait_for_load_state()
        found = self.page.evaluate(UNLABELLED)
        assert found == [], f"{self.page.url}: {found}"

    def press(self, name: str, *, role: str = "button") -> None:
        """Press the first button (or link) of this name in the window, if one is open."""
        within = self.window if self.window.count() else self.page
        within.get_by_role(role, name=name).first.click()

    def open_window(self, name: str, title: str) -> Locator:
        """Press what opens a pop-up of this title."""
        self.page.get_by_role("link", name=name).first.click()
        expect(self.window.locator("#dialog-title")).to_have_text(title)
        self.can_be_used_by_everybody()
        return self.window

    def save(self, name: str = "Save") -> None:
        """Press the window's main button; it closes."""
        self.window.get_by_role("button", name=name, exact=True).click()
        expect(self.window).to_have_count(0)

    def choose(self, label: str, option: str) -> None:
        """Choose the option of a drop-down whose text contains this."""
        within = self.window if self.window.count() else self.page
        box = within.get_by_label(label).and_(self.page.locator("select")).first
        texts = box.locator("option").all_inner_texts()
        found = [text for text in texts if option in text]
        assert found, f"{label!r} offers no {option!r}: {texts}"
        box.select_option(label=found[0])

    def find(self, search: Locator, text: str) -> None:
        """Type into a search that fills a drop-down, and wait for what it found."""
        with self.page.expect_response(re.compile("choices")):
            search.press_sequentially(text, delay=10)
        busy = ".htmx-request, .htmx-swapping, .htmx-settling"
        expect(self.page.locator(busy)).to_have_count(0)

    def reads(self, *texts: str) -> None:
        """The page says all of this, sooner or later."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def menu(self, *entries: str) -> None:
        """Through the top menu."""
        menu = self.page.locator("#menu")
        for entry in entries[:-1]:
            menu.get_by_role("button", name=entry).click()
        menu.get_by_role("link", name=entries[-1], exact=True).last.click()
        self.page.wait_for_load_state()
        self.can_be_used_by_everybody()


def seconds_until(locator: Locator, text: str) -> float:
    """How long it took until the place read this."""
    began = time.monotonic()
    expect(locator).to_have_text(re.compile(text))
    return time.monotonic() - began


def focused(page: Page) -> Any:
    """The name or the words of what has the focus."""
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
