"""Who belongs to a business: invitations, roles, leaving, switching."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from ascora.tenancy.emails import invitation_token
from ascora.tenancy.models import Invitation, Membership, Role, User
from ascora.tenancy.rls import acting_for
from ascora.tenancy.selectors import memberships_of
from ascora.tenancy.services import LastOwner, change_role, invite, remove_member
from tests.tenancy.conftest import PASSWORD


def roles_at(organization):
    """First name to role."""
    with acting_for(organization):
        members = Membership.objects.owned_by(organization).select_related("user")
        return {member.user.name: member.role for member in members}


def member(organization, name):
    """The membership of one of the cast."""
    with acting_for(organization):
        return Membership.objects.owned_by(organization).get(user__name=name)


@pytest.fixture
def invitation(bright_spark, olive):
    """Nell is invited to the office."""
    with acting_for(bright_spark):
        return invite(organization=bright_spark, email="Nell@new.test", role=Role.OFFICE, by=olive)


def link_to(invitation):
    """The path in the mail."""
    return f"/invitation/{invitation_token(invitation)}/"


def refreshed(invitation):
    """As it stands now."""
    with acting_for(invitation.organization):
        return Invitation.objects.owned_by(invitation.organization).get(pk=invitation.pk)


def test_an_owner_invites_by_mail(
    bright_spark, olive, client_of, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client_of(olive).post(
            "/administration/users/invite/", {"email": "nell@new.test", "role": "office"}
        )
    (letter,) = mail.outbox
    assert letter.to == ["nell@new.test"]
    assert letter.subject == "Join Bright Spark Electrical on Ascora"
    (path,) = re.findall(r"http://[^/]+(/invitation/\S+)", letter.body)
    assert "Bright Spark Electrical" in client.get(path).content.decode()


def test_a_new_person_joins_with_the_role_of_the_invitation(bright_spark, invitation, client):
    answer = client.post(link_to(invitation), {"name": "Nell", "password": PASSWORD})
    assert answer.status_code == 302
    assert roles_at(bright_spark)["Nell"] == Role.OFFICE
    assert client.session["_auth_user_id"] == str(User.objects.get(email="nell@new.test").pk)


def test_a_role_sent_along_is_ignored(bright_spark, invitation, client):
    typed = {"name": "Nell", "password": PASSWORD, "role": "owner", "email": "x@y.test"}
    client.post(link_to(invitation), typed)
    assert roles_at(bright_spark)["Nell"] == Role.OFFICE


def test_an_invitation_works_once(bright_spark, invitation, client):
    typed = {"name": "Nell", "password": PASSWORD}
    client.post(link_to(invitation), typed)
    client.logout()
    assert client.post(link_to(invitation), typed).status_code == 410
    assert len(roles_at(bright_spark)) == 4


def test_a_weak_password_joins_nobody(bright_spark, invitation, client):
    answer = client.post(link_to(invitation), {"name": "Nell", "password": "nell"})
    assert answer.context["form"].errors.keys() == {"password"}
    assert not User.objects.filter(email="nell@new.test").exists()
    assert refreshed(invitation).accepted_at is None


def test_an_existing_person_logs_in_to_join(bright_spark, drain_co, stan, olive, client_of, client):
    with acting_for(bright_spark):
        to_stan = invite(organization=bright_spark, email=stan.email, role="accountant", by=olive)
    page = client.get(link_to(to_stan)).content.decode()
    assert "Log in to join" in page
    assert client.post(link_to(to_stan), {"name": "x", "password": PASSWORD}).status_code == 200
    assert "Stan" not in roles_at(bright_spark)
    browser = client_of(stan)
    browser.post(link_to(to_stan))
    assert roles_at(bright_spark)["Stan"] == Role.ACCOUNTANT
    assert roles_at(drain_co) == {"Stan": Role.OWNER}
    assert browser.session["organization"] == str(bright_spark.pk)


def test_somebody_else_cannot_use_the_link(bright_spark, drain_co, invitation, stan, client_of):
    answer = client_of(stan).post(link_to(invitation))
    assert "You are logged in as" in answer.content.decode()
    assert "Stan" not in roles_at(bright_spark)
    assert refreshed(invitation).accepted_at is None


def test_a_link_that_we_did_not_sign_is_not_found(db, client, invitation):
    assert client.get("/invitation/made-up/").status_code == 404
    assert client.get(link_to(invitation)[:-3] + "xy/").status_code == 404


def test_after_fourteen_days_the_link_is_closed(invitation, client):
    with acting_for(invitation.organization):
        Invitation.objects.owned_by(invitation.organization).update(
            created_at=timezone.now() - timedelta(days=14)
        )
    assert client.get(link_to(invitation)).status_code == 410


def test_a_withdrawn_invitation_is_closed(invitation, olive, client_of, client):
    client_of(olive).post(f"/administration/invitations/{invitation.public_id}/withdraw/")
    answer = client.post(link_to(invitation), {"name": "Nell", "password": PASSWORD})
    assert answer.status_code == 410
    assert not User.objects.filter(email="nell@new.test").exists()


def test_sending_again_closes_the_earlier_link(invitation, olive, client_of, client):
    client_of(olive).post(f"/administration/invitations/{invitation.public_id}/resend/")
    with acting_for(invitation.organization):
        second = Invitation.objects.owned_by(invitation.organization).get(withdrawn_at=None)
    assert client.get(link_to(invitation)).status_code == 410
    assert client.get(link_to(second)).status_code == 200
    assert second.role == Role.OFFICE


def test_a_member_is_not_invited_again(bright_spark, olive, otto, client_of):
    answer = client_of(olive).post(
        "/administration/users/invite/", {"email": otto.email.upper(), "role": "owner"}
    )
    assert answer.status_code == 422
    assert "belongs to the organization already" in answer.content.decode()
    with acting_for(bright_spark):
        assert not Invitation.objects.owned_by(bright_spark).exists()


def test_an_owner_changes_a_role(bright_spark, olive, client_of):
    otto = member(bright_spark, "Otto")
    client_of(olive).post(f"/administration/users/{otto.public_id}/role/", {"role": "accountant"})
    assert roles_at(bright_spark)["Otto"] == Role.ACCOUNTANT


def test_an_owner_removes_a_member_who_then_sees_nothing(bright_spark, olive, otto, client_of):
    browser = client_of(otto)
    membership = member(bright_spark, "Otto")
    client_of(olive).post(f"/administration/users/{membership.public_id}/remove/")
    assert "Otto" not in roles_at(bright_spark)
    assert memberships_of(otto) == []
    answer = browser.get("/administration/business/")
    assert (answer.status_code, answer.url) == (302, "/organizations/new/")


@pytest.mark.parametrize("step", ["remove", "role"])
def test_the_last_owner_stays(bright_spark, olive, client_of, step):
    public_id = member(bright_spark, "Olive").public_id
    client_of(olive).post(f"/administration/users/{public_id}/{step}/", {"role": "office"})
    assert roles_at(bright_spark)["Olive"] == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one(bright_spark, olive, otto):
    with acting_for(bright_spark):
        change_role(membership=member(bright_spark, "Otto"), role=Role.OWNER, by=olive)
    start, outcomes = Barrier(2), []

    def remove(name, by):
        try:
            start.wait(timeout=10)
            with acting_for(bright_spark):
                remove_member(membership=member(bright_spark, name), by=by)
            outcomes.append("removed")
        except (LastOwner, Membership.DoesNotExist):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=remove, args=pair) for pair in (("Otto", olive), ("Olive", otto))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["refused", "removed"]
    assert list(roles_at(bright_spark).values()).count(Role.OWNER) == 1


def test_one_switches_only_to_an_organization_of_ones_own(
    bright_spark, drain_co, olive, stan, client_of
):
    browser = client_of(stan)
    assert browser.post("/organizations/", {"organization": bright_spark.pk}).status_code == 404
    assert "organization" not in browser.session
    with acting_for(bright_spark):
        Membership.objects.create(organization=bright_spark, user=stan, role=Role.OFFICE)
    browser.post("/organizations/", {"organization": bright_spark.pk})
    assert browser.session["organization"] == str(bright_spark.pk)
    assert browser.get("/administration/business/").status_code == 403


def test_the_pages_of_administration_open(bright_spark, olive, client_of, invitation):
    browser = client_of(olive)
    users = browser.get("/administration/users/").content.decode()
    assert "otto@bright.test" in users
    assert "nell@new.test" in users
    public_id = member(bright_spark, "Otto").public_id
    for path in ("invite/", f"{public_id}/role/", f"{public_id}/remove/"):
        assert browser.get(f"/administration/users/{path}").status_code == 200
    assert browser.get("/organizations/").status_code == 200
    assert browser.get("/organizations/new/").status_code == 200


COMPANY = {
    "name": "Bright Spark Pty Ltd",
    "business_number": "51824753556",
    "phone": "02 9999 0000",
    "email": "office@bright.test",
    "address": "1 Volt St",
    "time_zone": "Australia/Hobart",
}


def test_company_details_are_kept(bright_spark, olive, client_of):
    client_of(olive).post("/administration/business/", {**COMPANY, "home_currency": "USD"})
    with acting_for(bright_spark):
        bright_spark.refresh_from_db()
    assert bright_spark.name == "Bright Spark Pty Ltd"
    assert bright_spark.business_number == "51 824 753 556"
    assert bright_spark.time_zone == "Australia/Hobart"
    assert bright_spark.home_currency == "AUD"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("business_number", "123"),
        ("business_number", "51 824 753 557"),
        ("time_zone", "Nowhere"),
        ("name", ""),
    ],
)
def test_wrong_company_details_change_nothing(bright_spark, olive, client_of, field, value):
    answer = client_of(olive).post("/administration/business/", {**COMPANY, field: value})
    assert answer.status_code == 422
    with acting_for(bright_spark):
        bright_spark.refresh_from_db()
    assert (bright_spark.name, bright_spark.phone) == ("Bright Spark Electrical", "")
