"""What a document adds up to, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.totals import (
    EXCLUSIVE,
    INCLUSIVE,
    PricedLine,
    Totals,
    gross_parts,
    invoice_totals,
    net_lines,
)

TEN = Decimal(10)
cents = st.integers(min_value=-50_000, max_value=500_000).map(lambda n: Decimal(n) / 100)
priced = st.builds(PricedLine, amount=cents, is_taxed=st.booleans())
percents = st.sampled_from([Decimal(0), Decimal("8.875"), Decimal(10), Decimal(15), Decimal(20)])


def lines(*amounts: str, is_taxed: bool = True) -> list[PricedLine]:
    return [PricedLine(Decimal(amount), is_taxed) for amount in amounts]


def test_tax_is_worked_out_once_on_the_summed_net():
    assert invoice_totals(lines("0.05", "0.05", "0.05"), percent=TEN, mode=EXCLUSIVE) == Totals(
        Decimal("0.15"), Decimal("0.02"), Decimal("0.17"), Decimal("0.15"), Decimal("0.00")
    )


def test_an_invoice_of_1577_before_tax_comes_to_1734_70():
    totals = invoice_totals(lines("1000.00", "577.00"), percent=TEN, mode=EXCLUSIVE)
    assert (totals.subtotal, totals.tax, totals.total) == (
        Decimal("1577.00"),
        Decimal("157.70"),
        Decimal("1734.70"),
    )


def test_60_inclusive_stays_60_with_5_45_of_tax():
    totals = invoice_totals(lines("60.00"), percent=TEN, mode=INCLUSIVE)
    assert (totals.subtotal, totals.tax, totals.total) == (
        Decimal("54.55"),
        Decimal("5.45"),
        Decimal("60.00"),
    )


def test_untaxed_lines_carry_no_tax():
    mixed = [*lines("100.00"), *lines("40.00", is_taxed=False)]
    totals = invoice_totals(mixed, percent=TEN, mode=EXCLUSIVE)
    assert totals == Totals(
        Decimal("140.00"), Decimal("10.00"), Decimal("150.00"), Decimal("100.00"), Decimal("40.00")
    )
    assert gross_parts(mixed, percent=TEN, mode=EXCLUSIVE) == (Decimal("110.00"), Decimal("40.00"))
    inclusive = invoice_totals(mixed, percent=TEN, mode=INCLUSIVE)
    assert inclusive == Totals(
        Decimal("130.91"), Decimal("9.09"), Decimal("140.00"), Decimal("90.91"), Decimal("40.00")
    )


def test_nothing_comes_to_nothing():
    assert invoice_totals([], percent=TEN, mode=EXCLUSIVE).total == Decimal("0.00")


def test_the_nets_of_an_inclusive_document_share_out_its_cents():
    three = lines("60.00", "60.00", "60.00")
    assert net_lines(three, percent=TEN, mode=INCLUSIVE) == [
        Decimal("54.55"),
        Decimal("54.54"),
        Decimal("54.55"),
    ]
    assert net_lines(three, percent=TEN, mode=EXCLUSIVE) == [Decimal("60.00")] * 3


@given(st.lists(priced, max_size=12), percents, st.sampled_from([EXCLUSIVE, INCLUSIVE]))
def test_subtotal_and_tax_are_the_total_whatever_the_lines(entries, percent, mode):
    totals = invoice_totals(entries, percent=percent, mode=mode)
    assert totals.subtotal + totals.tax == totals.total
    assert totals.taxed_base + totals.free_base == totals.subtotal
    if mode == INCLUSIVE:
        assert totals.total == sum((line.amount for line in entries), Decimal(0))


@given(st.lists(priced, max_size=12), percents, st.sampled_from([EXCLUSIVE, INCLUSIVE]))
def test_net_lines_add_up_exactly_per_tax_group(entries, percent, mode):
    totals = invoice_totals(entries, percent=percent, mode=mode)
    nets = net_lines(entries, percent=percent, mode=mode)
    pairs = list(zip(entries, nets, strict=True))
    assert sum((net for line, net in pairs if line.is_taxed), Decimal(0)) == totals.taxed_base
    assert sum((net for line, net in pairs if not line.is_taxed), Decimal(0)) == totals.free_base


@given(st.lists(priced, max_size=12), percents)
def test_no_net_is_further_than_a_cent_from_its_own_gross(entries, percent):
    for line, net in zip(entries, net_lines(entries, percent=percent, mode=INCLUSIVE), strict=True):
        own = line.amount * 100 / (100 + percent) if line.is_taxed else line.amount
        assert abs(net - own) <= Decimal("0.01")


@pytest.mark.parametrize("gross", ["0.01", "0.11", "11.00", "99.99", "100000.07"])
def test_an_inclusive_total_is_what_was_typed(gross):
    assert invoice_totals(lines(gross), percent=TEN, mode=INCLUSIVE).total == Decimal(gross)
