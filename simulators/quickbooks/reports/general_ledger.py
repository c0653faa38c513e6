"""GeneralLedger: for each account where it began, what moved it, and where it stood then."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulators.quickbooks.books import Books
from simulators.quickbooks.reports.ledgers import (
    accounts,
    balances_on,
    label,
    natural,
    year_of,
)
from simulators.quickbooks.reports.tables import (
    Document,
    Period,
    cell,
    columns,
    data,
    header,
    money_cell,
    period_of,
)
from simulators.quickbooks.serialise import read

COLUMNS = (
    ("Date", "tx_date", ""),
    ("Transaction Type", "txn_type", ""),
    ("Num", "doc_num", ""),
    ("Name", "name", ""),
    ("Memo/Description", "memo", ""),
    ("Split", "split_acc", ""),
    ("Amount", "subt_nat_amount", ""),
    ("Balance", "rbal_nat_amount", ""),
)
LABELS = {
    "BillPayment": "Bill Payment (Check)",
    "CreditMemo": "Credit Memo",
    "JournalEntry": "Journal Entry",
    "Purchase": "Expense",
    "RefundReceipt": "Refund",
    "SalesReceipt": "Sales Receipt",
    "VendorCredit": "Vendor Credit",
}
SPLIT = ("-Split-", "")


@dataclass
class Ledger:
    """The rows of a period, and the names they are told with."""

    books: Books
    period: Period
    names: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[sqlite3.Row]] = field(default_factory=dict)
    entries: dict[tuple[str, str], list[sqlite3.Row]] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.books.store.rows(
            "SELECT j.*, o.body FROM journal j JOIN objects o ON o.realm = j.realm "
            "AND o.entity = j.document_kind AND o.id = j.document_id WHERE j.realm = ? "
            "AND j.superseded = 0 AND j.date BETWEEN ? AND ? ORDER BY j.date, j.sequence",
            self.books.realm,
            self.period.start,
            self.period.end,
        )
        for row in found:
            key = (row["document_kind"], row["document_id"])
            self.rows.setdefault(row["account_id"], []).append(row)
            self.entries.setdefault(key, []).append(row)
            self.documents.setdefault(key, read(row["body"]))

    def split(self, row: sqlite3.Row) -> tuple[str, str]:
        """The other side of a row: the account that stands against it, or several."""
        entry = self.entries[row["document_kind"], row["document_id"]]
        main = entry[0]["account_id"]
        others = {each["account_id"] for each in entry} - {main}
        other = main if row["account_id"] != main else min(others) if len(others) == 1 else ""
        return (self.names[other], other) if other else SPLIT

    def line(self, row: sqlite3.Row, sign: int, balance: int) -> Document:
        """One movement of an account."""
        kind, identifier = row["document_kind"], row["document_id"]
        document = self.documents[kind, identifier]
        who = document.get("CustomerRef") or document.get("VendorRef") or {}
        who = who or document.get("EntityRef") or {}
        first = row["sequence"] == self.entries[kind, identifier][0]["sequence"]
        return data(
            cell(row["date"]),
            cell(LABELS.get(kind, kind), identifier),
            cell(document.get("DocNumber", "")),
            cell(who.get("name", ""), who.get("value", "")),
            cell(document.get("PrivateNote", "") if first else row["memo"]),
            cell(*self.split(row)),
            money_cell(sign * row["cents"], blank=False),
            money_cell(balance, blank=False),
        )


def general_ledger(books: Books, asked: Mapping[str, str]) -> Document:
    """Every account that began with something or moved."""
    period = period_of(books, asked)
    ledger = Ledger(books, period)
    everything = accounts(books)
    ledger.names = {each["Id"]: label(books, each) for each in everything}
    begun = _beginnings(books, period)
    below: dict[str, list[Document]] = {}
    for account in everything:
        below.setdefault(account.get("ParentRef", {}).get("value", ""), []).append(account)
    rows = [_section(ledger, each, begun, below) for each in below.get("", [])]
    shown = [row for row in rows if row]
    return {
        "Header": header(books, "GeneralLedger", period, empty=not shown),
        "Columns": columns(*COLUMNS),
        "Rows": {"Row": shown},
    }


def _beginnings(books: Books, period: Period) -> dict[str, int]:
    """Balances before the period; income and expense count from the start of its year."""
    before = date.fromisoformat(period.start) - timedelta(days=1)
    return balances_on(books, before.isoformat(), year_of(books, period.start))


def _section(
    ledger: Ledger, account: Document, begun: dict[str, int], below: dict[str, list[Document]]
) -> Document:
    sign, own = natural(account), account["Id"]
    balance = sign * begun.get(own, 0)
    rows: list[Document] = []
    blanks = [cell("")] * (len(COLUMNS) - 2)
    if balance:
        rows.append(data(cell("Beginning Balance"), *blanks, money_cell(balance)))
    moved = 0
    for row in ledger.rows.get(own, []):
        moved += sign * row["cents"]
        rows.append(ledger.line(row, sign, balance + moved))
    inner = [_section(ledger, each, begun, below) for each in below.get(own, [])]
    rows.extend(each for each in inner if each)
    if not rows:
        return {}
    name = ledger.names[own]
    tail = [cell(""), *blanks]
    shown = money_cell(moved)
    return {
        "Header": {"ColData": [cell(name) if account["SubAccount"] else cell(name, own), *tail]},
        "Rows": {"Row": rows},
        "Summary": {"ColData": [cell(f"Total for {name}"), *blanks[:-1], shown, cell("")]},
        "type": "Section",
    }
