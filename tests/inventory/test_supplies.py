"""Supplies: part numbers, prices before tax."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from inventory.models import Supply
from inventory.pricing import price_before_tax
from inventory.selectors import net_price_for, supplies_matching
from inventory.services import archive_supply, change_supply, create_supply, restore_supply
from tests.builders import a_supply

TEN = Decimal(10)


def test_a_price_that_includes_tax_is_netted_to_four_places():
    net = price_before_tax(Decimal(60), includes_tax=True, is_taxed=True, percent=TEN)
    assert net == Decimal("54.5455")


@pytest.mark.parametrize(("includes_tax", "is_taxed"), [(False, True), (True, False)])
def test_a_price_without_tax_inside_is_left_alone(includes_tax, is_taxed):
    price = Decimal("60.1234")
    assert price == price_before_tax(
        price, includes_tax=includes_tax, is_taxed=is_taxed, percent=TEN
    )


def ten_per_cent(organization, day):
    return TEN


def test_the_net_price_uses_the_tax_of_the_day(at_bright_spark, settings):
    settings.TAX_PERCENT_SOURCE = "tests.inventory.test_supplies.ten_per_cent"
    supply = a_supply(at_bright_spark, sell_price=Decimal(60), sell_price_includes_tax=True)
    assert net_price_for(supply, date(2026, 5, 4)) == Decimal("54.5455")


def test_two_supplies_never_share_a_part_number_but_may_have_none(at_bright_spark, otto):
    a_supply(at_bright_spark, part_number="GPO-2")
    with pytest.raises(ValidationError, match="Another supply has this part number"):
        create_supply(organization=at_bright_spark, by=otto, description="x", part_number="GPO-2")
    a_supply(at_bright_spark, part_number="")
    a_supply(at_bright_spark, part_number="")
    assert Supply.objects.owned_by(at_bright_spark).count() == 3


def test_a_negative_price_is_refused_and_nothing_changes(at_bright_spark, otto):
    supply = a_supply(at_bright_spark)
    with pytest.raises(ValidationError):
        change_supply(supply=supply, by=otto, sell_price=Decimal(-1), description="changed")
    supply.refresh_from_db()
    assert supply.sell_price == Decimal("12.5")
    assert supply.description != "changed"


def test_an_archived_supply_is_not_offered_until_it_is_restored(at_bright_spark, otto):
    supply = a_supply(at_bright_spark, description="Downlight LED 10 W")
    archive_supply(supply=supply, by=otto)
    assert not supplies_matching(at_bright_spark, "down").exists()
    restore_supply(supply=supply, by=otto)
    assert list(supplies_matching(at_bright_spark, "led down")) == [supply]
