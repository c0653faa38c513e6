"""The frame of every report: its period, its header, and cells of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.serialise import amount_text

Document = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """From one day to another, and how QuickBooks calls it when nobody named the days."""

    start: str
    end: str
    macro: str = ""

    def header(self) -> Document:
        """The period as a header tells it."""
        named = {"DateMacro": self.macro} if self.macro else {}
        return {**named, "StartPeriod": self.start, "EndPeriod": self.end}


def period_of(books: Books, asked: Mapping[str, str], *, of_year: bool = False) -> Period:
    """The days asked for; without any, this month, or this year where that is usual."""
    if asked.get("accounting_method", "Accrual").lower() != "accrual":
        raise faults.business("The simulator keeps its reports on the accrual basis only.")
    today = books.today()
    first = today[:5] + "01-01" if of_year else today[:8] + "01"
    usual = "this calendar year-to-date" if of_year else "this month-to-date"
    start, end = asked.get("start_date", ""), asked.get("end_date", "")
    if not start and not end:
        return Period(first, today, usual)
    start, end = day_of("start_date", start or first), day_of("end_date", end or today)
    if start > end:
        raise faults.business("The start of the period lies behind its end.")
    return Period(start, end)


def day_of(name: str, text: str) -> str:
    """A day as it was written; 2060 where it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise faults.Fault(faults.malformed("2060", "date format", name, text)) from error


def header(books: Books, name: str, period: Period, *, empty: bool, **more: Any) -> Document:
    """The head of a report."""
    options = [*more.pop("options", []), {"Name": "NoReportData", "Value": str(empty).lower()}]
    customer = more.pop("customer", "")
    period_keys = period.header()
    macro = {"DateMacro": period_keys.pop("DateMacro")} if period.macro else {}
    return {
        "Time": stamp(books.moment),
        "ReportName": name,
        **macro,
        "ReportBasis": "Accrual",
        **period_keys,
        **more,
        "Currency": books.currency()["value"],
        **({"Customer": customer} if customer else {}),
        "Option": options,
    }


def cell(value: str, identifier: str | None = None) -> Document:
    """One cell; those that name something carry its id."""
    return {"value": value} if identifier is None else {"value": value, "id": identifier}


def money_cell(cents: int, *, blank: bool = True) -> Document:
    """An amount as text; nothing is an empty cell."""
    return cell("" if blank and not cents else amount_text(cents))


def columns(*named: tuple[str, str, str]) -> Document:
    """Columns of a title, a type and a key."""
    return {
        "Column": [
            {
                "ColTitle": title,
                "ColType": kind,
                **({"MetaData": [{"Name": "ColKey", "Value": key}]} if key else {}),
            }
            for title, kind, key in named
        ]
    }


def data(*cells: Document) -> Document:
    """A row of cells."""
    return {"ColData": list(cells), "type": "Data"}


def total(group: str, *cells: Document) -> Document:
    """A row that sums up."""
    return {"Summary": {"ColData": list(cells)}, "type": "Section", "group": group}
