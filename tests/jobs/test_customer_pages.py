"""Customers in the browser: lists, pop-ups that keep what was typed, archiving."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Contact, Customer
from jobs.services import archive_customer, record_customer_from_books
from tests.builders import a_contact, a_customer, a_job, a_lead_source

LIST = "jobs:customer_list"


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


def _page(name, row):
    return reverse(name, args=[row.public_id])


def test_the_list_shows_current_customers_with_their_open_jobs(office, at_bright_spark, otto):
    customer = a_customer(at_bright_spark, name="Kew <Motors>", phone="03 9555 0000")
    a_job(at_bright_spark, customer=customer)
    a_job(at_bright_spark, customer=customer, status="closed")
    gone = a_customer(at_bright_spark, name="Gone Cafe")
    archive_customer(customer=gone, by=otto)
    page = office.get(reverse(LIST)).content.decode()
    assert "Kew &lt;Motors&gt;" in page
    assert "03 9555 0000" in page
    assert '<td class="number d-none d-md-table-cell">1</td>' in page
    assert "Gone Cafe" not in page
    assert "Gone Cafe" in office.get(reverse(LIST), {"show": "archived"}).content.decode()


def test_the_list_finds_by_the_beginning_of_any_word(office, at_bright_spark):
    a_customer(at_bright_spark, name="Kew Motors", site_city="Kew")
    a_customer(at_bright_spark, name="Box Hill Bakery")
    page = office.get(reverse(LIST), {"q": "bak"}).content.decode()
    assert "Box Hill Bakery" in page
    assert "Kew Motors" not in page


@pytest.mark.parametrize("name", [LIST, "jobs:job_list"])
def test_a_list_costs_the_same_for_1_row_and_for_100(office, at_bright_spark, name):
    a_job(at_bright_spark)
    office.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        office.get(reverse(name))
    for _ in range(99):
        a_job(at_bright_spark)
    with CaptureQueriesContext(connection) as many:
        office.get(reverse(name))
    asked = [q for q in many.captured_queries if _is_of_the_page(q["sql"])]
    assert len(asked) == len([q for q in one.captured_queries if _is_of_the_page(q["sql"])])
    assert len(asked) <= 8


def _is_of_the_page(sql):
    return not sql.startswith(
        ("SAVEPOINT", "RELEASE", "SELECT current_setting", "SELECT set_config")
    )


def test_a_new_customer_is_saved_and_shown(office, at_bright_spark):
    source = a_lead_source(at_bright_spark, name="Google")
    answer = office.post(
        reverse("jobs:customer_new"),
        {"name": " Kew Motors ", "lead_source": source.pk, "is_taxed": "on"},
    )
    customer = Customer.objects.owned_by(at_bright_spark).get()
    assert (customer.name, customer.lead_source, customer.is_taxed) == ("Kew Motors", source, True)
    assert answer.url == _page("jobs:customer_detail", customer)
    assert "Google" in office.get(answer.url).content.decode()


def test_a_new_customer_on_the_way_to_a_job_leads_to_the_job(office, at_bright_spark):
    answer = office.post(f"{reverse('jobs:customer_new')}?then=job", {"name": "Kew Motors"})
    customer = Customer.objects.owned_by(at_bright_spark).get()
    assert answer.url == f"{reverse('jobs:job_new')}?customer={customer.public_id}"
    assert "Kew Motors" in office.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "A:B"}, "Leave out colons"),
        ({"name": "kew motors"}, "There is a customer of this name already"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "New", "email": "nobody"}, "valid email"),
        ({"name": "New", "notes": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_next_to_the_field_and_what_was_typed_is_kept(
    office, at_bright_spark, typed, said
):
    a_customer(at_bright_spark, name="Kew Motors")
    answer = office.post(reverse("jobs:customer_new"), {"site_street": "1 Kept St", **typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "1 Kept St" in page
    assert Customer.objects.owned_by(at_bright_spark).count() == 1


def test_a_customer_is_edited_in_a_pop_up_that_refreshes_its_page(office, at_bright_spark):
    customer = a_customer(at_bright_spark, name="Kew Motors", phone="1")
    page = _page("jobs:customer_detail", customer)
    htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://testserver{page}"}
    opened = office.get(_page("jobs:customer_edit", customer), **htmx).content.decode()
    assert 'value="Kew Motors"' in opened
    assert "<html" not in opened
    answer = office.post(
        _page("jobs:customer_edit", customer), {"name": "Kew Motors", "phone": "2"}, **htmx
    )
    assert answer.headers["HX-Refresh"] == "true"
    customer.refresh_from_db()
    assert (customer.phone, customer.is_taxed) == ("2", False)


def test_the_page_of_a_customer_shows_contacts_addresses_and_jobs(office, at_bright_spark):
    customer = a_customer(at_bright_spark, billing_street="PO Box 9\nLevel 2", notes="Dog!")
    a_contact(customer, name="Pat", phone="0400")
    job = a_job(at_bright_spark, customer=customer)
    page = office.get(_page("jobs:customer_detail", customer)).content.decode()
    for text in ("PO Box 9<br>Level 2", "Dog!", "Pat", "tel:0400", job.number, "Unscheduled"):
        assert text in page, text


def test_archiving_asks_first_and_can_be_undone(office, at_bright_spark):
    customer = a_job(at_bright_spark).customer
    asked = office.get(_page("jobs:customer_archive", customer)).content.decode()
    assert "1 job of this customer is still open" in asked
    office.post(_page("jobs:customer_archive", customer))
    customer.refresh_from_db()
    assert customer.archived_at is not None
    office.post(_page("jobs:customer_restore", customer))
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_a_customer_that_owes_is_not_archived(office, at_bright_spark):
    from datetime import date
    from decimal import Decimal

    from payments.models import Invoice

    customer = a_customer(at_bright_spark)
    Invoice.objects.create(
        organization=at_bright_spark, customer=customer, number="INV-1", status="issued",
        issued_on=date(2026, 5, 4), due_on=date(2026, 5, 4),
        subtotal=Decimal(10), total=Decimal(10), balance=Decimal(10),
    )  # fmt: skip
    answer = office.post(_page("jobs:customer_archive", customer), follow=True)
    assert "still has open invoices" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_a_name_taken_meanwhile_stops_a_restore(office, at_bright_spark, otto):
    customer = a_customer(at_bright_spark, name="Kew Motors")
    archive_customer(customer=customer, by=otto)
    a_customer(at_bright_spark, name="Kew Motors")
    answer = office.post(_page("jobs:customer_restore", customer), follow=True)
    assert "There is another customer called Kew Motors" in answer.content.decode()


def test_contacts_are_added_changed_and_removed(office, at_bright_spark):
    customer = a_customer(at_bright_spark)
    office.post(_page("jobs:contact_new", customer), {"name": "Pat", "email": "pat@x.test"})
    contact = Contact.objects.owned_by(at_bright_spark).get()
    assert (contact.name, contact.customer) == ("Pat", customer)
    office.post(_page("jobs:contact_edit", contact), {"name": "Pat Lee"})
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Pat Lee", "")
    assert "Remove Pat Lee?" in office.get(_page("jobs:contact_delete", contact)).content.decode()
    office.post(_page("jobs:contact_delete", contact))
    assert not Contact.objects.owned_by(at_bright_spark).exists()


def test_the_drop_down_narrows_while_typing(office, at_bright_spark):
    wanted = a_customer(at_bright_spark, name="Kew Motors")
    a_customer(at_bright_spark, name="Box Hill Bakery")
    answer = office.get(reverse("jobs:customer_choices"), {"customer_search": "kew"})
    assert answer.content.decode().split() == (
        f'<option value="{wanted.public_id}" selected>Kew Motors, Brunswick</option>'.split()
    )


def test_an_accountant_reads_but_finds_no_buttons(client_of, ada, at_bright_spark):
    customer = a_customer(at_bright_spark)
    page = client_of(ada).get(_page("jobs:customer_detail", customer)).content.decode()
    assert customer.name in page
    assert _page("jobs:customer_edit", customer) not in page
    assert client_of(ada).post(_page("jobs:customer_edit", customer)).status_code == 403


def test_what_the_books_wrote_their_own_way_does_not_stand_in_the_way_of_an_edit(
    office, at_bright_spark
):
    customer = record_customer_from_books(
        organization=at_bright_spark,
        origin="quickbooks",
        customer=None,
        values={"name": "Kew:Workshop", "email": "a@kew.test, b@kew.test"},
    )
    typed = {"name": "Kew:Workshop", "email": "a@kew.test, b@kew.test", "phone": "2"}
    assert office.post(_page("jobs:customer_edit", customer), typed).status_code == 302
    customer.refresh_from_db()
    assert (customer.phone, customer.name) == ("2", "Kew:Workshop")
    for worse in ({"name": "Kew:Yard"}, {"email": "a@kew.test, c@kew.test"}):
        answer = office.post(_page("jobs:customer_edit", customer), typed | worse)
        assert answer.status_code == 422
