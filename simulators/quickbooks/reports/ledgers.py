"""Sums out of the journal: what accounts moved in a period, and what they stood at on a day."""

from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.lists import ACCOUNT_TYPES, BALANCE_SHEET
from simulators.quickbooks.reports.tables import Document

ORDER = list(ACCOUNT_TYPES)
FIRST = "0001-01-01"


def accounts(books: Books) -> list[Document]:
    """Every account as reports list them: by type, then by number and name."""
    rows = books.live_rows("Account")
    return sorted(rows, key=lambda each: (ORDER.index(each["AccountType"]), label(books, each)))


def label(books: Books, account: Document) -> str:
    """How a report names an account."""
    shown = books.facts.get("account_numbers", True)
    number = account.get("AcctNum", "") if shown else ""
    return f"{number} {account['Name']}".strip()


def natural(account: Document) -> int:
    """1 where a debit is more of it, -1 where a credit is."""
    return 1 if account["Classification"] in ("Asset", "Expense") else -1


def is_lasting(account: Document) -> bool:
    """Whether its balance outlives the year."""
    return account["Classification"] in BALANCE_SHEET


def movements(
    books: Books, start: str, end: str, *, customer: str = ""
) -> dict[tuple[str, str], int]:
    """Cents per account and customer in a period, debit positive."""
    rows = books.store.rows(
        "SELECT j.account_id, coalesce(o.customer_id, '') AS who, sum(j.cents) AS cents "
        "FROM journal j LEFT JOIN objects o ON o.realm = j.realm AND o.entity = j.document_kind "
        "AND o.id = j.document_id WHERE j.realm = ? AND j.superseded = 0 "
        "AND j.date BETWEEN ? AND ? GROUP BY j.account_id, who",
        books.realm,
        start,
        end,
    )
    found = {(row["account_id"], row["who"]): int(row["cents"]) for row in rows}
    return {key: cents for key, cents in found.items() if customer in ("", key[1])}


def by_account(moved: dict[tuple[str, str], int]) -> dict[str, int]:
    """The same without the customers."""
    sums: dict[str, int] = {}
    for (account, _who), cents in moved.items():
        sums[account] = sums.get(account, 0) + cents
    return sums


def year_of(books: Books, day: str) -> str:
    """The first day of the fiscal year of a day."""
    month = "01" if books.is_us else "07"
    year = int(day[:4]) - (day[5:7] < month)
    return f"{year:04d}-{month}-01"


def balances_on(books: Books, day: str, year: str = "") -> dict[str, int]:
    """Balances at the end of a day; profit from before the year lies in retained earnings."""
    year = year or year_of(books, day)
    everything = by_account(movements(books, FIRST, day))
    this_year = by_account(movements(books, year, day))
    retained = books.account_of_subtype("RetainedEarnings")
    sums: dict[str, int] = {retained: 0}
    for account in books.live_rows("Account"):
        own = account["Id"]
        if is_lasting(account):
            sums[own] = sums.get(own, 0) + everything.get(own, 0)
            continue
        sums[own] = this_year.get(own, 0)
        sums[retained] += everything.get(own, 0) - this_year.get(own, 0)
    return sums
