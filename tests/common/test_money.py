"""The arithmetic of money: exact, half up, and no cent lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascora.common.money import (
    CENT,
    ZERO,
    line_amount,
    net_of,
    percent_of,
    split_by,
    tax_within,
    to_cents,
    to_places,
    to_step,
    total_of,
)

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10**7, places=2), min_size=1, max_size=12)
rates = st.decimals(min_value=0, max_value=99, places=4)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("1.004999", "1.00"),
        ("7", "7.00"),
    ],
)
def test_a_half_cent_is_rounded_away_from_zero(amount, cents):
    assert str(to_cents(Decimal(amount))) == cents


def test_four_places_are_kept_for_quantities_and_unit_prices():
    assert str(to_places(Decimal("3.33335"), 4)) == "3.3334"


@pytest.mark.parametrize(
    ("amount", "step", "paid"),
    [
        ("110.02", "0.05", "110.00"), ("110.03", "0.05", "110.05"), ("0.025", "0.05", "0.05"),
        ("-110.03", "0.05", "-110.05"), ("4.99", "0.10", "5.00"), ("0.02", "0.05", "0.00"),
    ],
)  # fmt: skip
def test_cash_is_paid_in_the_coins_there_are(amount, step, paid):
    assert str(to_step(Decimal(amount), Decimal(step))) == paid


def test_a_total_of_nothing_is_zero_with_two_places():
    assert str(total_of([])) == "0.00"
    assert total_of([Decimal("0.10")] * 3) == Decimal("0.30")


def test_a_line_is_quantity_times_unit_price_in_whole_cents():
    assert line_amount(Decimal("3.5"), Decimal("110.0050")) == Decimal("385.02")


def test_the_surcharge_of_the_brief():
    # 1,734.70 at 1.75 % + $0.30 is 30.66, of which 27.87 is net and 2.79 tax.
    surcharge = percent_of(Decimal("1734.70"), Decimal("1.75")) + Decimal("0.30")
    assert surcharge == Decimal("30.66")
    assert net_of(surcharge, Decimal(10)) == Decimal("27.87")
    assert tax_within(surcharge, Decimal(10)) == Decimal("2.79")


def test_tax_inclusive_sixty_dollars():
    assert tax_within(Decimal("60.00"), Decimal(10)) == Decimal("5.45")
    assert net_of(Decimal("60.00"), Decimal(10)) == Decimal("54.55")


@given(amounts, rates)
def test_rounding_never_moves_by_more_than_half_a_cent(amount, rate):
    exact = amount * rate / 100
    assert abs(percent_of(amount, rate) - exact) <= CENT / 2


@given(amounts, rates)
def test_net_and_tax_of_a_gross_amount_differ_from_it_by_a_cent_at_most(gross, rate):
    assert abs(net_of(gross, rate) + tax_within(gross, rate) - gross) <= CENT


@given(amounts, weights)
def test_a_split_loses_no_cent(amount, weights):
    shares = split_by(amount, weights)
    assert len(shares) == len(weights)
    assert sum(shares, ZERO) == amount
    assert all(share == to_cents(share) for share in shares)


@given(amounts, weights)
def test_a_share_is_in_proportion_but_for_the_cents_the_last_one_takes(amount, weights):
    whole = sum(weights, ZERO)
    if whole:
        for share, weight in zip(split_by(amount, weights)[:-1], weights[:-1], strict=True):
            assert abs(share - amount * weight / whole) <= CENT / 2


def test_without_weight_the_last_share_takes_everything():
    assert split_by(Decimal("9.99"), [ZERO, ZERO]) == [ZERO, Decimal("9.99")]
    assert split_by(Decimal("9.99"), []) == []
