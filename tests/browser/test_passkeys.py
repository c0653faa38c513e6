"""A passkey is made and used in a real browser, under the real content security policy."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "correct horse battery staple"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def a_chromium():
    """Debian's; a missing one is a loud skip for a person and a failure in CI."""
    if not CHROMIUM:
        missing = "Chromium is missing, so no passkey was tried: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django must not mistake the tests for coroutines.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(settings, monkeypatch):
    """A page with a key that always says yes; addresses need no verification here."""
    # The threads of the live server must not keep the test's database open.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    cache.clear()
    with a_chromium() as browser:
        page = browser.new_context().new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page
        # Beside Playwright's loop Django opened a connection of its own.
        connection.close()


def sign_up(page, url):
    """Wilma and her business."""
    page.goto(f"{url}/accounts/signup/")
    page.get_by_label("Your name").fill("Wilma Watt")
    page.get_by_label("E-mail").fill("wilma@watt.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Business name").fill("Watt & Daughters")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url(f"{url}/")
    EmailAddress.objects.update(verified=True)


def add_passkey(page, url):
    """After proving oneself once more."""
    page.goto(f"{url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile(r"recovery-codes|webauthn/$"))


def test_a_person_signs_up_adds_a_passkey_and_logs_in_with_it(live_server, page):
    url, trouble = live_server.url, []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    sign_up(page, url)
    add_passkey(page, url)
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.goto(f"{url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url(re.compile("login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{url}/")
    page.get_by_text("Watt & Daughters").first.wait_for()
    assert trouble == []
