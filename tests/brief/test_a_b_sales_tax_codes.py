"""A and B: taxed and untaxed lines of invoices and surcharges bear the codes chosen."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations import accounting, connections
from tests.brief.acts import amounts, issued, paid, sold, there
from tests.builders import a_line, mastercard
from tests.engine.connected import Connected

IN_FORCE = date(2026, 8, 3)


def mixed() -> list:
    """100.00 taxed and 90.00 that is not."""
    return [a_line("100.00"), a_line("90.00", is_taxed=False)]


def codes(spark: Connected) -> tuple[str, str]:
    """The ids of A and B over there."""
    with spark.acting():
        settings = spark.settings
        return settings.sales_tax_code.remote_id, settings.sales_free_code.remote_id


@pytest.mark.parametrize("mode", ["exclusive", "inclusive"])
def test_taxed_lines_bear_a_and_untaxed_ones_b(spark: Connected, mode: str) -> None:
    invoice = issued(spark, lines=mixed(), tax_mode=mode)
    taxed, free = codes(spark)
    assert [code for *_, code in sold(there(spark, invoice))] == [taxed, free]
    assert there(spark, invoice)["TotalAmt"] == invoice.total
    tax = Decimal("10.00") if mode == "exclusive" else Decimal("9.09")
    assert spark.balances() == {
        "1200": invoice.total, "4100": -(invoice.total - tax), "2200": -tax,
    }  # fmt: skip
    assert spark.differences() == []


def test_another_code_chosen_at_b_is_used_from_then_on(spark: Connected) -> None:
    with spark.acting():
        rows = TaxCode.objects.owned_by(spark.organization).filter(sales_percent=0)
        other = rows.exclude(pk=spark.settings.sales_free_code_id).first()
    spark.set(sales_free_code=other)
    invoice = issued(spark, lines=mixed())
    assert [code for *_, code in sold(there(spark, invoice))] == [codes(spark)[0], other.remote_id]


def test_the_surcharge_on_an_untaxed_invoice_bears_b_and_on_a_mixed_one_both(
    spark: Connected,
) -> None:
    with spark.acting():
        mastercard(spark.organization)
    untaxed = issued(spark, lines=[a_line("90.00", is_taxed=False)])
    paid(spark, untaxed, "Mastercard", received_on=IN_FORCE)
    taxed, free = codes(spark)
    # 1.75 % of 90.00 is 1.58, plus 0.30
    assert [line[1::2] for line in sold(there(spark, untaxed))] == [
        (Decimal(90), free), (Decimal("1.88"), free),
    ]  # fmt: skip
    assert spark.balances() == amounts(a1150="91.88", a4100="-90.00", a4200="-1.88")
    both = issued(spark, lines=mixed())
    paid(spark, both, "Mastercard", received_on=IN_FORCE)
    assert [line[1::2] for line in sold(there(spark, both))][2:] == [
        (Decimal("1.90"), taxed), (Decimal("1.71"), free),
    ]  # fmt: skip
    assert spark.differences() == []


def test_a_code_that_was_switched_off_there_holds_the_invoice_and_shows_in_the_settings(
    spark: Connected,
) -> None:
    with spark.acting():
        TaxCode.objects.owned_by(spark.organization).filter(
            pk=spark.settings.sales_tax_code_id
        ).update(is_active=False)
        shown = [trouble.message for trouble in accounting.troubles_of(spark.settings)]
    assert shown == ["GST is no longer active in QuickBooks. Choose another one."]
    invoice = issued(spark)
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "The tax code GST is no longer active" in entry.message
    assert spark.balances() == {}
    connections.take_chart(spark.connection, spark.open())
    with spark.acting():
        accounting.save_settings(connection=spark.connection, values={}, by=None)
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
