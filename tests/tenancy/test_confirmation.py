"""Users, bank details and the connection: who changes them gives the password once more."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.test import Client

from ascora.tenancy.models import Invitation, Membership
from ascora.tenancy.rls import acting_for
from tests.tenancy.conftest import PASSWORD

USERS = "/administration/users/"
ASKS = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def asking(settings):
    settings.REQUIRE_CONFIRMATION = True


def logged_in(person):
    """Through the real page."""
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return browser


def a_member(organization, person):
    with acting_for(organization):
        return Membership.objects.owned_by(organization).get(user=person)


def test_inviting_asks_for_the_password_and_comes_back_to_the_page(bright_spark, olive):
    browser = logged_in(olive)
    typed = {"email": "n@new.test", "role": "office"}
    answer = browser.post(f"{USERS}invite/", typed)
    assert (answer.status_code, answer.url) == (302, f"{ASKS}?next=%2Fadministration%2Fusers%2F")
    with acting_for(bright_spark):
        assert not Invitation.objects.owned_by(bright_spark).exists()
    page = browser.get(answer.url).content.decode()
    assert "Confirm it is you" in page
    assert "Olive" in page or "Enter your password" in page
    wrong = browser.post(answer.url, {"password": "not mine", "next": USERS})
    assert wrong.status_code == 200
    assert browser.post(f"{USERS}invite/", typed).url.startswith(ASKS)
    right = browser.post(answer.url, {"password": PASSWORD, "next": USERS})
    assert (right.status_code, right.url) == (302, USERS)
    browser.post(f"{USERS}invite/", typed)
    with acting_for(bright_spark):
        assert Invitation.objects.owned_by(bright_spark).count() == 1


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/administration/accounts-integration/quickbooks/connect/", "accounts-integration"),
        ("/administration/accounts-integration/disconnect/", "accounts-integration"),
        ("/administration/company/bank/", "company"),
        ("/administration/company/letterhead/", "company"),
    ],
)
def test_the_connection_and_bank_details_ask_too(bright_spark, olive, address, back):
    answer = logged_in(olive).post(address)
    assert answer.status_code == 302
    assert answer.url.startswith(ASKS)
    assert back in answer.url


def test_a_pop_up_leads_the_whole_page_there_and_back_to_what_was_open(bright_spark, olive, otto):
    member = a_member(bright_spark, otto)
    browser = logged_in(olive)
    answer = browser.get(
        f"{USERS}{member.public_id}/role/",
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{USERS}?q=otto"},
    )
    assert answer.headers["HX-Redirect"] == f"{ASKS}?next=%2Fadministration%2Fusers%2F%3Fq%3Dotto"


def test_it_holds_for_a_while_and_is_asked_again_after(bright_spark, olive, otto, monkeypatch):
    address = f"{USERS}{a_member(bright_spark, otto).public_id}/remove/"
    browser = logged_in(olive)
    browser.post(ASKS, {"password": PASSWORD})
    assert browser.get(address).status_code == 200
    later = time.time() + project.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.get(address).url.startswith(ASKS)


def test_who_may_not_enter_is_not_asked(bright_spark, otto, stan):
    assert logged_in(otto).get(f"{USERS}invite/").status_code == 403


def test_what_only_reads_does_not_ask(bright_spark, olive):
    browser = logged_in(olive)
    assert browser.get(USERS).status_code == 200
    assert browser.get("/administration/change-log/").status_code == 200
