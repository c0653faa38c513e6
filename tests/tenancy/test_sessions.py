"""Second factors, and how long a session lives."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils import timezone

from tests.tenancy.conftest import PASSWORD

COMPANY = "/administration/business/"


def log_in(person):
    """Through the real page, so that allauth knows when and how."""
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in browser.session
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def code_for(secret):
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(browser):
    """Activate an authenticator app, as the page says."""
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    (secret,) = re.findall(r'id="authenticator_secret"[^>]*value="(\w+)"', page)
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_an_owner_without_a_factor_is_led_to_set_one_up(bright_spark, olive, settings):
    settings.REQUIRE_OWNER_MFA = True
    browser = log_in(olive)
    answer = browser.get(COMPANY)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")
    assert "Owners need a second factor" in browser.get("/accounts/2fa/").content.decode()
    answer = browser.get(COMPANY, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/accounts/2fa/"
    set_up_app(browser)
    assert browser.get(COMPANY).status_code == 200


def test_recovery_codes_alone_are_no_factor(bright_spark, olive, settings):
    settings.REQUIRE_OWNER_MFA = True
    browser = log_in(olive)
    Authenticator.objects.create(user=olive, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert browser.get(COMPANY).status_code == 302


def test_nobody_else_is_made_to(bright_spark, olive, otto, settings):
    settings.REQUIRE_OWNER_MFA = True
    assert log_in(otto).get(COMPANY).status_code == 403
    settings.REQUIRE_OWNER_MFA = False
    assert log_in(olive).get(COMPANY).status_code == 200


def test_the_secret_of_a_factor_is_sealed_at_rest(bright_spark, olive):
    secret = set_up_app(log_in(olive))
    factor = Authenticator.objects.get(user=olive, type="totp")
    assert factor.data["secret"].startswith("v1.test.")
    assert secret not in str(factor.data)


def test_logging_in_then_asks_for_the_second_factor(bright_spark, olive):
    browser = log_in(olive)
    secret = set_up_app(browser)
    stranger = Client()
    answer = stranger.post("/accounts/login/", {"login": olive.email, "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert stranger.get(COMPANY).status_code == 302
    page = stranger.get("/accounts/2fa/authenticate/").content.decode()
    assert "Use a security key" in page
    code = code_for(secret)
    stranger.post("/accounts/2fa/authenticate/", {"code": str((int(code) + 1) % 10**6).zfill(6)})
    assert "_auth_user_id" not in stranger.session


def test_a_recovery_code_opens_once(bright_spark, olive):
    browser = log_in(olive)
    set_up_app(browser)
    code = Authenticator.objects.get(user=olive, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        other = Client()
        other.post("/accounts/login/", {"login": olive.email, "password": PASSWORD})
        other.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in other.session) is expected


def test_a_new_factor_ends_the_other_sessions_and_keeps_this_one(bright_spark, olive):
    here, elsewhere = log_in(olive), None
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": olive.email, "password": PASSWORD})
    assert elsewhere.get(COMPANY).status_code == 200
    set_up_app(here)
    assert here.get(COMPANY).status_code == 200
    assert elsewhere.get(COMPANY).status_code == 302


def test_a_new_password_ends_the_other_sessions(bright_spark, olive):
    here = log_in(olive)
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": olive.email, "password": PASSWORD})
    new = "another correct horse"
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    olive.refresh_from_db()
    assert olive.check_password(new)
    assert here.get(COMPANY).status_code == 200
    assert elsewhere.get(COMPANY).status_code == 302


def later(monkeypatch, **span):
    """The clock of sessions moves on."""
    moment = (timezone.now() + timedelta(**span)).timestamp()
    monkeypatch.setattr("ascora.tenancy.sessions.time.time", lambda: moment)


def test_twelve_idle_hours_end_a_session(bright_spark, olive, client_of, monkeypatch):
    browser = client_of(olive)
    assert browser.get(COMPANY).status_code == 200
    later(monkeypatch, hours=11)
    assert browser.get(COMPANY).status_code == 200
    later(monkeypatch, hours=22)
    assert browser.get(COMPANY).status_code == 200
    later(monkeypatch, hours=34, minutes=1)
    assert browser.get(COMPANY).status_code == 302


def test_a_page_that_refreshes_itself_keeps_no_session_alive(
    bright_spark, olive, client_of, monkeypatch
):
    browser = client_of(olive)
    browser.get(COMPANY)
    later(monkeypatch, hours=11)
    assert browser.get(COMPANY, headers={"HX-Request": "true"}).status_code == 200
    later(monkeypatch, hours=12, minutes=1)
    answer = browser.get(COMPANY, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")


def test_fourteen_days_end_a_session_that_is_never_idle(
    bright_spark, olive, client_of, monkeypatch
):
    browser = client_of(olive)
    for hours in range(0, 14 * 24, 8):
        later(monkeypatch, hours=hours)
        assert browser.get(COMPANY).status_code == 200
    later(monkeypatch, days=14, hours=4)
    assert browser.get(COMPANY).status_code == 302


def test_pages_of_a_logged_in_person_are_never_stored(bright_spark, olive, client_of):
    for path in (COMPANY, "/administration/users/", "/accounts/2fa/", "/nowhere/"):
        assert "no-store" in client_of(olive).get(path).headers["Cache-Control"]


PAGES_FOR_ALL = ["login/", "signup/", "password/reset/", "confirm-email/", "password/reset/done/"]
PAGES_FOR_PEOPLE = [
    "password/change/", "email/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/",
    "2fa/webauthn/add/", "logout/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES_FOR_ALL)
def test_the_pages_at_the_entrance_look_like_the_rest(db, client, page):
    text = client.get(f"/accounts/{page}").content.decode()
    assert 'class="card plain-card"' in text
    assert "<button" in text or "confirm-email" in page or "done" in page


@pytest.mark.parametrize("page", PAGES_FOR_PEOPLE)
def test_the_pages_of_a_persons_log_in_look_like_the_rest(bright_spark, olive, page):
    text = log_in(olive).get(f"/accounts/{page}").content.decode()
    assert 'id="menu"' in text
    assert 'class="btn' in text
    assert "Menu:" not in text


def test_a_passkey_page_runs_under_the_content_security_policy(bright_spark, olive):
    answer = log_in(olive).get("/accounts/2fa/webauthn/add/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for script in re.findall(r"<script([^>]*)>", answer.content.decode()):
        assert "src=" in script or 'type="application/json"' in script
