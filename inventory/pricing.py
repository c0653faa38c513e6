"""Prices before tax. Pure."""

from decimal import Decimal

from ascora.common.money import to_places

_HUNDRED = Decimal(100)


def price_before_tax(
    price: Decimal, *, includes_tax: bool, is_taxed: bool, percent: Decimal
) -> Decimal:
    """The unit price before tax, to four places: 60.00 with 10 % inside is 54.5455.

    A supply that is not taxed holds no tax, whatever its price is said to include.
    """
    if not (includes_tax and is_taxed):
        return price
    return to_places(price * _HUNDRED / (_HUNDRED + percent), 4)
