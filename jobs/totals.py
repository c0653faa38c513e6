"""What an expense comes to, and what the customer is charged for it. Pure; rounds only through
money.
"""

from dataclasses import dataclass
from decimal import Decimal

from ascora.common.money import line_amount, percent_of, tax_within, to_places

_HUNDRED = Decimal(100)
_PRICE_PLACES = 4


@dataclass(frozen=True, slots=True)
class Cost:
    """What something cost: net + tax = total."""

    net: Decimal
    tax: Decimal
    total: Decimal


def cost_of(
    quantity: Decimal, unit_cost: Decimal, *, includes_tax: bool, is_taxed: bool, percent: Decimal
) -> Cost:
    """Quantity times unit cost, before tax or with the tax inside: 60.00 with 10 % inside is
    54.55 + 5.45.
    """
    amount = line_amount(quantity, unit_cost)
    rate = percent if is_taxed else Decimal(0)
    if includes_tax:
        tax = tax_within(amount, rate)
        return Cost(amount - tax, tax, amount)
    tax = percent_of(amount, rate)
    return Cost(amount, tax, amount + tax)


def charge_for(net: Decimal, markup: Decimal) -> Decimal:
    """What the customer is charged before tax: the net cost and the markup in per cent on it."""
    return net + percent_of(net, markup)


def charged_parts(quantity: Decimal, charge: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and unit price that come to the charge exactly; one piece where they cannot."""
    price = to_places(charge / quantity, _PRICE_PLACES)
    if line_amount(quantity, price) == charge:
        return quantity, price
    return Decimal(1), charge
