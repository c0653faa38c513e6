"""Which column fills which field, and what a cell means."""

from decimal import Decimal

import pytest

from integrations.file_imports.columns import Unusable, guessed, price, yes_or_no
from integrations.file_imports.kinds import KINDS


def test_columns_are_guessed_by_their_headings():
    fields = KINDS["supplies"].fields
    mapping = guessed(fields, ["SKU", "Item Name", "Cost (ex. tax)", "PRICE"], {})
    assert mapping == {"part_number": 0, "description": 1, "cost_price": 2, "sell_price": 3}


def test_a_heading_that_was_chosen_before_is_chosen_again():
    fields = KINDS["supplies"].fields
    mapping = guessed(fields, ["Code", "Zeug"], {"zeug": "description"})
    assert mapping == {"description": 1, "part_number": 0}


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ("12", "12"),
        (".5", "0.5"),
        ("0.0001", "0.0001"),
        ("1 200", "1200"),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell, amount):
    assert price(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell", ["abc", "1.234,50", "-3", "1e5", "NaN", "Infinity", "99999999999", "0.00001", "", "٣"]
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(Unusable):
        price(cell)


@pytest.mark.parametrize(("cell", "meant"), [("Yes", True), ("N", False), ("1", True)])
def test_yes_and_no_are_read(cell, meant):
    assert yes_or_no(cell) is meant


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(Unusable, match="neither yes nor no"):
        yes_or_no("perhaps")
