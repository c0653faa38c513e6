"""What journal entries and deposits put on a customer's or a vendor's account by hand."""

from typing import TYPE_CHECKING, Any

from simulators.quickbooks import faults
from simulators.quickbooks.serialise import cents, read

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

Document = dict[str, Any]
JOURNAL_LINE, DEPOSIT_LINE = "JournalEntryLineDetail", "DepositLineDetail"
CONTROLLED = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}


def entered(books: "Books", kind: str, identifier: str) -> int:
    """Debit less credit of all such lines for a name, and less what payments laid on them."""
    rows = books.store.rows(
        "SELECT id, entity, body FROM objects WHERE realm = ? "
        "AND entity IN ('JournalEntry', 'Deposit') AND status = 'live' AND instr(body, ?) > 0",
        books.realm,
        f'"value":"{identifier}"',
    )
    total = 0
    for row in rows:
        lines = [line for line in read(row["body"])["Line"] if line.get("DetailType")]
        own = [signed(line) for line in lines if _is_on(books, line, kind, identifier)]
        total += sum(own) - (books.applied_to(row["entity"], row["id"]) if own else 0)
    return total


def signed(line: Document) -> int:
    """The cents of a line, debit positive; a deposit credits what its lines name."""
    detail = line[line["DetailType"]]
    debit = detail.get("PostingType") == "Debit"
    return cents(line["Amount"]) * (1 if debit else -1)


def named(line: Document) -> tuple[str, str]:
    """The kind and id of the name on a line, or nothing."""
    entity = line[line["DetailType"]].get("Entity") or {}
    reference = entity.get("EntityRef") or entity
    kind = str(entity.get("Type") or entity.get("type") or reference.get("type") or "")
    return kind.capitalize(), str(reference.get("value") or "")


def controlling(books: "Books", line: Document) -> str:
    """Which kind of name the account of a line keeps: Customer, Vendor or none."""
    account = line[line["DetailType"]]["AccountRef"]["value"]
    return CONTROLLED.get((books.find("Account", account) or {}).get("AccountType", ""), "")


def _is_on(books: "Books", line: Document, kind: str, identifier: str) -> bool:
    return named(line) == (kind, identifier) and controlling(books, line) == kind


def check_name(books: "Books", line: Document) -> tuple[str, Document]:
    """The kind and reference of the name on a line; receivables and payables need theirs."""
    kind, identifier = named(line)
    needed = controlling(books, line)
    if needed and (not identifier or kind not in ("", needed)):
        account = line[line["DetailType"]]["AccountRef"]["name"]
        raise faults.business(
            f"When you use {account}, you must choose a {needed.lower()} in the Name field."
        )
    if not identifier:
        return "", {}
    kind = kind or needed or "Customer"
    found = books.get(kind, identifier)
    return kind, {"value": identifier, "name": found["DisplayName"]}


def touched(books: "Books", *documents: Document) -> dict[str, set[str]]:
    """The customers and vendors whose balance such documents move."""
    names: dict[str, set[str]] = {"Customer": set(), "Vendor": set()}
    for document in documents:
        for line in document.get("Line", []):
            if line.get("DetailType") and controlling(books, line):
                kind, identifier = named(line)
                names[kind].add(identifier)
    return names
