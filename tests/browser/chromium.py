"""Debian's Chromium, driven by Playwright: how it starts, and what every page is watched for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-AU",
]
SECONDS = 20
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# A refused form answers 422, on purpose; the browser calls every such answer an error. And whoever
# leaves a page gives up what it was still asking for, which htmx tells in two lines (a request
# that failed is told as htmx:sendError or htmx:responseError, and stays trouble).
EXPECTED = ("status of 422", "htmx:sendAbort", "htmx:afterRequest")


@contextmanager
def a_chromium() -> Iterator[Any]:
    """One browser; a missing one is a loud skip for a person and a failure in CI."""
    if not CHROMIUM:
        missing = "Chromium is missing, so nothing was tried in a browser: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django must not mistake the tests for coroutines.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def watched(page: Any) -> list[str]:
    """The list that fills with whatever goes wrong on the page: scripts, console, files, policy."""
    trouble: list[str] = []
    page.set_default_timeout(SECONDS * 1000)
    page.on("pageerror", lambda error: trouble.append(f"{page.url}: {error}"))
    page.on("console", lambda said: _note(trouble, page, said))
    page.on(
        "response",
        lambda answer: (
            trouble.append(f"{answer.url} answered {answer.status}")
            if answer.status >= 500
            else None
        ),
    )
    return trouble


def _note(trouble: list[str], page: Any, said: Any) -> None:
    if said.type == "error" and not any(words in said.text for words in EXPECTED):
        trouble.append(f"{page.url}: {said.text}")
