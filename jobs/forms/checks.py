"""What the forms of this app check alike: days that can be meant, numbers above nothing."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError

from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for

OLDEST_DAY = date(2000, 1, 1)
FURTHEST_AHEAD = timedelta(days=366)


def sensible_day(organization: Organization, day: date) -> date:
    """The day, unless its year must be a slip."""
    if not OLDEST_DAY <= day <= today_for(organization) + FURTHEST_AHEAD:
        raise ValidationError("Check the year of this date.")
    return day


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
