"""What the forms of this app check alike: numbers above nothing."""

from decimal import Decimal

from django.core.exceptions import ValidationError


def more_than_nothing(number: Decimal, what: str) -> Decimal:
    """The number, if it is more than zero."""
    if number <= 0:
        raise ValidationError(f"{what} must be more than zero.")
    return number


def not_negative(price: Decimal) -> Decimal:
    """The price, if it is zero or more."""
    if price < 0:
        raise ValidationError("A rate is zero or more.")
    return price
