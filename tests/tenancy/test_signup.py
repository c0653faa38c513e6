"""A stranger signs up, and a business stands."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from ascora.tenancy.models import Membership, Organization, Role, User
from ascora.tenancy.rls import acting_for, acting_for_everyone
from ascora.tenancy.selectors import memberships_of
from ascora.tenancy.services import create_organization
from tests.tenancy.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_UP = {
    "name": "Wilma Watt",
    "email": "Wilma@Watt.test",
    "password1": PASSWORD,
    "organization_name": "Watt & Daughters",
    "country": "AU",
    "time_zone": "Australia/Perth",
    "home_currency": "AUD",
}


def sign_up(client, **changes):
    """Post the form."""
    return client.post("/accounts/signup/", {**SIGN_UP, **changes})


def how_many_organizations():
    """Across all walls."""
    with acting_for_everyone():
        return Organization.objects.count()


def test_the_form_presets_australia_its_dollar_and_sydney(client):
    page = client.get("/accounts/signup/").content.decode()
    for chosen in ("AU", "AUD", "Australia/Sydney"):
        assert f'<option value="{chosen}" selected>' in page


def test_signing_up_creates_the_person_the_organization_and_its_owner(client):
    response = sign_up(client)
    assert response.status_code == 302
    wilma = User.objects.get(email="wilma@watt.test")
    (membership,) = memberships_of(wilma)
    organization = membership.organization
    assert wilma.name == "Wilma Watt"
    assert membership.role == Role.OWNER
    assert (organization.name, organization.country) == ("Watt & Daughters", "AU")
    assert (organization.time_zone, organization.home_currency) == ("Australia/Perth", "AUD")


def test_each_storey_prepares_the_new_organization(client, settings):
    settings.ORGANIZATION_PREPARERS = ["tests.tenancy.test_signup.rename"]
    sign_up(client)
    (membership,) = memberships_of(User.objects.get(email="wilma@watt.test"))
    assert membership.organization.name == "Prepared"


def rename(*, organization):
    """Stands for what a higher storey does."""
    organization.name = "Prepared"
    organization.save()


def test_the_address_must_be_verified_before_the_first_log_in(client):
    sign_up(client)
    assert "_auth_user_id" not in client.session
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://\S+confirm-email\S+", letter.body)
    client.post(link)
    assert EmailAddress.objects.get(email="wilma@watt.test").verified
    response = client.post("/accounts/login/", {"login": "wilma@watt.test", "password": PASSWORD})
    assert response.status_code == 302
    assert "_auth_user_id" in client.session


def test_where_no_verification_is_asked_for_one_is_logged_in_at_once(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    sign_up(client)
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("organization_name", ""),
        ("password1", "short"),
        ("password1", "123456789012"),
        ("time_zone", "Mars/Olympus"),
        ("home_currency", "XXX"),
        ("country", "ZZ"),
        ("email", "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_created(client, field, value):
    response = sign_up(client, **{field: value})
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert User.objects.count() == 0
    assert how_many_organizations() == 0


def test_signing_up_twice_tells_the_address_and_not_the_visitor(client):
    sign_up(client)
    first = mail.outbox.pop()
    cache.clear()
    answer = sign_up(Client(), organization_name="Impostor")
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert how_many_organizations() == 1
    (letter,) = mail.outbox
    assert letter.to == first.to
    assert "confirm-email" not in letter.body


def test_a_failing_preparer_leaves_no_half_organization(olive, settings):
    settings.ORGANIZATION_PREPARERS = ["tests.tenancy.test_signup.fail"]
    before = how_many_organizations()
    with pytest.raises(ZeroDivisionError):
        create_organization(
            name="Half", owner=olive, country="AU", time_zone="UTC", home_currency="AUD"
        )
    assert how_many_organizations() == before


def fail(*, organization):
    """Stands for a storey that cannot."""
    raise ZeroDivisionError


def test_a_forgotten_password_is_reset_by_mail(client, olive):
    EmailAddress.objects.create(user=olive, email=olive.email, verified=True, primary=True)
    client.post("/accounts/password/reset/", {"email": olive.email})
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://\S+/password/reset/key/\S+", letter.body)
    form_page = client.get(link, follow=True)
    path = form_page.request["PATH_INFO"]
    client.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    olive.refresh_from_db()
    assert olive.check_password(PASSWORD)


def test_resetting_an_unknown_address_looks_the_same(client):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@nowhere.test"})
    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/done/")


def test_logging_in_is_limited(client, olive):
    answers = [
        client.post("/accounts/login/", {"login": olive.email, "password": "wrong"})
        for _ in range(7)
    ]
    assert answers[0].context["form"].errors
    olive.set_password(PASSWORD)
    olive.save()
    client.post("/accounts/login/", {"login": olive.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_further_organization_does_not_touch_the_first(bright_spark, olive, client_of):
    browser = client_of(olive)
    details = {k: SIGN_UP[k] for k in ("organization_name", "country", "time_zone")}
    browser.post("/organizations/new/", {**details, "home_currency": "NZD"})
    first, second = memberships_of(olive)
    assert first.organization == bright_spark
    assert (second.organization.name, second.role) == ("Watt & Daughters", Role.OWNER)
    with acting_for(bright_spark):
        assert Membership.objects.owned_by(bright_spark).count() == 3
    assert browser.session["organization"] == str(second.organization_id)
