"""Inventory > Supplies in the browser."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Supply
from tests.builders import a_supply, an_income_account


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


def _page(name, row):
    return reverse(name, args=[row.public_id])


TYPED = {
    "description": "Excavator hire, 2 t",
    "part_number": "EXC-2",
    "unit": "hour",
    "cost_price": "60",
    "sell_price": "$1,120.00",
    "is_taxed": "on",
}


def test_a_supply_gets_an_income_account_code_of_its_own(office, at_bright_spark):
    account = an_income_account(at_bright_spark, code="4300", name="Machine Hire")
    supply = a_supply(at_bright_spark)
    opened = office.get(_page("inventory:supply_edit", supply)).content.decode()
    assert "Income Account Code" in opened
    assert "4300 Machine Hire" in opened
    office.post(_page("inventory:supply_edit", supply), TYPED | {"income_account": account.pk})
    supply.refresh_from_db()
    assert (supply.income_account, supply.sell_price) == (account, Decimal(1120))
    page = office.get(reverse("inventory:supply_list")).content.decode()
    for text in ("4300 Machine Hire", "Excavator hire, 2 t", "1,120.00", "before tax"):
        assert text in page, text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"description": ""}, "This field is required"),
        ({"description": "x" * 501}, "at most 500 characters"),
        ({"part_number": "gpo-2"}, "Another supply has this part number."),
        ({"sell_price": "-1"}, "A price is zero or more."),
        ({"sell_price": "1.23456"}, "no more than 4 decimal places"),
        ({"cost_price": "cheap"}, "Type a number"),
    ],
)
def test_a_supply_that_cannot_be_is_refused(office, at_bright_spark, typed, said):
    a_supply(at_bright_spark, part_number="GPO-2")
    answer = office.post(reverse("inventory:supply_new"), TYPED | {"unit": "kept"} | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "kept" in answer.content.decode()
    assert Supply.objects.owned_by(at_bright_spark).count() == 1


def test_a_supply_is_added_archived_and_restored(office, at_bright_spark):
    office.post(reverse("inventory:supply_new"), TYPED)
    supply = Supply.objects.owned_by(at_bright_spark).get()
    listed = reverse("inventory:supply_list")
    office.post(_page("inventory:supply_archive", supply))
    assert 'title="Excavator' not in office.get(listed).content.decode()
    assert 'title="Excavator' in office.get(listed, {"show": "archived"}).content.decode()
    office.post(_page("inventory:supply_restore", supply))
    assert 'title="Excavator' in office.get(listed, {"q": "exc"}).content.decode()
