"""What is owed to vendors: their balances, and the accounts that paying them may use."""

from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.entries import entered
from simulators.quickbooks.serialise import cents, money, read
from simulators.quickbooks.store import Document

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

PAID_FROM = {"Cash": ("Bank",), "Check": ("Bank",), "CreditCard": ("Credit Card",)}


def refresh_vendor(books: "Books", identifier: str) -> None:
    """The balance of a vendor; the SyncToken does not move."""
    vendor = books.find("Vendor", identifier)
    if vendor is None:
        return
    balance = money(_owed(books, identifier))
    if vendor["Balance"] != balance:
        vendor["Balance"] = balance
        books.write("Vendor", vendor, bump=False)


def _owed(books: "Books", vendor: str) -> int:
    """Open bills, less open credits and what was paid beyond the bills."""
    row = books.store.row(
        "SELECT coalesce(sum(CASE entity WHEN 'Bill' THEN json_extract(body, '$.Balance') "
        "ELSE -json_extract(body, '$.Balance') END), 0) AS open FROM objects "
        "INDEXED BY objects_customer WHERE realm = ? AND entity IN ('Bill', 'VendorCredit') "
        "AND status = 'live' AND customer_id = ?",
        books.realm,
        vendor,
    )
    owed = (cents(row["open"]) if row else 0) - entered(books, "Vendor", vendor)
    return owed - sum(_unapplied(payment) for payment in payments_of(books, vendor))


def payments_of(books: "Books", vendor: str) -> list[Document]:
    """The bill payments of a vendor."""
    rows = books.store.rows(
        "SELECT body FROM objects INDEXED BY objects_customer WHERE realm = ? "
        "AND entity = 'BillPayment' AND status = 'live' AND customer_id = ?",
        books.realm,
        vendor,
    )
    return [read(row["body"]) for row in rows]


def _unapplied(payment: Document) -> int:
    return cents(payment["TotalAmt"]) - laid_on(payment)


def laid_on(payment: Document) -> int:
    """What a bill payment settles: its bills less the vendor credits it uses."""
    total = 0
    for line in payment["Line"]:
        sign = 1 if line["LinkedTxn"][0]["TxnType"] == "Bill" else -1
        total += sign * cents(line["Amount"])
    return total


def paying_account(books: "Books", identifier: str, payment_type: str) -> Document:
    """The account money leaves, which must suit the way of paying (6430)."""
    account = books.get("Account", identifier)
    if account["AccountType"] not in PAID_FROM[payment_type]:
        raise faults.wrong_account_type()
    return account


def party(books: "Books", reference: Document) -> Document:
    """The vendor or customer that a purchase names, as its answer shows it."""
    identifier = str(reference.get("value", ""))
    wanted = str(reference.get("type", "")).capitalize()
    kinds = (wanted,) if wanted in ("Vendor", "Customer") else ("Vendor", "Customer")
    for kind in kinds:
        if books.row(kind, identifier):
            found = books.get(kind, identifier)
            return {"value": identifier, "name": found["DisplayName"], "type": kind}
    raise faults.bad_reference("Names", identifier)
