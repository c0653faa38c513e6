"""Months: the last day of one. Pure."""

from calendar import monthrange
from datetime import date


def end_of_month(day: date) -> date:
    """The last day of that day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
