"""The foundation stands: walls, numbers without gaps, changes in their own transaction."""

from contextlib import suppress

import pytest
from django.db import transaction

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.outbox.services import record_change
from ascora.tenancy.numbering import take_number
from ascora.tenancy.owned import UnownedQuery
from ascora.tenancy.rls import acting_for
from jobs.models import Customer


def test_a_query_that_does_not_say_whose_rows_it_wants_does_not_run(at_bright_spark):
    with pytest.raises(UnownedQuery):
        list(Customer.objects.all())


def test_a_stranger_sees_no_rows_even_across_organizations(at_bright_spark, drain_co):
    Customer.objects.create(organization=at_bright_spark, name="Amy")
    with acting_for(drain_co):
        assert Customer.objects.across_organizations().count() == 0
    assert Customer.objects.owned_by(at_bright_spark).count() == 1


def test_ten_edits_become_one_waiting_entry(at_bright_spark, otto):
    amy = Customer.objects.create(organization=at_bright_spark, name="Amy")
    for _ in range(10):
        entry = record_change(amy, by=otto)
    assert OutboxEntry.objects.owned_by(at_bright_spark).count() == 1
    assert (entry.state, entry.version, entry.settled_version) == (EntryState.WAITING, 10, 0)


def test_a_change_that_came_from_the_books_is_not_sent_back(at_bright_spark):
    amy = Customer.objects.create(organization=at_bright_spark, name="Amy")
    entry = record_change(amy, by=None, origin="quickbooks")
    assert (entry.state, entry.settled_version) == (EntryState.DONE, entry.version)


def test_a_number_is_given_back_when_the_transaction_fails(at_bright_spark):
    assert take_number(at_bright_spark, kind="invoice") == "INV-1001"
    with suppress(ZeroDivisionError), transaction.atomic():
        assert take_number(at_bright_spark, kind="invoice") == "INV-1002"
        raise ZeroDivisionError
    assert take_number(at_bright_spark, kind="invoice") == "INV-1002"
