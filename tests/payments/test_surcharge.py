"""What paying by card costs the customer, to the cent, and why."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.surcharge import (
    NO_CHARGE,
    Charge,
    Rule,
    charge_on,
    lone_charge,
    rule_on,
    shares_of,
    surcharge_on,
    why,
)
from payments.totals import EXCLUSIVE, INCLUSIVE, PricedLine, invoice_totals

TEN = Decimal(10)
MASTERCARD = Rule(Decimal("1.7500"), Decimal("0.30"), date(2026, 1, 1), date(2026, 9, 30))
IN_FORCE, BEFORE, AFTER = date(2026, 6, 1), date(2025, 12, 31), date(2026, 10, 1)
cents = st.integers(min_value=1, max_value=500_000).map(lambda n: Decimal(n) / 100)


def net(*amounts: str) -> list[PricedLine]:
    return [PricedLine(Decimal(amount)) for amount in amounts]


def test_1734_70_by_mastercard_adds_30_66_as_27_87_and_2_79():
    surcharge = surcharge_on(Decimal("1734.70"), MASTERCARD)
    charge = charge_on(net("1577.00"), surcharge, percent=TEN, mode=EXCLUSIVE)
    assert surcharge == Decimal("30.66")
    assert charge == Charge((PricedLine(Decimal("27.87")),), Decimal("30.66"))
    after = invoice_totals([*net("1577.00"), *charge.lines], percent=TEN, mode=EXCLUSIVE)
    assert after.tax - Decimal("157.70") == Decimal("2.79")
    assert after.total == Decimal("1765.36")


def test_net_100_02_is_charged_a_cent_more_than_the_formula_and_leaves_no_balance():
    surcharge = surcharge_on(Decimal("110.02"), MASTERCARD)
    charge = charge_on(net("100.02"), surcharge, percent=TEN, mode=EXCLUSIVE)
    assert surcharge == Decimal("2.23")
    assert charge == Charge((PricedLine(Decimal("2.03")),), Decimal("2.24"))
    after = invoice_totals([*net("100.02"), *charge.lines], percent=TEN, mode=EXCLUSIVE)
    assert after.total == Decimal("110.02") + charge.amount == Decimal("112.26")


def test_60_inclusive_is_charged_the_formula_exactly():
    surcharge = surcharge_on(Decimal("60.00"), MASTERCARD)
    charge = charge_on(net("60.00"), surcharge, percent=TEN, mode=INCLUSIVE)
    assert charge == Charge((PricedLine(Decimal("1.35")),), Decimal("1.35"))


def test_on_a_mixed_invoice_gst_follows_the_taxed_share():
    mixed = [PricedLine(Decimal("100.00")), PricedLine(Decimal("90.00"), is_taxed=False)]
    charge = charge_on(mixed, Decimal("4.00"), percent=TEN, mode=EXCLUSIVE)
    assert charge.lines == (
        PricedLine(Decimal("2.00")),
        PricedLine(Decimal("1.80"), is_taxed=False),
    )
    assert charge.amount == Decimal("4.00")


@pytest.mark.parametrize("mode", [EXCLUSIVE, INCLUSIVE])
def test_where_nothing_is_taxed_the_surcharge_is_not_either(mode):
    charge = charge_on(
        [PricedLine(Decimal("90.00"), is_taxed=False)], Decimal("4.00"), percent=TEN, mode=mode
    )
    assert charge == Charge((PricedLine(Decimal("4.00"), is_taxed=False),), Decimal("4.00"))


def test_no_surcharge_adds_no_line():
    assert charge_on(net("10.00"), Decimal("0.00"), percent=TEN, mode=EXCLUSIVE) == NO_CHARGE


def test_a_surcharge_of_its_own_comes_to_what_its_lines_come_to():
    charge = lone_charge(net("100.02"), Decimal("2.23"), percent=TEN, mode=EXCLUSIVE)
    assert charge == Charge((PricedLine(Decimal("2.03")),), Decimal("2.23"))


def test_over_several_invoices_it_is_split_by_allocation_and_the_last_takes_the_cents():
    assert shares_of(Decimal("10.00"), [Decimal("33.33"), Decimal("33.33"), Decimal("33.33")]) == [
        Decimal("3.33"),
        Decimal("3.33"),
        Decimal("3.34"),
    ]


def test_a_rule_outside_its_dates_adds_nothing_and_says_why():
    rules = [MASTERCARD]
    assert rule_on(rules, AFTER) is None
    assert surcharge_on(Decimal("100.00"), rule_on(rules, AFTER)) == Decimal("0.00")
    assert why("Mastercard", rules, amount=Decimal(100), day=AFTER) == (
        "Mastercard: the surcharge of 1.75 % + $0.30 ended on 30 September 2026; nothing is added."
    )
    assert why("Mastercard", rules, amount=Decimal(100), day=BEFORE) == (
        "Mastercard: the surcharge of 1.75 % + $0.30 begins on 1 January 2026; nothing is added."
    )


def test_both_ends_of_a_rule_are_included():
    assert rule_on([MASTERCARD], date(2026, 1, 1)) == MASTERCARD
    assert rule_on([MASTERCARD], date(2026, 9, 30)) == MASTERCARD


def test_a_rule_in_force_says_how_it_came_about():
    assert why("Mastercard", [MASTERCARD], amount=Decimal("1734.70"), day=IN_FORCE) == (
        "Mastercard: 1.75 % + $0.30 on $1,734.70 is $30.36 + $0.30 = $30.66, tax included."
    )
    assert why("Mastercard", [MASTERCARD], amount=Decimal(0), day=IN_FORCE) == (
        "Nothing is added where no invoice is paid."
    )


def test_a_method_without_a_rule_says_so():
    assert why("Cash", [], amount=Decimal(5), day=IN_FORCE) == "Cash adds no surcharge."
    assert rule_on([Rule(Decimal(0), Decimal(0), date(2026, 1, 1))], IN_FORCE) is None


def test_a_rule_for_other_cards_adds_nothing_and_says_for_which():
    visa = Rule(Decimal("1.2"), Decimal("0.10"), date(2026, 1, 1), meant_for="Visa")
    older = Rule(Decimal(2), Decimal(0), date(2025, 1, 1), meant_for="Amex")
    assert rule_on([visa, older], IN_FORCE) is None
    assert why("Cards", [older, visa], amount=Decimal(100), day=IN_FORCE) == (
        "Cards: the surcharge of 1.2 % + $0.10 is for Visa; nothing is added."
    )
    assert why("Cards", [visa], amount=Decimal(100), day=BEFORE) == "Cards adds no surcharge."


def test_nothing_is_added_to_nothing():
    assert surcharge_on(Decimal("0.00"), MASTERCARD) == Decimal("0.00")


@given(
    st.lists(st.builds(PricedLine, amount=cents, is_taxed=st.booleans()), min_size=1, max_size=8),
    st.sampled_from([EXCLUSIVE, INCLUSIVE]),
)
def test_the_charge_is_the_change_in_total_within_a_cent_of_the_formula(entries, mode):
    before = invoice_totals(entries, percent=TEN, mode=mode).total
    surcharge = surcharge_on(before, MASTERCARD)
    charge = charge_on(entries, surcharge, percent=TEN, mode=mode)
    after = invoice_totals([*entries, *charge.lines], percent=TEN, mode=mode).total
    assert after - before == charge.amount
    assert abs(charge.amount - surcharge) <= Decimal("0.01")


@given(st.lists(cents, min_size=1, max_size=8), cents)
def test_no_cent_is_lost_in_splitting(allocations, surcharge):
    assert sum(shares_of(surcharge, allocations)) == surcharge
