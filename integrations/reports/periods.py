"""The periods that a bookkeeper asks for, by the Australian financial year. Pure."""

from datetime import date, timedelta

from integrations.reports.tables import Period

_JULY = 7
_MONTHS = 12
_QUARTER = 3


def financial_year_of(day: date) -> Period:
    """July to June."""
    first = date(day.year if day.month >= _JULY else day.year - 1, _JULY, 1)
    return Period(first, date(first.year + 1, _JULY - 1, 30))


def month_of(day: date, *, back: int = 0) -> Period:
    """The calendar month of a day, or one that lies `back` months before."""
    return _months(day, back=back, long=1)


def quarter_of(day: date, *, back: int = 0) -> Period:
    """The calendar quarter of a day, or one that lies `back` quarters before."""
    first = day.replace(month=(day.month - 1) // _QUARTER * _QUARTER + 1, day=1)
    return _months(first, back=back * _QUARTER, long=_QUARTER)


def usual_periods(today: date) -> list[tuple[str, Period]]:
    """What is offered with one press."""
    year = financial_year_of(today)
    return [
        ("This month", month_of(today)),
        ("Last month", month_of(today, back=1)),
        ("This quarter", quarter_of(today)),
        ("Last quarter", quarter_of(today, back=1)),
        ("This financial year", year),
        ("Last financial year", financial_year_of(year.begins_on - timedelta(days=1))),
    ]


def _months(day: date, *, back: int, long: int) -> Period:
    begins = _first_of(day.year * _MONTHS + day.month - 1 - back)
    after = _first_of(begins.year * _MONTHS + begins.month - 1 + long)
    return Period(begins, after - timedelta(days=1))


def _first_of(months: int) -> date:
    year, month = divmod(months, _MONTHS)
    return date(year, month + 1, 1)
