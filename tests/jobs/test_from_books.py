"""Customers as the books have them."""

import pytest

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.outbox.selectors import entry_for, has_unsent_changes
from ascora.outbox.services import record_change
from ascora.search.models import SearchWord
from ascora.tenancy.rls import acting_for
from integrations.comparison import customer_fields
from jobs.models import Customer
from jobs.selectors import customers_for, customers_matching
from jobs.services import change_customer, import_customers_from_books, record_customer_from_books
from tests.builders import a_customer

ORIGIN = "quickbooks"


def _record(organization, customer=None, **values):
    return record_customer_from_books(
        organization=organization, origin=ORIGIN, values=values, customer=customer
    )


def test_a_customer_read_from_the_books_is_not_sent_back_but_its_later_changes_are(
    at_bright_spark, otto
):
    customer = _record(at_bright_spark, name="Amy's Bird Sanctuary", phone="555", is_taxed=False)
    assert (customer.phone, customer.is_taxed) == ("555", False)
    assert list(customers_matching(at_bright_spark, "amys")) == [customer]
    entry = entry_for(customer)
    assert (entry.state, entry.version, entry.settled_version) == (EntryState.DONE, 1, 1)

    change_customer(customer=customer, by=otto, phone="556")
    entry = entry_for(customer)
    assert (entry.state, entry.version, entry.settled_version) == (EntryState.WAITING, 2, 1)


def test_what_the_books_say_replaces_ours_and_an_emptied_field_is_emptied(at_bright_spark):
    customer = _record(at_bright_spark, name="Amy", phone="555", notes="first")
    _record(at_bright_spark, customer, name="Amy Lauterbach", phone="", notes="second")
    customer.refresh_from_db()
    assert (customer.name, customer.phone, customer.notes) == ("Amy Lauterbach", "", "second")
    assert not has_unsent_changes(customer)
    assert not customers_matching(at_bright_spark, "555").exists()


def test_ours_is_kept_while_it_waits(at_bright_spark, otto):
    customer = _record(at_bright_spark, name="Amy", phone="555")
    change_customer(customer=customer, by=otto, phone="ours")
    _record(at_bright_spark, customer, name="Amy", phone="theirs")
    customer.refresh_from_db()
    assert customer.phone == "ours"
    assert has_unsent_changes(customer)


def test_at_the_first_meeting_an_empty_field_of_theirs_does_not_empty_ours(at_bright_spark):
    customer = a_customer(at_bright_spark, name="Amy", phone="ours", notes="ours")
    _record(at_bright_spark, customer, name="Amy", phone="", notes="theirs")
    customer.refresh_from_db()
    assert (customer.phone, customer.notes) == ("ours", "theirs")


def test_a_deactivated_customer_is_archived_and_an_activated_one_is_back(at_bright_spark):
    customer = _record(at_bright_spark, name="Amy", is_active=True)
    _record(at_bright_spark, customer, name="Amy", is_active=False)
    customer.refresh_from_db()
    assert customer.archived_at is not None
    a_customer(at_bright_spark, name="Amy")
    _record(at_bright_spark, customer, name="Amy", is_active=True)
    customer.refresh_from_db()
    assert (customer.name, customer.archived_at) == ("Amy (2)", None)


def test_texts_are_cut_to_what_fits_and_cleaned(at_bright_spark):
    customer = _record(
        at_bright_spark, name="  A\tB\x00" + "x" * 200, phone="9" * 60, billing_street="1\n2"
    )
    assert customer.name == ("A B " + "x" * 200)[:100]
    assert customer.phone == "9" * 30
    assert customer.billing_street == "1\n2"


