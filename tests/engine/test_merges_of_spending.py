"""Suppliers merged in the books after what was bought of them: expenses, credits, a chain of
merges.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.models import Connection
from integrations.pull import pull
from inventory.models import Supplier, SupplierInvoice
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    change_supplier,
    change_supplier_invoice,
    create_supplier,
    draft_supplier_invoice,
)
from jobs.models import Expense
from jobs.services import change_expense
from tests.builders import an_approved_expense
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

Bought = Expense | SupplierInvoice


@pytest.fixture
def buying(spark: Connected) -> Connected:
    """With the codes C, D, I and J."""
    with spark.acting():
        codes = TaxCode.objects.owned_by(spark.organization).order_by("pk")
        spark.set(
            purchase_tax_code=codes.filter(purchase_percent=10).first(),
            purchase_free_code=codes.filter(purchase_percent=0).first(),
            expense_account=spark.accounts["6500"],
            supplier_invoice_account=spark.accounts["5100"],
        )
    return spark


@pytest.fixture
def reece(buying: Connected) -> Supplier:
    return a_supplier_named(buying, "Reece Plumbing")


def a_supplier_named(business: Connected, name: str) -> Supplier:
    with business.acting():
        return create_supplier(organization=business.organization, by=None, name=name)


def to_be_paid(business: Connected, supplier: Supplier) -> Expense:
    job = business.job(business.customer())
    with business.acting():
        return an_approved_expense(job, supplier=supplier, spent_on=ISSUED_ON)


def paid_on_the_spot(business: Connected, supplier: Supplier) -> Expense:
    job, bank = business.job(business.customer()), business.accounts["1100"]
    with business.acting():
        return an_approved_expense(job, supplier=supplier, spent_on=ISSUED_ON, paid_from=bank)


def credited(business: Connected, supplier: Supplier, number: str = "CR-7") -> SupplierInvoice:
    with business.acting():
        draft = draft_supplier_invoice(
            supplier=supplier, by=None, type="credit", dated_on=ISSUED_ON, number=number,
            lines=[NewCost(description="Pipe returned", unit_cost=Decimal("60.00"))],
        )  # fmt: skip
        return approve_supplier_invoice(invoice=draft, by=None)


BUYING = [(to_be_paid, "Bill"), (paid_on_the_spot, "Purchase"), (credited, "VendorCredit")]
every_kind = pytest.mark.parametrize(("buy", "kind"), BUYING)


def sent(business: Connected, document: Bought | Supplier) -> None:
    business.drain(4)
    entry = business.entry(document)
    assert (entry.state, entry.message) == (EntryState.DONE, "")


def amended(business: Connected, document: Bought) -> None:
    """Changed here afterwards, and sent."""
    with business.acting():
        if isinstance(document, Expense):
            change_expense(expense=document, by=None, description="Scaffold hire, two weeks")
        else:
            change_supplier_invoice(invoice=document, by=None, notes="Damaged")
    sent(business, document)


def merge(business: Connected, supplier: Supplier, into: str) -> None:
    loser = business.link(supplier).remote_id
    business.company.bookkeeper("merge_vendors", id=loser, into=into)


def read(business: Connected) -> None:
    business.time_passes()
    assert pull(business.organization).bad == []


def payees_there(business: Connected, kind: str) -> set[str]:
    rows = business.company.rows(kind)
    return {str(row.get("VendorRef", row.get("EntityRef"))["value"]) for row in rows}


@every_kind
def test_merged_into_a_stranger_ours_stands_for_that_and_what_was_bought_goes_on(
    buying: Connected, reece: Supplier, buy: Callable[..., Bought], kind: str
) -> None:
    bought = buy(buying, reece)
    sent(buying, bought)
    before = buying.balances()
    other = buying.company.post("Vendor", {"DisplayName": "Reece Group"})["Id"]
    merge(buying, reece, other)
    read(buying)
    assert buying.link(reece).remote_id == other
    assert buying.entry(bought).state == EntryState.DONE
    amended(buying, bought)
    assert payees_there(buying, kind) == {other}
    assert buying.balances() == before
    assert buying.differences() == []


@every_kind
def test_merged_into_another_of_ours_a_press_gives_it_what_was_bought(
    buying: Connected, reece: Supplier, buy: Callable[..., Bought], kind: str
) -> None:
    bought, survivor = buy(buying, reece), a_supplier_named(buying, "Reece Group")
    with buying.acting():
        repairs.send_now(document=survivor, by=None)
    sent(buying, bought)
    before = buying.balances()
    into = buying.link(survivor).remote_id
    merge(buying, reece, into)
    read(buying)
    assert buying.entry(reece).hold == Hold.MERGED_THERE
    with buying.acting():
        repairs.merge_here(document=reece, by=None)
        bought.refresh_from_db()
        assert bought.supplier_id == survivor.pk
    amended(buying, bought)
    assert payees_there(buying, kind) == {into}
    assert (buying.balances(), buying.differences()) == (before, [])
    assert buying.entry(reece).state == EntryState.DONE


def test_a_survivor_that_is_merged_away_in_turn_is_still_found_by_the_press(
    buying: Connected, reece: Supplier
) -> None:
    bought, survivor = to_be_paid(buying, reece), a_supplier_named(buying, "Reece Group")
    theirs = credited(buying, survivor)
    sent(buying, bought)
    sent(buying, theirs)
    merge(buying, reece, buying.link(survivor).remote_id)
    read(buying)
    last = buying.company.post("Vendor", {"DisplayName": "Reece Holdings"})["Id"]
    merge(buying, survivor, last)
    read(buying)
    with buying.acting():
        repairs.merge_here(document=reece, by=None)
        bought.refresh_from_db()
        assert bought.supplier_id == survivor.pk
    amended(buying, bought)
    assert payees_there(buying, "Bill") == {last}
    assert buying.differences() == []


@every_kind
def test_what_is_bought_after_a_merge_that_was_not_read_yet_goes_on_once_it_is(
    buying: Connected, reece: Supplier, buy: Callable[..., Bought], kind: str
) -> None:
    sent(buying, credited(buying, reece, number="CR-1"))
    other = buying.company.post("Vendor", {"DisplayName": "Reece Group"})["Id"]
    merge(buying, reece, other)
    late = buy(buying, reece)
    buying.drain(3)
    assert buying.entry(late).hold == Hold.REMOTE_GONE
    assert "customer or supplier that this document names" in buying.entry(late).message
    read(buying)
    sent(buying, late)
    assert payees_there(buying, kind) == {other}
    assert buying.differences() == []


def test_a_supplier_changed_here_before_its_merge_was_read_is_no_new_supplier_there(
    buying: Connected, reece: Supplier
) -> None:
    sent(buying, credited(buying, reece))
    other = buying.company.post("Vendor", {"DisplayName": "Reece Group"})["Id"]
    merge(buying, reece, other)
    with buying.acting():
        change_supplier(supplier=reece, by=None, phone="03 9555 0101")
    buying.drain(2)
    assert buying.entry(reece).hold == Hold.REMOTE_GONE
    assert buying.link(reece).gone_at is None
    with buying.acting():
        connection = Connection.objects.owned_by(buying.organization).get()
    assert connection.next_pull_at is not None
    assert connection.next_pull_at <= datetime.now(UTC) + timedelta(seconds=5)
    read(buying)
    sent(buying, reece)
    (vendor,) = buying.company.rows("Vendor")
    assert (vendor["Id"], vendor["DisplayName"]) == (other, "Reece Group")
    assert vendor["PrimaryPhone"]["FreeFormNumber"] == "03 9555 0101"


def test_what_was_deleted_there_itself_does_not_come_back_with_a_merge(
    buying: Connected, reece: Supplier
) -> None:
    bought = to_be_paid(buying, reece)
    sent(buying, bought)
    buying.company.bookkeeper("delete", kind="Bill", id=buying.link(bought).remote_id)
    read(buying)
    assert buying.entry(bought).hold == Hold.REMOTE_GONE
    other = buying.company.post("Vendor", {"DisplayName": "Reece Group"})["Id"]
    merge(buying, reece, other)
    read(buying)
    assert buying.entry(bought).hold == Hold.REMOTE_GONE
