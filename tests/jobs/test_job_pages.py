"""Jobs in the browser: opening one, and the card that the day's work happens on."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from jobs.models import Job, JobSupply, LabourEntry
from tests.builders import (
    a_customer,
    a_job,
    a_job_type,
    a_labour_entry,
    a_supply,
    a_supply_use,
)


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.fixture(autouse=True)
def _ten_per_cent(settings):
    settings.TAX_PERCENT_SOURCE = "tests.inventory.test_supplies.ten_per_cent"


def _page(name, row):
    return reverse(name, args=[row.public_id])


def _typed(customer, **more):
    return {
        "customer": str(customer.public_id),
        "description": "Fix 💡 lights",
        "pricing": "time_and_materials",
    } | more


def test_a_job_is_opened_under_the_next_number(office, at_bright_spark):
    customer = a_customer(at_bright_spark)
    kind = a_job_type(at_bright_spark, name="Domestic", colour="#ff0000")
    answer = office.post(reverse("jobs:job_new"), _typed(customer, job_type=kind.pk))
    job = Job.objects.owned_by(at_bright_spark).get()
    assert answer.url == _page("jobs:job_detail", job)
    assert (job.number, job.customer, job.job_type) == ("JOB-1001", customer, kind)
    page = office.get(answer.url).content.decode()
    for text in ("JOB-1001", customer.name, "Fix 💡 lights", "Domestic", 'fill="#ff0000"', "Book"):
        assert text in page, text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"customer": ""}, "Choose the customer."),
        ({"customer": "rubbish"}, "Choose again."),
        ({"description": ""}, "This field is required"),
        ({"description": "x" * 5001}, "at most 5000 characters"),
        ({"pricing": "fixed_price"}, "Give the fixed price, before tax."),
        ({"pricing": "fixed_price", "fixed_price": "-5"}, "Give the fixed price, before tax."),
        ({"pricing": "fixed_price", "fixed_price": "1.005"}, "no more than 2 decimal places"),
        ({"pricing": "fixed_price", "fixed_price": "a lot"}, "Type a number"),
    ],
)
def test_a_job_that_cannot_be_is_refused_next_to_the_field(office, at_bright_spark, typed, said):
    customer = a_customer(at_bright_spark)
    answer = office.post(
        reverse("jobs:job_new"), _typed(customer, purchase_order="PO-KEPT") | typed
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "PO-KEPT" in answer.content.decode()
    assert not Job.objects.owned_by(at_bright_spark).exists()


def test_a_fixed_price_is_understood_as_people_write_it(office, at_bright_spark):
    typed = _typed(a_customer(at_bright_spark), pricing="fixed_price", fixed_price="$1,200.50")
    office.post(reverse("jobs:job_new"), typed)
    assert Job.objects.owned_by(at_bright_spark).get().fixed_price == Decimal("1200.50")


def test_a_strangers_customer_cannot_be_chosen(office, at_bright_spark, drain_co):
    from ascora.tenancy.rls import acting_for

    with acting_for(drain_co):
        theirs = a_customer(drain_co, name="Their Secret")
    answer = office.post(reverse("jobs:job_new"), _typed(theirs))
    assert answer.status_code == 422
    assert "Their Secret" not in answer.content.decode()
    assert not Job.objects.owned_by(at_bright_spark).exists()


def test_a_job_is_edited_and_keeps_its_number(office, at_bright_spark):
    job = a_job(at_bright_spark)
    page = office.get(_page("jobs:job_edit", job)).content.decode()
    assert f'<option value="{job.customer.public_id}" selected>' in page
    office.post(_page("jobs:job_edit", job), _typed(job.customer, work_done="All of it"))
    job.refresh_from_db()
    assert (job.number, job.work_done) == ("JOB-1001", "All of it")


def test_a_button_moves_the_job_on(office, at_bright_spark):
    job = a_job(at_bright_spark)
    answer = office.post(_page("jobs:job_status", job), {"status": "booked"}, follow=True)
    assert "JOB-1001 is now Booked." in answer.content.decode()
    assert office.post(_page("jobs:job_status", job), {"status": "lost"}).status_code == 400
    job.refresh_from_db()
    assert job.status == "booked"


def test_the_list_filters_by_status_and_type(office, at_bright_spark):
    kind = a_job_type(at_bright_spark)
    open_job = a_job(at_bright_spark, job_type=kind)
    closed = a_job(at_bright_spark, status="closed")
    for asked, shown, hidden in (
        ({"status": "open"}, open_job, closed),
        ({"status": "closed"}, closed, open_job),
        ({"type": str(kind.public_id)}, open_job, closed),
        ({"q": "1002"}, closed, open_job),
    ):
        page = office.get(reverse("jobs:job_list"), asked).content.decode()
        assert shown.number in page, asked
        assert hidden.number not in page, asked
    assert office.get(reverse("jobs:job_list"), {"sort": "-customer"}).status_code == 200


LABOUR = {
    "worker": "Sam",
    "worked_on": "2026-05-04",
    "hours": "3.5",
    "hourly_rate": "$95",
    "is_chargeable": "on",
}


def test_labour_is_added_changed_and_deleted_and_the_totals_follow(office, at_bright_spark):
    job = a_job(at_bright_spark)
    office.post(_page("jobs:labour_new", job), LABOUR)
    entry = LabourEntry.objects.owned_by(at_bright_spark).get()
    assert (entry.hours, entry.hourly_rate) == (Decimal("3.5"), Decimal(95))
    assert "$332.50" in office.get(_page("jobs:job_detail", job)).content.decode()

    again = office.get(_page("jobs:labour_new", job)).content.decode()
    assert 'value="Sam"' in again
    assert 'value="95.00"' in again
    opened = office.get(_page("jobs:labour_edit", entry)).content.decode()
    assert 'value="3.5"' in opened
    assert 'value="2026-05-04"' in opened
    office.post(_page("jobs:labour_edit", entry), LABOUR | {"hours": "4"})
    assert "$380.00" in office.get(_page("jobs:job_detail", job)).content.decode()

    assert "$380.00 before tax" in office.get(_page("jobs:labour_delete", entry)).content.decode()
    office.post(_page("jobs:labour_delete", entry))
    assert not LabourEntry.objects.owned_by(at_bright_spark).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"hours": "0"}, "Hours must be more than zero."),
        ({"hours": "-2"}, "Hours must be more than zero."),
        ({"hours": "1.23456"}, "no more than 4 decimal places"),
        ({"hours": "half"}, "Type a number"),
        ({"hourly_rate": "-1"}, "A rate is zero or more."),
        ({"worked_on": "0206-05-04"}, "Check the year"),
        ({"worked_on": "2206-05-04"}, "Check the year"),
        ({"worker": "x" * 101}, "at most 100 characters"),
        ({"hours": "900000000", "hourly_rate": "900000000"}, "$100,000,000 or more"),
    ],
)
def test_labour_that_cannot_be_is_refused(office, at_bright_spark, typed, said):
    job = a_job(at_bright_spark)
    answer = office.post(_page("jobs:labour_new", job), LABOUR | {"description": "kept"} | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "kept" in answer.content.decode()
    assert not LabourEntry.objects.owned_by(at_bright_spark).exists()


def test_a_supply_used_takes_price_and_words_from_the_supply(office, at_bright_spark):
    job = a_job(at_bright_spark)
    supply = a_supply(
        at_bright_spark, description="Downlight", sell_price=60, sell_price_includes_tax=True
    )
    typed = {
        "supply": str(supply.public_id),
        "used_on": "2026-05-04",
        "quantity": "2",
        "is_chargeable": "on",
    }
    office.post(_page("jobs:supply_use_new", job), typed)
    use = JobSupply.objects.owned_by(at_bright_spark).get()
    assert (use.description, use.unit_price) == ("Downlight", Decimal("54.5455"))
    assert "$109.09" in office.get(_page("jobs:job_detail", job)).content.decode()

    page = office.get(_page("jobs:supply_use_edit", use)).content.decode()
    assert 'value="54.5455"' in page
    office.post(
        _page("jobs:supply_use_edit", use),
        typed | {"unit_price": "50", "description": "Lamp"},
    )
    use.refresh_from_db()
    assert (use.description, use.unit_price) == ("Lamp", Decimal(50))
    office.post(_page("jobs:supply_use_delete", use))
    assert not JobSupply.objects.owned_by(at_bright_spark).exists()


def test_choosing_a_supply_shows_its_words_and_price_before_tax(office, at_bright_spark):
    supply = a_supply(at_bright_spark, description="Downlight", sell_price=11, is_taxed=False)
    asked = {"supply": str(supply.public_id)}
    terms = office.get(reverse("jobs:supply_terms"), asked).content.decode()
    assert 'value="Downlight"' in terms
    assert 'value="11.00"' in terms
    assert "checked" not in terms
    assert office.get(reverse("jobs:supply_terms"), {"supply": "rubbish"}).status_code == 200
    found = office.get(reverse("jobs:supply_choices"), {"supply_search": "down"}).content.decode()
    assert str(supply.public_id) in found


def test_invoiced_work_has_no_buttons_and_refuses_changes(office, at_bright_spark):
    from tests.jobs.test_work import _invoice

    job = a_job(at_bright_spark)
    entry, use = a_labour_entry(job), a_supply_use(job)
    _invoice(entry), _invoice(use)
    page = office.get(_page("jobs:job_detail", job)).content.decode()
    assert page.count("Invoiced") == 2
    assert _page("jobs:labour_edit", entry) not in page
    for name, row, typed in (
        ("jobs:labour_edit", entry, LABOUR),
        ("jobs:labour_delete", entry, {}),
        ("jobs:supply_use_edit", use, {
            "supply": str(use.supply.public_id), "used_on": "2026-05-04", "quantity": "9",
        }),
        ("jobs:supply_use_delete", use, {}),
    ):  # fmt: skip
        answer = office.post(_page(name, row), typed)
        assert "on an invoice already" in answer.content.decode(), name
    entry.refresh_from_db()
    use.refresh_from_db()
    assert (entry.hours, use.quantity) == (Decimal(2), Decimal(1))


def test_a_new_labour_entry_is_dated_today(office, at_bright_spark, monkeypatch):
    monkeypatch.setattr("jobs.selectors.today_for", lambda _: date(2026, 5, 9))
    page = office.get(_page("jobs:labour_new", a_job(at_bright_spark))).content.decode()
    assert 'value="2026-05-09"' in page
    assert 'value="Otto"' in page
