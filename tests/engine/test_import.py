"""Ten thousand customers, killed half way, resumed, repeated: no doubles, and a reason for each
left out.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from ascora.outbox.models import OutboxEntry
from ascora.search.models import SearchWord
from integrations import customer_import
from integrations.contracts import CustomerRecord, Kind
from integrations.errors import RemoteBusy
from integrations.models import ImportRow, ImportRun, ImportState, RemoteLink
from jobs.models import Customer
from tests.engine.business import Business
from tests.engine.fake_ledger import SimulatedCrash


def start(business: Business) -> ImportRun:
    with business.acting():
        return customer_import.start_import(connection=business.connection, by=None)


def the_run(business: Business) -> ImportRun:
    with business.acting():
        return ImportRun.objects.owned_by(business.organization).latest("pk")


def counts(business: Business) -> tuple[int, int]:
    """Customers and links."""
    with business.acting():
        customers = Customer.objects.owned_by(business.organization).count()
        return customers, RemoteLink.objects.owned_by(business.organization).count()


def lease_ends(business: Business) -> None:
    with business.acting():
        ImportRun.objects.owned_by(business.organization).update(lease_until=None)


def test_ten_thousand_customers_killed_at_row_six_thousand_are_resumed_without_doubles(
    spark: Business,
) -> None:
    spark.ledger.add_customers(10_000)
    spark.ledger.age(timedelta(hours=1))
    start(spark)
    genuine = spark.ledger.customers

    def die_at_six_thousand(*, start: int, size: int) -> tuple[CustomerRecord, ...]:
        page = genuine(start=start, size=size)
        if start > 6000:
            raise SimulatedCrash
        return page

    spark.ledger.customers = die_at_six_thousand
    with pytest.raises(SimulatedCrash):
        customer_import.run(spark.organization, seconds=300)
    assert counts(spark) == (6000, 6000)
    assert the_run(spark).next_start == 6001
    spark.ledger.customers = genuine
    spark.ledger.calls.clear()
    lease_ends(spark)
    while customer_import.run(spark.organization, seconds=300):
        pass
    pages = [detail for call, detail in spark.ledger.calls if call == "customers"]
    assert pages == ["6001", "7001", "8001", "9001", "10001"]
    run = the_run(spark)
    assert (run.state, run.added, run.matched, run.left_out) == (ImportState.DONE, 10_000, 0, 0)
    assert counts(spark) == (10_000, 10_000)
    spark.drain()
    assert not [call for call, _ in spark.ledger.calls if call.startswith("create")]


TABLES_OF_A_PAGE = (
    "jobs_customer",
    "search_searchword",
    "outbox_outboxentry",
    "integrations_remotelink",
    "integrations_importrun",
)


@pytest.mark.parametrize("table", TABLES_OF_A_PAGE)
def test_a_worker_killed_within_a_page_leaves_no_half_page(spark: Business, table: str) -> None:
    spark.ledger.add_customers(30)
    start(spark)
    place = the_run(spark).next_start
    with connection.execute_wrapper(killed_after_writing(table)), pytest.raises(SimulatedCrash):
        customer_import.run(spark.organization)
    assert counts(spark) == (0, 0)
    assert the_run(spark).next_start == place
    with spark.acting():
        assert not SearchWord.objects.owned_by(spark.organization).exists()
        assert not OutboxEntry.objects.owned_by(spark.organization).exists()
    lease_ends(spark)
    customer_import.run(spark.organization)
    assert counts(spark) == (30, 30)


def killed_after_writing(table: str) -> Callable[..., object]:
    """The worker dies with what it wrote there in its open transaction."""

    def execute(run: Callable[..., object], statement: str, *rest: Any) -> object:
        answer = run(statement, *rest)
        writes = f'INSERT INTO "{table}"', f"INSERT INTO {table}", f'UPDATE "{table}" SET "org'
        if any(each in statement for each in writes):
            raise SimulatedCrash
        return answer

    return execute


def test_repeating_it_matches_by_link_and_adds_only_what_is_new(spark: Business) -> None:
    spark.ledger.add_customers(5)
    start(spark)
    customer_import.run(spark.organization)
    spark.ledger.add_customers(0)
    spark.ledger.documents[Kind.CUSTOMER, "9001"] = _named(spark, "Late Comer", "9001")
    start(spark)
    customer_import.run(spark.organization)
    run = the_run(spark)
    assert (run.added, run.matched, run.left_out) == (1, 5, 0)
    assert counts(spark) == (6, 6)


def test_a_customer_of_the_same_name_is_matched_and_keeps_what_theirs_leaves_empty(
    spark: Business,
) -> None:
    ours = spark.customer("Jane Bloggs", phone="0400 000 000")
    spark.ledger.documents[Kind.CUSTOMER, "9001"] = _named(
        spark, "Jane Bloggs", "9001", email="jane@bloggs.test"
    )
    start(spark)
    customer_import.run(spark.organization)
    with spark.acting():
        ours.refresh_from_db()
    assert (ours.email, ours.phone) == ("jane@bloggs.test", "0400 000 000")
    assert spark.link(ours).remote_id == "9001"
    assert counts(spark) == (1, 1)
    assert the_run(spark).matched == 1


def test_what_is_left_out_says_why(spark: Business) -> None:
    spark.ledger.documents[Kind.CUSTOMER, "9001"] = replace(
        _named(spark, "Site 12", "9001"), parent_id="9000", full_name="Parent " * 20 + ":Site 12"
    )
    spark.ledger.documents[Kind.CUSTOMER, "9002"] = replace(
        _named(spark, "Site 13", "9002"), parent_id="9000", full_name="Parent:Site 13"
    )
    start(spark)
    customer_import.run(spark.organization)
    with spark.acting():
        (row,) = ImportRow.objects.owned_by(spark.organization)
        names = list(Customer.objects.owned_by(spark.organization).values_list("name", flat=True))
    assert row.reason == "The name is longer than 100 characters."
    assert names == ["Parent:Site 13"]


def test_a_customer_added_while_the_pages_are_read_is_not_missed(spark: Business) -> None:
    spark.ledger.add_customers(3)
    genuine = spark.ledger.customers

    def one_comes_in_between(*, start: int, size: int) -> tuple[CustomerRecord, ...]:
        page = genuine(start=start, size=size)
        spark.ledger.documents[Kind.CUSTOMER, "1"] = _named(spark, "In Between", "1")
        return page

    spark.ledger.customers = one_comes_in_between
    start(spark)
    customer_import.run(spark.organization)
    assert the_run(spark).added == 4
    assert counts(spark) == (4, 4)


def test_a_customer_switched_off_meanwhile_makes_nobody_else_be_missed(
    spark: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_import, "PAGE", 10)
    spark.ledger.add_customers(25)
    first = next(iter(spark.ledger.documents.values()))
    genuine = spark.ledger.customers

    def switched_off_after(*, start: int, size: int) -> tuple[CustomerRecord, ...]:
        page = genuine(start=start, size=size)
        if start == 1:
            spark.ledger.edit(first, is_active=False)
        return page

    spark.ledger.customers = switched_off_after
    start(spark)
    customer_import.run(spark.organization)
    with spark.acting():
        names = Customer.objects.owned_by(spark.organization).values_list("name", flat=True)
        assert len(set(names)) == 25
    assert the_run(spark).added == 25


def test_books_that_do_not_answer_pause_the_run_and_it_goes_on(spark: Business) -> None:
    spark.ledger.add_customers(3)
    genuine = spark.ledger.customers

    def busy(*, start: int, size: int) -> tuple[CustomerRecord, ...]:
        raise RemoteBusy("Maintenance.")

    spark.ledger.customers = busy
    start(spark)
    assert customer_import.run(spark.organization) is False
    assert the_run(spark).message == "Maintenance."
    spark.ledger.customers = genuine
    customer_import.run(spark.organization)
    assert the_run(spark).state == ImportState.DONE


def test_two_presses_make_one_run(spark: Business) -> None:
    assert start(spark).pk == start(spark).pk


def _named(business: Business, name: str, remote_id: str, **values: str) -> CustomerRecord:
    business.ledger.add_customers(1)
    made = business.ledger.documents.pop((Kind.CUSTOMER, str(business.ledger.next_id)))
    assert isinstance(made, CustomerRecord)
    return replace(made, ref=replace(made.ref, id=remote_id), name=name, **values)
