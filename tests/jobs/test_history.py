"""A customer's history says who changed what, from what to what."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from ascora.history.models import FieldChange
from ascora.history.selectors import told_changes_for
from jobs.services import (
    archive_customer,
    change_customer,
    record_customer_from_books,
    restore_customer,
)
from tests.builders import a_customer


@pytest.fixture
def jo(at_bright_spark):
    return a_customer(at_bright_spark, name="Jo Smith", phone="1")


def told(customer):
    return [
        (each.name, each.change.before, each.change.after, each.who)
        for each in told_changes_for(customer)
    ]


def test_each_changed_field_is_written_down_with_the_person(jo, otto):
    change_customer(customer=jo, by=otto, phone="2", email=jo.email)
    assert told(jo) == [("Phone", "1", "2", str(otto))]


def test_archiving_and_restoring_are_in_the_history(jo, otto):
    archive_customer(customer=jo, by=otto)
    restore_customer(customer=jo, by=otto)
    assert told(jo) == [
        ("Archived", "yes", "no", str(otto)),
        ("Archived", "no", "yes", str(otto)),
    ]


def test_what_the_books_changed_says_so(jo):
    record_customer_from_books(
        organization=jo.organization, origin="c0ffee", values={"phone": "3"}, customer=jo
    )
    assert told(jo) == [("Phone", "1", "3", "The books")]


def test_a_refused_change_leaves_no_trace(jo, otto):
    with pytest.raises(Exception, match="characters"):
        change_customer(customer=jo, by=otto, name="x" * 101)
    assert told(jo) == []


def test_the_page_of_a_customer_shows_its_history(client, jo, otto):
    change_customer(customer=jo, by=otto, phone="0400 000 000")
    client.force_login(otto)
    page = client.get(reverse("jobs:customer_detail", args=[jo.public_id])).content.decode()
    assert "History" in page
    assert "0400 000 000" in page


def test_no_line_is_ever_changed_or_deleted(jo, otto):
    change_customer(customer=jo, by=otto, phone="2")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        FieldChange.objects.filter(organization=jo.organization).update(after="9")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM history_fieldchange")
        assert cursor.rowcount == 0
    assert told(jo) == [("Phone", "1", "2", str(otto))]
