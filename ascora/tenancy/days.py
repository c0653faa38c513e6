"""Days that a person can have meant."""

from datetime import date, timedelta

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
