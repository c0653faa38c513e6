"""Customers: what a name may be, who hears of a change, archiving."""

import pytest
from django.core.exceptions import ValidationError

from ascora.outbox.models import OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_change
from ascora.search.services import matching
from jobs.models import Customer
from jobs.selectors import customers_for, customers_matching, jobs_for
from jobs.services import archive_customer, change_customer, create_customer, restore_customer
from tests.builders import a_customer, a_job


def test_a_new_customer_is_found_by_every_word_and_not_yet_sent(at_bright_spark, otto):
    customer = create_customer(
        organization=at_bright_spark,
        by=otto,
        name="Zoë O'Neil 🔌 Wiring",
        phone="03 9555 1234",
        site_city="Coburg",
    )
    for typed in ("zoe", "oneil", "wiring", "0395551234", "cob", "zoe coburg"):
        assert list(customers_matching(at_bright_spark, typed)) == [customer], typed
    assert not customers_matching(at_bright_spark, "zoe sydney").exists()
    assert customer.name == "Zoë O'Neil 🔌 Wiring"
    assert not OutboxEntry.objects.owned_by(at_bright_spark).exists()


@pytest.mark.parametrize("name", ["A:B", "A\tB", "A\nB", "A\x00B", "x" * 101, ""])
def test_a_name_that_the_books_refuse_is_refused_here(at_bright_spark, otto, name):
    with pytest.raises(ValidationError) as refused:
        create_customer(organization=at_bright_spark, by=otto, name=name)
    assert list(refused.value.message_dict) == ["name"]
    assert not customers_for(at_bright_spark).exists()


def test_a_name_of_100_characters_is_taken(at_bright_spark, otto):
    customer = create_customer(organization=at_bright_spark, by=otto, name="x" * 100)
    assert Customer.objects.owned_by(at_bright_spark).get().name == customer.name == "x" * 100


def test_a_taken_name_is_refused_until_its_owner_is_archived(at_bright_spark, otto):
    first = a_customer(at_bright_spark, name="Jo Smith")
    with pytest.raises(ValidationError, match="customer of this name already"):
        create_customer(organization=at_bright_spark, by=otto, name="Jo Smith")
    archive_customer(customer=first, by=otto)
    second = create_customer(organization=at_bright_spark, by=otto, name="Jo Smith")
    with pytest.raises(ValidationError, match="customer of this name already"):
        restore_customer(customer=first, by=otto)
    first.refresh_from_db()
    assert first.archived_at is not None
    change_customer(customer=second, by=otto, name="Jo Smith of Coburg")
    assert restore_customer(customer=first, by=otto).archived_at is None


def test_two_businesses_may_have_a_customer_of_one_name(at_bright_spark, drain_co, otto):
    from ascora.tenancy.rls import acting_for

    a_customer(at_bright_spark, name="Jo Smith")
    with acting_for(drain_co):
        theirs = create_customer(organization=drain_co, by=None, name="Jo Smith")
        assert list(customers_for(drain_co)) == [theirs]


def test_a_customer_that_the_books_know_is_recorded_again_when_it_changes(at_bright_spark, otto):
    customer = a_customer(at_bright_spark)
    change_customer(customer=customer, by=otto, phone="0400 000 000")
    assert entry_for(customer) is None

    record_change(customer, by=None)
    change_customer(customer=customer, by=otto, phone="0400 000 001")
    entry = entry_for(customer)
    assert (entry.version, entry.recorded_by) == (2, otto)


def test_what_the_books_never_hear_of_is_not_recorded(at_bright_spark, otto):
    from tests.builders import a_lead_source

    customer = a_customer(at_bright_spark, phone="1")
    record_change(customer, by=None)
    change_customer(customer=customer, by=otto, lead_source=a_lead_source(at_bright_spark))
    change_customer(customer=customer, by=otto, phone="1")
    assert entry_for(customer).version == 1


def test_archiving_and_restoring_follow_to_the_books_once_each(at_bright_spark, otto):
    customer = a_customer(at_bright_spark)
    record_change(customer, by=None)
    archive_customer(customer=customer, by=otto)
    archive_customer(customer=customer, by=otto)
    assert entry_for(customer).version == 2
    restore_customer(customer=customer, by=otto)
    assert entry_for(customer).version == 3


def test_a_renamed_customer_is_found_by_its_new_name_and_so_are_its_jobs(at_bright_spark, otto):
    job = a_job(at_bright_spark, customer=a_customer(at_bright_spark, name="Old Mill"))
    change_customer(customer=job.customer, by=otto, name="New Mill")
    found = matching(jobs_for(at_bright_spark), at_bright_spark, "new mill")
    assert list(found) == [job]
    assert not matching(jobs_for(at_bright_spark), at_bright_spark, "old").exists()
    assert not customers_matching(at_bright_spark, "old").exists()


def test_a_long_note_is_refused_and_nothing_changes(at_bright_spark, otto):
    customer = a_customer(at_bright_spark, notes="kept")
    with pytest.raises(ValidationError) as refused:
        change_customer(customer=customer, by=otto, notes="x" * 2001, phone="1")
    assert list(refused.value.message_dict) == ["notes"]
    customer.refresh_from_db()
    assert (customer.notes, customer.phone) == ("kept", "")
