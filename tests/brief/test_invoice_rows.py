"""The rows without a letter: line items, invoice reference, marker, cut-off."""

from datetime import date
from decimal import Decimal

import pytest

from integrations import repairs
from integrations.selectors import document_state_for
from payments.services import draft_invoice_from_job, issue_invoice
from tests.brief.acts import amounts, issued, sold, there
from tests.builders import a_job, a_job_type, a_labour_entry, a_line, a_supply_use
from tests.engine.connected import Connected

AMOUNTS = ("19.99", "0.07", "33.33")


def of_a_job(spark: Connected, **values):
    """An invoice of a job with two labour entries and a supply."""
    with spark.acting():
        values.setdefault("description", "Rewire the kitchen")
        job = a_job(spark.organization, job_type=a_job_type(spark.organization), **values)
        a_labour_entry(job)
        a_labour_entry(job)
        a_supply_use(job)
        invoice = issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    spark.drain(2)
    return job, invoice


def test_with_line_items_a_summary_stands_above_every_line(spark: Connected) -> None:
    job, invoice = of_a_job(spark)
    first = there(spark, invoice)["Line"][0]
    assert (first["DetailType"], first["Description"]) == (
        "DescriptionOnly", f"{job.number}: Rewire the kitchen",
    )  # fmt: skip
    assert [line[1] for line in sold(there(spark, invoice))] == [190, 190, Decimal("12.50")]


def test_without_them_there_is_one_line_for_each_account_and_tax_code(spark: Connected) -> None:
    spark.set(pushes_lines=False)
    job, invoice = of_a_job(spark)
    words = f"{job.number}: Rewire the kitchen"
    assert [line[:2] for line in sold(there(spark, invoice))] == [
        (words, Decimal(380)), (words, Decimal("12.50")),
    ]  # fmt: skip
    details = {line["DetailType"] for line in there(spark, invoice)["Line"]}
    assert "DescriptionOnly" not in details


@pytest.mark.parametrize("mode", ["exclusive", "inclusive"])
def test_the_totals_are_the_same_to_the_cent_either_way(spark: Connected, mode: str) -> None:
    seen = []
    for pushes_lines in (True, False):
        spark.set(pushes_lines=pushes_lines)
        lines = [a_line(amount) for amount in AMOUNTS]
        lines.append(a_line("7.77", is_taxed=False))
        remote = there(spark, issued(spark, lines=lines, tax_mode=mode))
        seen.append((remote["TotalAmt"], remote["TxnTaxDetail"]["TotalTax"]))
    assert seen[0] == seen[1]
    assert spark.differences() == []


@pytest.mark.parametrize(
    ("reference", "words"),
    [("job_number", "{number}"), ("purchase_order", "PO-77"), ("client_order", "WO-88"),
     ("site_address", "{site}"), ("", "")],
)  # fmt: skip
def test_the_customer_reads_the_reference_that_was_chosen_and_the_note_holds_the_marker(
    spark: Connected, reference: str, words: str
) -> None:
    spark.set(invoice_reference=reference)
    job, invoice = of_a_job(spark, purchase_order="PO-77", client_order_number="WO-88")
    remote = there(spark, invoice)
    expected = words.format(number=job.number, site=job.site_address)
    assert remote.get("CustomerMemo", {}).get("value", "") == expected
    assert remote["PrivateNote"] == f"Ascora {invoice.number}"


def test_an_invoice_from_before_the_cut_off_stays_here_until_a_person_sends_it(
    spark: Connected,
) -> None:
    day = date(2026, 6, 30)
    invoice = issued(spark, issued_on=day, due_on=day)
    with spark.acting():
        state = document_state_for(invoice)
    assert state.words == "Before the cut-off"
    assert [action for action, _ in state.presses] == ["link", "send-too"]
    assert spark.balances() == {}
    assert spark.differences() == []
    with spark.acting():
        repairs.send_too(document=invoice, by=None)
    spark.drain(2)
    assert spark.balances() == amounts(a1200="110.00", a4100="-100.00", a2200="-10.00")
    assert spark.differences() == []


def test_an_invoice_of_the_cut_off_day_is_sent(spark: Connected) -> None:
    day = date(2026, 7, 1)
    issued(spark, issued_on=day, due_on=day)
    assert spark.balances()["1200"] == Decimal("110.00")
