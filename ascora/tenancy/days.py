"""Days that a person can have meant."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for

OLDEST_DAY = date(2000, 1, 1)
FURTHEST_AHEAD = timedelta(days=366)


def sensible_day(organization: Organization, day: date) -> date:
    """The day, unless its year must be a slip."""
    if not OLDEST_DAY <= day <= today_for(organization) + FURTHEST_AHEAD:
        raise ValidationError("Check the year of this date.")
    return day


def _closed_until(organization: Organization, day: date) -> date | None:
    """The last closed day, if this one is closed."""
    closed_until: date | None = import_string(settings.BOOKS_CLOSED_UNTIL_SOURCE)(organization)
    return closed_until if closed_until is not None and day <= closed_until else None


def closed_warning(organization: Organization, day: date) -> str:
    """Said before a document of this day is voided, after other words; empty in an open month."""
    closed_until = _closed_until(organization, day)
    if closed_until is None:
        return ""
    return (
        f" Careful: your books are closed until {closed_until:%-d %b %Y}. They do not follow until"
        " the period is opened there."
    )


def note_on_first_day(organization: Organization) -> str:
    """Said beside the date of a document that is about to be final: which days the books take."""
    first: date | None = import_string(settings.BOOKS_BEGIN_ON_SOURCE)(organization)
    if first is None:
        return ""
    return f"Dated before {first:%-d %b %Y} it stays here: your books take documents from then on."


def why_closed(organization: Organization, day: date) -> str:
    """Why the books take no document of this day, and what can be done; empty when they do."""
    closed_until = _closed_until(organization, day)
    if closed_until is None:
        return ""
    return (
        f"The books are closed until {closed_until:%-d %b %Y}. Choose a later date, or open the"
        " period in your books and press Refresh Chart of Accounts."
    )
