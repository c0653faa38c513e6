"""The double entry: each document owns balanced journal rows, replaced whenever it changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.quickbooks.serialise import amount_text

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

Document = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One side of an entry; debit is positive."""

    account: str
    cents: int
    tax_code: str | None = None
    memo: str = ""


class UnbalancedError(AssertionError):
    """A posting function made an entry that does not balance: a mistake in the simulator."""


def replace_rows(books: "Books", kind: str, document: Document, rows: list[Row]) -> None:
    """Mark the document's present rows as superseded and write the new ones."""
    if sum(row.cents for row in rows) != 0:
        raise UnbalancedError(f"{kind} {document['Id']}: {rows}")
    store, realm = books.store, books.realm
    store.execute(
        "UPDATE journal SET superseded = 1 WHERE realm = ? AND document_kind = ? "
        "AND document_id = ? AND superseded = 0",
        (realm, kind, document["Id"]),
    )
    for row in rows:
        if row.cents:
            store.execute(
                "INSERT INTO journal (realm, document_kind, document_id, account_id, cents, "
                "tax_code, date, memo) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    realm,
                    kind,
                    document["Id"],
                    row.account,
                    row.cents,
                    row.tax_code,
                    document.get("TxnDate", ""),
                    row.memo,
                ),
            )


def balances(books: "Books") -> dict[str, int]:
    """Debit-positive cents per account."""
    rows = books.store.rows(
        "SELECT account_id, sum(cents) AS cents FROM journal "
        "WHERE realm = ? AND superseded = 0 GROUP BY account_id",
        books.realm,
    )
    return {row["account_id"]: row["cents"] for row in rows}


def trial_balance(books: "Books") -> Document:
    """Every account with a movement or not, and the sum, which must be nothing."""
    amounts = balances(books)
    accounts = [
        {
            "id": account["Id"],
            "number": account.get("AcctNum", ""),
            "name": account["FullyQualifiedName"],
            "type": account["AccountType"],
            "balance": amount_text(amounts.get(account["Id"], 0)),
        }
        for account in books.live_rows("Account")
    ]
    accounts.sort(key=lambda account: (account["number"], account["name"]))
    return {"accounts": accounts, "total": amount_text(sum(amounts.values()))}


def journal(books: "Books", after: int, *, history: bool = False) -> list[Document]:
    """Journal rows in the order in which they were written."""
    rows = books.store.rows(
        "SELECT * FROM journal "
        "WHERE realm = ? AND sequence > ? AND superseded <= ? ORDER BY sequence",
        books.realm,
        after,
        int(history),
    )
    return [_journal_row(books, row) for row in rows]


def _journal_row(books: "Books", row: Any) -> Document:
    return {
        "sequence": row["sequence"],
        "document_kind": row["document_kind"],
        "document_id": row["document_id"],
        "account_id": row["account_id"],
        "number": books.account_number(row["account_id"]),
        "amount": amount_text(row["cents"]),
        "tax_code": row["tax_code"],
        "date": row["date"],
        "memo": row["memo"],
        "superseded": bool(row["superseded"]),
    }
