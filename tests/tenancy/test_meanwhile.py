"""Two people with the same form open: the second is told, keeps what was typed, and decides."""

import re
from html import unescape

import pytest
from django.urls import reverse

from ascora.tenancy.models import LastEdit, Membership
from ascora.tenancy.rls import acting_for
from jobs.services import change_customer
from payments.selectors import credit_lines_of, editable_lines_of
from payments.services import NewLine, change_draft, draft_credit_note
from tests.browsing import form_of
from tests.builders import a_credit_line, a_customer, a_draft, a_job_type, a_line, a_supply


@pytest.fixture
def fern(bright_spark):
    """A customer whose card two people have open."""
    with acting_for(bright_spark):
        return a_customer(bright_spark, name="Fern Lodge", phone="111", notes="Dog", is_taxed=True)


def now(bright_spark, row):
    """The row as it stands."""
    with acting_for(bright_spark):
        row.refresh_from_db()
    return row


def text_of(response):
    """What the page says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_second_is_told_who_changed_what_and_keeps_what_was_typed(
    bright_spark, client_of, olive, otto, fern
):
    address = reverse("jobs:customer_edit", args=[fern.public_id])
    ottos, olives = client_of(otto), client_of(olive)
    as_otto_saw_it = form_of(ottos.get(address))
    olives.post(address, form_of(olives.get(address)) | {"phone": "222", "notes": "Cat"})
    refused = ottos.post(address, as_otto_saw_it | {"notes": "Parrot"})
    assert refused.status_code == 422
    said = text_of(refused)
    assert "Olive saved this at" in said
    assert "Phone is now “222”; Notes is now “Cat”" in said
    shown = form_of(refused)
    assert (shown["notes"], shown["phone"]) == ("Parrot", "222")
    assert (now(bright_spark, fern).notes, fern.phone) == ("Cat", "222")
    ottos.post(address, shown)
    assert (now(bright_spark, fern).notes, fern.phone) == ("Parrot", "222")


def test_a_change_from_elsewhere_is_told_as_well(bright_spark, client_of, otto, fern):
    address = reverse("jobs:customer_edit", args=[fern.public_id])
    browser = client_of(otto)
    seen = form_of(browser.get(address))
    with acting_for(bright_spark):
        change_customer(customer=fern, by=None, is_taxed=False)
    said = text_of(browser.post(address, seen | {"notes": "Parrot"}))
    assert "This was changed elsewhere while you had it open:" in said
    assert "Charge tax is now not ticked" in said
    assert now(bright_spark, fern).notes == "Dog"


def test_what_nobody_else_touched_is_saved_at_once_and_who_saved_it_is_remembered(
    bright_spark, client_of, otto, fern
):
    address = reverse("jobs:customer_edit", args=[fern.public_id])
    browser = client_of(otto)
    for notes in ("One", "Two"):
        answer = browser.post(address, form_of(browser.get(address)) | {"notes": notes})
        assert answer.status_code == 302
    assert now(bright_spark, fern).notes == "Two"
    with acting_for(bright_spark):
        edit = LastEdit.objects.owned_by(bright_spark).get()
    assert (edit.label, edit.object_pk, edit.by) == ("jobs.customer", fern.pk, otto)


def test_a_page_that_says_nonsense_about_what_it_showed_saves_as_before(
    bright_spark, client_of, otto, fern
):
    address = reverse("jobs:customer_edit", args=[fern.public_id])
    browser = client_of(otto)
    seen = form_of(browser.get(address))
    for nonsense in ("", "{}", "[1]", '{"at": 5, "of": {}}', "\0"):
        browser.post(address, seen | {"seen": nonsense, "notes": nonsense.strip("\0") or "none"})
    assert now(bright_spark, fern).notes == "none"


def test_lines_of_a_draft_that_somebody_else_wrote_are_told_before_they_go(
    bright_spark, client_of, otto
):
    with acting_for(bright_spark):
        draft = a_draft(bright_spark, "100.00")
    address = reverse("payments:invoice_edit", args=[draft.public_id])
    browser = client_of(otto)
    seen = form_of(browser.get(address))
    with acting_for(bright_spark):
        (first,) = editable_lines_of(draft)
        lines = [a_line("100.00", existing=first), NewLine(description="Ladder", unit_price=30)]
        change_draft(invoice=draft, by=None, lines=lines)
    refused = browser.post(address, seen | {"summary": "Mine"})
    assert refused.status_code == 422
    assert "Lines now: Work as agreed $100.00, Ladder $30.00" in text_of(refused)
    assert now(bright_spark, draft).summary == ""


def test_every_list_behind_the_screens_watches_as_well(bright_spark, client_of, otto):
    with acting_for(bright_spark):
        rows = {
            "jobs:job_type_edit": a_job_type(bright_spark, name="Domestic"),
            "inventory:supply_edit": a_supply(bright_spark, description="Cable"),
        }
    browser = client_of(otto)
    for name, row in rows.items():
        address = reverse(name, args=[row.public_id])
        first, second = form_of(browser.get(address)), form_of(browser.get(address))
        column = "name" if name == "jobs:job_type_edit" else "description"
        browser.post(address, first | {column: "First"})
        assert "Otto saved this at" in text_of(browser.post(address, second | {column: "Second"}))
        assert getattr(now(bright_spark, row), column) == "First"


def test_two_owners_change_the_company_at_once_and_the_second_is_told(
    bright_spark, client_of, olive, person
):
    address = reverse("tenancy:company_details")
    browser, other = client_of(olive), client_of(olive)
    as_first_seen = form_of(browser.get(address))
    other.post(address, form_of(other.get(address)) | {"phone": "02 1111"})
    refused = browser.post(address, as_first_seen | {"address": "1 New Road"})
    assert refused.status_code == 422
    assert "Phone is now “02 1111”" in text_of(refused)
    shown = form_of(refused)
    assert (shown["phone"], shown["address"]) == ("02 1111", "1 New Road")
    now(bright_spark, bright_spark)
    assert (bright_spark.phone, bright_spark.address) == ("02 1111", "")
    assert browser.post(address, shown).status_code in {204, 302}
    now(bright_spark, bright_spark)
    assert (bright_spark.phone, bright_spark.address) == ("02 1111", "1 New Road")


def test_two_owners_change_a_role_at_once_and_the_second_is_told(
    bright_spark, client_of, olive, otto
):
    with acting_for(bright_spark):
        ottos = Membership.objects.owned_by(bright_spark).get(user=otto)
    address = reverse("tenancy:user_role", args=[ottos.public_id])
    browser, other = client_of(olive), client_of(olive)
    as_first_seen = form_of(browser.get(address))
    other.post(address, form_of(other.get(address)) | {"role": "accountant"})
    refused = browser.post(address, as_first_seen | {"role": "owner"})
    assert "Role is now “Accountant”" in text_of(refused)
    assert now(bright_spark, ottos).role == "accountant"
    browser.post(address, form_of(refused))
    assert now(bright_spark, ottos).role == "owner"


def test_lines_of_a_credit_note_that_changed_meanwhile_are_told(
    bright_spark, client_of, otto, olive
):
    with acting_for(bright_spark):
        customer = a_customer(bright_spark)
        note = draft_credit_note(customer=customer, by=None, lines=[a_credit_line("100.00")])
    address = reverse("payments:credit_note_edit", args=[note.public_id])
    browser = client_of(otto)
    as_otto_saw_it = form_of(browser.get(address))
    other = client_of(olive)
    other.post(address, form_of(other.get(address)) | {"lines-0-unit_price": "77"})
    refused = browser.post(address, as_otto_saw_it | {"lines-0-description": "Goodwill"})
    assert refused.status_code == 422
    assert "Olive saved this at" in text_of(refused)
    assert "Lines now:" in text_of(refused)
    assert form_of(refused)["lines-0-description"] == "Goodwill"
    with acting_for(bright_spark):
        assert [str(line.unit_price) for line in credit_lines_of(note)] == ["77.0000"]
