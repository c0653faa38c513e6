"""TrialBalance: every account that stands at something, as a debit or a credit."""

from collections.abc import Mapping

from simulators.quickbooks.books import Books
from simulators.quickbooks.reports.ledgers import accounts, balances_on, label
from simulators.quickbooks.reports.tables import (
    Document,
    cell,
    columns,
    header,
    money_cell,
    period_of,
    total,
)


def trial_balance(books: Books, asked: Mapping[str, str]) -> Document:
    """Debits and credits at the end of the period."""
    period = period_of(books, asked)
    balances = balances_on(books, period.end)
    rows: list[Document] = []
    debit = credit = 0
    for account in accounts(books):
        cents = balances.get(account["Id"], 0)
        if not cents:
            continue
        debit, credit = debit + max(cents, 0), credit + max(-cents, 0)
        named = cell(label(books, account), account["Id"])
        rows.append({"ColData": [named, money_cell(max(cents, 0)), money_cell(max(-cents, 0))]})
    sums = (money_cell(debit, blank=False), money_cell(credit, blank=False))
    rows.append(total("GrandTotal", cell("TOTAL"), *sums))
    return {
        "Header": header(
            books, "TrialBalance", period, empty=len(rows) == 1, SummarizeColumnsBy="Total"
        ),
        "Columns": columns(("", "Account", ""), ("Debit", "Money", ""), ("Credit", "Money", "")),
        "Rows": {"Row": rows},
    }
