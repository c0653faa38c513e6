"""Suppliers merged in the books: ours follows the survivor, and no bill is taken for edited."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.contracts import Hint
from integrations.pull import pull
from integrations.pull.hints import expect_changes
from integrations.selectors import document_state_for
from inventory.models import Supplier, SupplierInvoice
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    create_supplier,
    draft_supplier_invoice,
)
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

MOVED = {"5100": Decimal("100.00"), "2200": Decimal("10.00"), "2100": Decimal("-110.00")}


@pytest.fixture
def bill(spark: Connected) -> SupplierInvoice:
    """110.00 owed to a supplier of ours, in the books."""
    with spark.acting():
        codes = TaxCode.objects.owned_by(spark.organization).order_by("pk")
        spark.set(
            purchase_tax_code=codes.filter(purchase_percent=10).first(),
            purchase_free_code=codes.filter(purchase_percent=0).first(),
            supplier_invoice_account=spark.accounts["5100"],
        )
        reece = create_supplier(organization=spark.organization, by=None, name="Reece Plumbing")
        lines = [NewCost(description="Copper pipe", unit_cost=Decimal("100.00"))]
        made = draft_supplier_invoice(
            supplier=reece, by=None, lines=lines, dated_on=ISSUED_ON, number="R-1001",
            due_on=date(2026, 12, 1),
        )  # fmt: skip
        made = approve_supplier_invoice(invoice=made, by=None)
    spark.drain(3)
    assert spark.entry(made).state == EntryState.DONE
    return made


def merge(business: Connected, supplier: Supplier, into: str) -> None:
    loser = business.link(supplier).remote_id
    business.company.bookkeeper("merge_vendors", id=loser, into=into)
    business.time_passes()
    assert pull(business.organization).bad == []


def test_merged_into_a_stranger_ours_stands_for_that(spark: Connected, bill) -> None:
    other = spark.company.post("Vendor", {"DisplayName": "Reece Group"})
    merge(spark, bill.supplier, other["Id"])
    assert spark.link(bill.supplier).remote_id == other["Id"]
    assert spark.entry(bill).state == EntryState.DONE
    assert spark.balances() == MOVED
    assert spark.differences() == []


def test_merged_into_another_of_ours_a_press_merges_them_here_too(spark: Connected, bill) -> None:
    with spark.acting():
        survivor = create_supplier(organization=spark.organization, by=None, name="Reece Group")
        repairs.send_now(document=survivor, by=None)
    spark.drain(2)
    merge(spark, bill.supplier, spark.link(survivor).remote_id)
    entry = spark.entry(bill.supplier)
    assert entry.hold == Hold.MERGED_THERE
    assert "merged into Reece Group" in entry.message
    with spark.acting():
        assert document_state_for(bill.supplier).presses[0] == ("merge-here", "Merge here too")
        repairs.merge_here(document=bill.supplier, by=None)
    spark.drain(2)
    with spark.acting():
        loser = Supplier.objects.owned_by(spark.organization).get(name="Reece Plumbing")
        ours = SupplierInvoice.objects.owned_by(spark.organization).get(pk=bill.pk)
        assert (loser.is_archived, ours.supplier_id) == (True, survivor.pk)
    assert spark.entry(loser).state == EntryState.DONE
    assert spark.entry(bill).state == EntryState.DONE
    assert spark.balances() == MOVED
    assert spark.differences() == []


def test_a_merge_that_was_announced_is_followed_though_no_document_tells_of_it(
    spark: Connected, bill
) -> None:
    other = spark.company.post("Vendor", {"DisplayName": "Reece Group"})
    loser = spark.link(bill.supplier).remote_id
    with spark.acting():
        link = spark.link(bill)
        link.seen = {}
        link.save(update_fields=["seen"])
        told = Hint(
            "event-1", spark.company.realm, "supplier", other["Id"], "merged", gone_id=loser
        )
        expect_changes(spark.connection, [told])
    merge(spark, bill.supplier, other["Id"])
    assert spark.link(bill.supplier).remote_id == other["Id"]
    assert spark.link(bill.supplier).gone_at is None


def test_an_announced_survivor_that_cannot_be_read_gives_way_to_whom_the_bill_names(
    spark: Connected, bill
) -> None:
    other = spark.company.post("Vendor", {"DisplayName": "Reece Group"})
    loser = spark.link(bill.supplier).remote_id
    with spark.acting():
        told = Hint("event-1", spark.company.realm, "supplier", "99999", "merged", gone_id=loser)
        expect_changes(spark.connection, [told])
    merge(spark, bill.supplier, other["Id"])
    assert spark.link(bill.supplier).remote_id == other["Id"]
