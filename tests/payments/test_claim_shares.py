"""The arithmetic of claims on a fixed price: all together are the price to the cent."""

from decimal import Decimal

import pytest

from payments.claims import Claim, left_of, share_of, with_tax

D = Decimal
PRICE = D("1000.01")


def standing(*claims):
    """Claims as (net, percent or None)."""
    return [Claim(D(net), None if percent is None else D(percent)) for net, percent in claims]


def test_what_is_left_is_the_price_less_all_claims_and_may_be_negative():
    assert left_of(PRICE, []) == PRICE
    assert left_of(PRICE, standing(("300.00", 30), ("450.55", None))) == D("249.46")
    assert left_of(PRICE, standing(("1200.00", None))) == D("-199.99")


@pytest.mark.parametrize(
    ("claims", "percent", "share"),
    [
        ([], 30, "300.00"),
        ([], 100, "1000.01"),
        ([("300.00", 30)], 30, "300.00"),
        ([("300.00", 30), ("300.00", 30)], 40, "400.01"),
        ([("333.33", "33.33"), ("333.33", "33.33")], "33.34", "333.35"),
    ],
)
def test_the_claim_that_completes_a_hundred_takes_the_rest_to_the_cent(claims, percent, share):
    assert share_of(PRICE, D(percent), standing(*claims)) == D(share)


def test_after_a_claim_by_amount_a_percentage_is_of_the_whole_price():
    assert share_of(PRICE, D(50), standing(("450.55", None))) == D("500.01")


def test_a_share_that_passes_the_rest_only_by_rounding_takes_the_rest():
    # Thirty per cent of five cents are two, and two of them have left one.
    assert share_of(D("0.05"), D(30), standing(("0.02", 30), ("0.02", 30))) == D("0.01")


def test_a_share_that_is_really_more_than_the_rest_stays_what_was_asked():
    assert share_of(PRICE, D(50), standing(("800.01", 80))) == D("500.01")


@pytest.mark.parametrize(
    ("net", "gross"), [("100.00", "110.00"), ("54.55", "60.01"), ("0.00", "0.00")]
)
def test_a_share_with_tax_is_the_share_and_its_tax_in_whole_cents(net, gross):
    assert with_tax(D(net), D(10)) == D(gross)
