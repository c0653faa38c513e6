"""Long lists read a page at a time by key, so that the last page costs what the first does."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from simulators.quickbooks.books import Books
from simulators.quickbooks.pages.desk import read_row
from simulators.quickbooks.serialise import read
from simulators.quickbooks.store import Document

LENGTH = 50
MOST_COUNTED = 1000
BANK = "Bank"
CURRENT = "Other Current Asset"


@dataclass(frozen=True)
class Shelf:
    """Which objects, in which order: by id falling, or by name rising."""

    entity: str
    status: str = "live"
    where: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    by_name: bool = False

    @property
    def key(self) -> str:
        """The column that orders the shelf."""
        return "name_key" if self.by_name else "number"


@dataclass(frozen=True)
class Slice:
    """One page of a shelf, with the addresses of its neighbours."""

    documents: list[Document]
    count: str
    before: str = ""
    after: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)


def slice_of(books: Books, shelf: Shelf, asked: Mapping[str, str], *keep: str) -> Slice:
    """The page that `after` or `before` asks for, or the first one."""
    back = "before" in asked
    edge: Any = asked.get("before" if back else "after", "")
    rising = shelf.by_name is not back
    if not shelf.by_name and not edge.isdigit():
        edge = ""
    rows = _rows(books, shelf, edge if shelf.by_name or not edge else int(edge), rising=rising)
    more, rows = len(rows) > LENGTH, rows[:LENGTH]
    if back:
        rows.reverse()
    kept = {name: asked[name] for name in keep if asked.get(name)}
    neighbours = {}
    if rows and (more if back else edge):
        neighbours["before"] = "?" + urlencode({**kept, "before": rows[0][shelf.key]})
    if rows and (back or more):
        neighbours["after"] = "?" + urlencode({**kept, "after": rows[-1][shelf.key]})
    return Slice([read_row(row) for row in rows], _count(books, shelf), kept=kept, **neighbours)


def _conditions(books: Books, shelf: Shelf) -> tuple[str, list[Any]]:
    parts = ("realm = ?", "entity = ?", "status = ?", *shelf.where)
    return " AND ".join(parts), [books.realm, shelf.entity, shelf.status, *shelf.values]


def _rows(books: Books, shelf: Shelf, edge: Any, *, rising: bool) -> list[sqlite3.Row]:
    where, values = _conditions(books, shelf)
    key = shelf.key
    if edge != "":
        where += f" AND {key} {'>' if rising else '<'} ?"
        values.append(edge)
    statement = (
        f"SELECT {key}, status, coalesce(last_body, body) AS body FROM objects WHERE {where} "  # noqa: S608
        f"ORDER BY {key} {'ASC' if rising else 'DESC'} LIMIT {LENGTH + 1}"
    )
    return books.store.rows(statement, *values)


def _count(books: Books, shelf: Shelf) -> str:
    where, values = _conditions(books, shelf)
    inner = f"SELECT 1 FROM objects WHERE {where} LIMIT {MOST_COUNTED + 1}"  # noqa: S608
    row = books.store.row(f"SELECT count(*) AS n FROM ({inner})", *values)  # noqa: S608
    number = row["n"] if row else 0
    return f"more than {MOST_COUNTED:,}" if number > MOST_COUNTED else f"{number:,}"


def account_names(books: Books) -> dict[str, str]:
    """Number and name of every account, by id."""
    return {
        account["Id"]: f"{account.get('AcctNum', '')} {account['FullyQualifiedName']}".strip()
        for account in books.live_rows("Account")
    }


def places_for_money(books: Books, *, bank_only: bool = False) -> list[Document]:
    """The accounts that a payment can be received into; the bank accounts first."""
    kinds = (BANK,) if bank_only else (BANK, CURRENT)
    rows = [
        account
        for account in books.live_rows("Account")
        if account["AccountType"] in kinds and account["Active"]
    ]
    rows.sort(key=lambda each: (kinds.index(each["AccountType"]), each.get("AcctNum", "")))
    return rows


def journal_of(books: Books, kind: str, identifier: str) -> list[Document]:
    """The journal rows of a document, superseded ones too, with the names of their accounts."""
    rows = books.store.rows(
        "SELECT * FROM journal WHERE realm = ? AND document_kind = ? AND document_id = ? "
        "ORDER BY sequence",
        books.realm,
        kind,
        identifier,
    )
    names, codes = account_names(books), tax_names(books)
    return [
        {
            **dict(row),
            "account": names.get(row["account_id"], row["account_id"]),
            "tax": codes.get(row["tax_code"] or "", row["tax_code"] or ""),
        }
        for row in rows
    ]


def tax_names(books: Books) -> dict[str, str]:
    """The name of every tax code, by id."""
    return {code["Id"]: code["Name"] for code in books.live_rows("TaxCode")}


def of_customer(books: Books, kind: str, customer: str, most: int) -> list[Document]:
    """The newest documents of a customer."""
    rows = books.store.rows(
        "SELECT body FROM objects INDEXED BY objects_customer WHERE realm = ? AND entity = ? "
        "AND customer_id = ? AND status = 'live' ORDER BY number DESC LIMIT ?",
        books.realm,
        kind,
        customer,
        most,
    )
    return [read(row["body"]) for row in rows]
