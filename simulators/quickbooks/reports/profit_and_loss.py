"""ProfitAndLoss: income less what it cost, in a period, in one column or one per customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.reports.ledgers import accounts, label, movements
from simulators.quickbooks.reports.tables import (
    Document,
    cell,
    columns,
    data,
    header,
    money_cell,
    period_of,
    total,
)

STANDARD = {"Name": "AccountingStandard", "Value": "GAAP"}
KINDS = ("Revenue", "Expense")
Amounts = list[int]


@dataclass
class Sheet:
    """What the sections of the report are made of."""

    books: Books
    moved: dict[tuple[str, str], int]
    keys: list[str] = field(default_factory=list)

    def amounts(self, account: str, sign: int) -> Amounts:
        """What an account comes to in each column; the last one is the total."""
        found = [sign * self.moved.get((account, key), 0) for key in self.keys]
        everything = sign * sum(
            cents for (own, _who), cents in self.moved.items() if own == account
        )
        return [*found, everything]

    def section(self, title: str, group: str, kind: str, sign: int) -> tuple[Document, Amounts]:
        """The accounts of a type with their sum."""
        sums = [0] * (len(self.keys) + 1)
        rows = []
        for account in accounts(self.books):
            amounts = self.amounts(account["Id"], sign)
            if account["AccountType"] != kind or not any(amounts):
                continue
            sums = _added(sums, amounts)
            named = cell(label(self.books, account), account["Id"])
            rows.append(data(named, *map(money_cell, amounts)))
        head = {"ColData": [cell(title), *[cell("") for _each in sums]]}
        inside: Document = {"Rows": {"Row": rows}} if rows else {}
        row = {"Header": head, **inside, **self.sum(f"Total {title}", group, sums)}
        return row, sums

    def sum(self, title: str, group: str, amounts: Amounts) -> Document:
        """A line that sums up; without anything in the report its cells are empty."""
        shown = [money_cell(each, blank=not self.moved) for each in amounts]
        return total(group, cell(title), *shown)


def _added(left: Amounts, right: Amounts, sign: int = 1) -> Amounts:
    return [one + sign * other for one, other in zip(left, right, strict=True)]


def profit_and_loss(books: Books, asked: Mapping[str, str]) -> Document:
    """Income, cost of goods sold, expenses, and what is left."""
    period = period_of(books, asked, of_year=True)
    customer, by = asked.get("customer", ""), asked.get("summarize_column_by", "Total")
    if by not in ("Total", "Customers"):
        raise faults.business(f"The simulator does not summarise by {by}.")
    earning = {each["Id"] for each in accounts(books) if each["Classification"] in KINDS}
    found = movements(books, period.start, period.end, customer=customer)
    moved = {key: cents for key, cents in found.items() if key[0] in earning and cents}
    keys = sorted({who for _account, who in moved}) if by == "Customers" else []
    sheet = Sheet(books, moved, keys)
    names = [(_name(books, each), "Money", each) for each in keys]
    return {
        "Header": header(
            books,
            "ProfitAndLoss",
            period,
            empty=not moved,
            options=[STANDARD],
            customer=customer,
            SummarizeColumnsBy=by,
        ),
        "Columns": columns(
            ("", "Account", "account"),
            *names,
            ("TOTAL" if by == "Customers" else "Total", "Money", "total"),
        ),
        "Rows": {"Row": _rows(sheet)},
    }


def _name(books: Books, customer: str) -> str:
    found = books.find("Customer", customer) or {}
    return str(found.get("DisplayName", "Not Specified"))


def _rows(sheet: Sheet) -> list[Document]:
    income, earned = sheet.section("Income", "Income", "Income", -1)
    cost, spent = sheet.section("Cost of Goods Sold", "COGS", "Cost of Goods Sold", 1)
    expenses, running = sheet.section("Expenses", "Expenses", "Expense", 1)
    gross = _added(earned, spent, -1)
    operating = _added(gross, running, -1)
    rows = [income, *([cost] if "Rows" in cost else [])]
    rows.append(sheet.sum("Gross Profit", "GrossProfit", gross))
    rows.append(expenses)
    rows.append(sheet.sum("Net Operating Income", "NetOperatingIncome", operating))
    other, more = sheet.section("Other Income", "OtherIncome", "Other Income", -1)
    loss, less = sheet.section("Other Expenses", "OtherExpenses", "Other Expense", 1)
    net = _added(more, less, -1)
    if "Rows" in other or "Rows" in loss:
        rows += [each for each in (other, loss) if "Rows" in each]
        rows.append(sheet.sum("Net Other Income", "NetOtherIncome", net))
    rows.append(sheet.sum("Net Income", "NetIncome", _added(operating, net)))
    return rows
