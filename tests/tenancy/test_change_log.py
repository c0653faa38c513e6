"""The change log: who changed settings, users and the connection; only added to, never shared."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from ascora.tenancy.audit import note_event
from ascora.tenancy.models import Area, AuditEvent, Invitation, Membership, Role
from ascora.tenancy.rls import acting_for, acting_for_everyone
from ascora.tenancy.services import (
    MOST_INVITATIONS_A_DAY,
    MOST_TO_ONE_ADDRESS,
    TooManyInvitations,
    accept_invitation,
    change_company_details,
    change_role,
    invite,
    remove_member,
    resend_invitation,
    withdraw_invitation,
)

PAGE = "/administration/change-log/"


def lines(organization):
    """Subject, what, before, after and who of each line, the oldest first."""
    with acting_for(organization):
        events = AuditEvent.objects.owned_by(organization).select_related("by").order_by("pk")
        return [(e.subject, e.what, e.before, e.after, str(e.by)) for e in events]


@pytest.fixture
def otto_at(bright_spark, otto):
    with acting_for(bright_spark):
        return Membership.objects.owned_by(bright_spark).get(user=otto)


def test_a_changed_role_and_a_removed_member_are_written_down(bright_spark, olive, otto_at, otto):
    with acting_for(bright_spark):
        change_role(membership=otto_at, role=Role.ACCOUNTANT, by=olive)
        change_role(membership=otto_at, role=Role.ACCOUNTANT, by=olive)
        remove_member(membership=otto_at, by=olive)
        remove_member(membership=otto_at, by=olive)
    person = f"{otto.name} ({otto.email})"
    assert lines(bright_spark) == [
        (person, "Role", "Office", "Accountant", str(olive)),
        (person, "Removed", "Accountant", "", str(olive)),
    ]


def test_an_invitation_its_withdrawal_and_its_use_are_written_down(bright_spark, olive, stan):
    with acting_for(bright_spark):
        first = invite(organization=bright_spark, email="n@new.test", role=Role.OFFICE, by=olive)
        withdraw_invitation(invitation=first, by=olive)
        withdraw_invitation(invitation=first, by=olive)
        second = invite(organization=bright_spark, email=stan.email, role=Role.OFFICE, by=olive)
        accept_invitation(invitation=second, person=stan)
    assert lines(bright_spark) == [
        ("n@new.test", "Invited", "", "Office", str(olive)),
        ("n@new.test", "Invitation withdrawn", "Office", "", str(olive)),
        (stan.email, "Invited", "", "Office", str(olive)),
        (stan.email, "Joined", "", "Office", str(stan)),
    ]


def test_only_what_reads_otherwise_is_written_down(bright_spark, olive):
    with acting_for(bright_spark):
        change_company_details(
            organization=bright_spark, by=olive, name="Brighter Spark", phone=bright_spark.phone
        )
    assert lines(bright_spark) == [
        ("Company details", "Name", "Bright Spark Electrical", "Brighter Spark", str(olive))
    ]


def test_what_was_undone_is_not_written_down(bright_spark, olive, otto_at):
    with acting_for(bright_spark), transaction.atomic():
        change_role(membership=otto_at, role=Role.OWNER, by=olive)
        transaction.set_rollback(True)
    assert lines(bright_spark) == []


@pytest.fixture
def line(bright_spark, olive):
    with acting_for(bright_spark):
        return note_event(
            bright_spark,
            area=Area.PEOPLE,
            subject="otto@bright.test",
            what="Role",
            by=olive,
            words=("Office", "Owner"),
        )


@pytest.mark.parametrize("wall", ["its own", "everyone"])
def test_a_line_is_neither_changed_nor_deleted(bright_spark, line, wall):
    with acting_for(bright_spark) if wall == "its own" else acting_for_everyone():
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            AuditEvent.objects.filter(organization=bright_spark).update(after="Office")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tenancy_auditevent")
            assert cursor.rowcount == 0
    assert lines(bright_spark)[0][3] == "Owner"


def test_an_owner_reads_it_newest_first_and_narrows_it(bright_spark, olive, line, client_of):
    with acting_for(bright_spark):
        change_company_details(organization=bright_spark, by=olive, name="<b>Brighter</b>")
    page = client_of(olive).get(PAGE).content.decode()
    assert page.index("&lt;b&gt;Brighter&lt;/b&gt;") < page.index("otto@bright.test")
    assert "2 changes" in page
    narrowed = client_of(olive).get(PAGE, {"area": "people"}).content.decode()
    assert "otto@bright.test" in narrowed
    assert "Company details" not in narrowed.split('id="listing"')[-1].split("</nav>")[-1]


def test_nobody_else_reads_it(line, otto, ada, stan, client_of):
    assert client_of(otto).get(PAGE).status_code == 403
    assert client_of(ada).get(PAGE).status_code == 403
    answer = client_of(stan).get(PAGE)
    assert "otto@bright.test" not in answer.content.decode()


def test_its_menu_entry_is_the_owners(olive, otto, client_of):
    assert PAGE in client_of(olive).get("/").content.decode()
    assert PAGE not in client_of(otto).get("/").content.decode()
    assert reverse("tenancy:change_log") == PAGE


# How many letters leave


def test_one_address_gets_so_many_letters_a_day_and_no_more(bright_spark, olive):
    with acting_for(bright_spark):
        sent = invite(organization=bright_spark, email="n@new.test", role=Role.OFFICE, by=olive)
        for _ in range(MOST_TO_ONE_ADDRESS - 1):
            sent = resend_invitation(invitation=sent, by=olive)
        with pytest.raises(TooManyInvitations):
            resend_invitation(invitation=sent, by=olive)
        sent.refresh_from_db()
        assert sent.is_open
        invite(organization=bright_spark, email="other@new.test", role=Role.OFFICE, by=olive)


def test_an_organization_sends_so_many_a_day_and_is_told(bright_spark, olive, client_of):
    with acting_for(bright_spark):
        for number in range(MOST_INVITATIONS_A_DAY):
            address = f"n{number}@new.test"
            invite(organization=bright_spark, email=address, role=Role.OFFICE, by=olive)
        last = Invitation.objects.owned_by(bright_spark).latest("pk")
    typed = {"email": "more@new.test", "role": "office"}
    answer = client_of(olive).post("/administration/users/invite/", typed)
    assert answer.status_code == 422
    assert "try again tomorrow" in answer.content.decode()
    assert "more@new.test" in answer.content.decode()
    again = f"/administration/invitations/{last.public_id}/resend/"
    page = client_of(olive).post(again, follow=True).content.decode()
    assert "try again tomorrow" in page
    with acting_for(bright_spark):
        sent = Invitation.objects.owned_by(bright_spark)
        assert sent.count() == MOST_INVITATIONS_A_DAY
        sent.update(created_at=last.created_at.replace(year=2025))
    answer = client_of(olive).post("/administration/users/invite/", typed)
    assert answer.status_code != 422
