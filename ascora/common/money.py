"""Money as exact decimals. The only module that rounds (half up); pure, knows no framework."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
_HUNDRED = Decimal(100)


def to_cents(amount: Decimal) -> Decimal:
    """The amount rounded half up (away from zero) to two places, as QuickBooks rounds."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_places(amount: Decimal, places: int) -> Decimal:
    """The amount rounded half up to `places` decimals (quantities and unit prices have four)."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_step(amount: Decimal, step: Decimal) -> Decimal:
    """The amount rounded half up to a multiple of `step`: what can be paid in coins."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, with two places even when there is nothing to add."""
    return sum(amounts, ZERO)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Quantity times unit price in whole cents (QuickBooks refuses a line where this differs: fault
    6070).
    """
    return to_cents(quantity * unit_price)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` per cent of the amount, in whole cents."""
    return to_cents(amount * percent / _HUNDRED)


def tax_within(gross: Decimal, percent: Decimal) -> Decimal:
    """The tax contained in a tax-inclusive amount: gross x rate / (1 + rate), in whole cents."""
    return to_cents(gross * percent / (_HUNDRED + percent))


def net_of(gross: Decimal, percent: Decimal) -> Decimal:
    """The amount before tax of a tax-inclusive amount: gross / (1 + rate), in whole cents."""
    return to_cents(gross * _HUNDRED / (_HUNDRED + percent))


def split_by(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The amount split in proportion to the weights, in whole cents; the last share takes what is
    left.

    Weights are not negative. When they add up to nothing the last share takes everything.
    """
    whole = total_of(weights)
    shares = [to_cents(amount * weight / whole) if whole else ZERO for weight in weights[:-1]]
    return [*shares, amount - total_of(shares)] if weights else []
