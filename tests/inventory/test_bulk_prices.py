"""Prices in bulk: shown first, then exactly those are set."""

from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.history.selectors import told_changes_for
from inventory.pricing import Basis, price_in_bulk
from inventory.services import Wish, change_prices, change_supply, price_changes_for
from tests.builders import a_supply

D = Decimal
TEN_PER_CENT = Wish("", Basis.SELL_PRICE, D(10), D("0.05"))


@pytest.fixture
def tape(at_bright_spark):
    return a_supply(at_bright_spark, description="Tape", cost_price=D(2), sell_price=D("3.33"))


@pytest.fixture
def rope(at_bright_spark):
    return a_supply(at_bright_spark, description="Rope", cost_price=D(0), sell_price=D(10))


@pytest.mark.parametrize(
    ("basis", "percent", "step", "price"),
    [
        (Basis.SELL_PRICE, "10", "0.01", "3.66"),
        (Basis.SELL_PRICE, "10", "0.05", "3.65"),
        (Basis.SELL_PRICE, "-50", "0.01", "1.67"),
        (Basis.COST_PRICE, "40", "0.01", "2.80"),
        (Basis.COST_PRICE, "25", "1", "3"),
    ],
)
def test_a_price_is_worked_out_and_rounded_half_up(basis, percent, step, price):
    found = price_in_bulk(basis, D(percent), D(step), cost=D(2), sell_price=D("3.33"))
    assert found == D(price)


def test_without_its_basis_a_price_stays():
    assert price_in_bulk(Basis.COST_PRICE, D(40), D("0.01"), cost=D(0), sell_price=D(7)) == 7


def fresh(supply):
    supply.refresh_from_db()
    return supply.sell_price


def test_showing_changes_nothing_and_the_search_narrows(at_bright_spark, tape, rope):
    found = price_changes_for(organization=at_bright_spark, wish=TEN_PER_CENT)
    assert [(each.supply, each.price) for each in found] == [(rope, D(11)), (tape, D("3.65"))]
    only = Wish("tap", Basis.SELL_PRICE, D(10), D("0.05"))
    found = price_changes_for(organization=at_bright_spark, wish=only)
    assert [each.supply for each in found] == [tape]
    assert (fresh(tape), fresh(rope)) == (D("3.33"), D(10))


def test_exactly_what_was_shown_is_set_and_written_down(at_bright_spark, tape, rope, otto):
    shown = [(tape.pk, D("3.65")), (rope.pk, D(11))]
    change_supply(supply=rope, by=None, sell_price=D(20))
    count = change_prices(organization=at_bright_spark, wish=TEN_PER_CENT, shown=shown, by=otto)
    assert (count, fresh(tape), fresh(rope)) == (1, D("3.65"), D(20))
    (told,) = told_changes_for(tape)
    assert (told.change.before, told.change.after, told.who) == ("3.3300", "3.65", str(otto))


def test_the_screen_shows_and_then_sets(client_of, otto, bright_spark, at_bright_spark, tape):
    office = client_of(otto)
    address = reverse("inventory:supply_prices")
    wish = {"found_by": "", "basis": "sell_price", "percent": "10", "step": "0.05"}
    page = office.post(address, wish)
    assert "1 price would change" in page.content.decode()
    assert fresh(tape) == D("3.33")
    office.post(address, wish | {"set": "yes", "shown": page.context["shown"]})
    assert fresh(tape) == D("3.65")


@pytest.mark.parametrize("percent", ["", "abc", "-100", "1e9", "1.234"])
def test_a_wrong_percentage_is_told_and_what_was_typed_is_kept(client_of, otto, tape, percent):
    wish = {"found_by": "tape", "basis": "sell_price", "percent": percent, "step": "0.05"}
    page = client_of(otto).post(reverse("inventory:supply_prices"), wish | {"set": "yes"})
    assert page.status_code == 200
    assert page.context["form"].errors["percent"]
    assert 'value="tape"' in page.content.decode()
    assert fresh(tape) == D("3.33")
