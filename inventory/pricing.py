"""Prices before tax. Pure."""

from decimal import Decimal
from enum import StrEnum

from ascora.common.money import to_places, to_step

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


class NewPrice(StrEnum):
    """What becomes of the sell price when the cost price changed."""

    KEEP_MARKUP = "keep_markup"
    KEEP_SELL_PRICE = "keep_sell_price"
    USE_THE_HIGHER = "use_the_higher"


def sell_price_for(
    rule: NewPrice, *, old_cost: Decimal, new_cost: Decimal, sell_price: Decimal
) -> Decimal:
    """The sell price under this rule, to four places. Without an old cost there is no markup to
    keep; the higher one never falls.
    """
    if rule == NewPrice.KEEP_SELL_PRICE or not old_cost:
        return sell_price
    marked_up = to_places(sell_price * new_cost / old_cost, 4)
    return marked_up if rule == NewPrice.KEEP_MARKUP else max(sell_price, marked_up)


class Basis(StrEnum):
    """What a price of many supplies is worked out from."""

    SELL_PRICE = "sell_price"
    COST_PRICE = "cost_price"


def price_in_bulk(
    basis: Basis, percent: Decimal, step: Decimal, *, cost: Decimal, sell_price: Decimal
) -> Decimal:
    """The new sell price: the present one, or the cost, and so many per cent (negative: less),
    rounded half up to whole steps. A supply without the basis keeps its price.
    """
    start = sell_price if basis == Basis.SELL_PRICE else cost
    if not start:
        return sell_price
    return to_step(start * (_HUNDRED + percent) / _HUNDRED, step)