def test_importing_a_thousand_customers_takes_twenty_queries(
    at_bright_spark, django_assert_max_num_queries
):
    a_customer(at_bright_spark, name="Customer Number 7")
    rows = [
        {
            "name": f"Customer Number {n}",
            "email": f"n{n}@example.test",
            "phone": "03 9555 1234",
            "billing_street": f"{n} Long Winding Road",
            "billing_city": "Brunswick West",
        }
        for n in range(1000)
    ]
    with django_assert_max_num_queries(20):
        customers = import_customers_from_books(
            organization=at_bright_spark, origin=ORIGIN, rows=rows
        )
    assert customers_for(at_bright_spark).count() == 1001
    assert customers[3].name == "Customer Number 3"
    assert customers[7].name == "Customer Number 7 (2)"
    entries = OutboxEntry.objects.owned_by(at_bright_spark)
    assert entries.filter(state=EntryState.DONE, settled_version=1).count() == 1000
    assert list(customers_matching(at_bright_spark, "customer 421")) == [customers[421]]


def test_rows_of_one_name_get_numbers(at_bright_spark):
    customers = import_customers_from_books(
        organization=at_bright_spark,
        origin=ORIGIN,
        rows=[
            {"name": "Jo"},
            {"name": "Jo"},
            {"name": ""},
            {"name": "x" * 120},
            {"name": "x" * 120},
        ],
    )
    names = [customer.name for customer in customers]
    assert names == ["Jo", "Jo (2)", "No name", "x" * 100, "x" * 96 + " (2)"]
    assert Customer.objects.owned_by(at_bright_spark).count() == 5


ODD_TEXTS = [
    "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} O'Neil \N{WRENCH}",
    "back\\slash \\N \\n \\x41",
    "\\N",
    "null",
    "tab\there, line\nfeed, return\r\nand \x00 nothing",
    "\"double\" 'single' {brace}, comma; %s %% $1",
    " blanks at both ends ",
    "x" * 3000,
    "Jo John Johnson jo@john.test",
    "",
]
NEW_EACH_TIME = {"id", "public_id", "created_at", "updated_at"}


@pytest.mark.parametrize("is_active", [True, False])
def test_many_at_once_become_the_rows_that_one_by_one_would(bright_spark, drain_co, is_active):
    """Column by column, with their words and their entries in the outbox."""
    texts = [name for name in customer_fields() if name != "name"]
    rows = [
        {"name": f"{number} {text}", "is_taxed": number % 2 == 0, "is_active": is_active}
        | dict.fromkeys(texts, text)
        for number, text in enumerate(ODD_TEXTS)
    ]
    with acting_for(bright_spark):
        import_customers_from_books(organization=bright_spark, origin=ORIGIN, rows=rows)
        at_once = everything_of(bright_spark)
    with acting_for(drain_co):
        for row in rows:
            _record(drain_co, **row)
        assert everything_of(drain_co) == at_once


def everything_of(organization):
    """Customers by their columns, each with its words and its entry."""
    entries = OutboxEntry.objects.owned_by(organization).filter(label="jobs.customer")
    words = SearchWord.objects.owned_by(organization).filter(label="jobs.customer")
    found = []
    for customer in Customer.objects.owned_by(organization).order_by("pk"):
        columns = {f.attname: getattr(customer, f.attname) for f in customer._meta.concrete_fields}
        columns = {name: value for name, value in columns.items() if name not in NEW_EACH_TIME}
        columns |= {"organization_id": "", "archived_at": columns["archived_at"] is not None}
        its_words = words.filter(object_pk=customer.pk).order_by("word")
        entry = entries.get(object_pk=customer.pk)
        standing = (entry.state, entry.version, entry.settled_version, entry.generation)
        found.append((columns, list(its_words.values_list("word", flat=True)), standing))
    return found


def test_importing_nothing_is_nothing(at_bright_spark):
    assert import_customers_from_books(organization=at_bright_spark, origin=ORIGIN, rows=[]) == []


def test_a_waiting_customer_stays_waiting_after_a_pull(at_bright_spark):
    customer = a_customer(at_bright_spark)
    record_change(customer, by=None)
    _record(at_bright_spark, customer, name=customer.name)
    entry = entry_for(customer)
    assert (entry.state, entry.settled_version) == (EntryState.WAITING, 0)
