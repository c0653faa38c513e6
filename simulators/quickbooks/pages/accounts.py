"""The chart of accounts with its trial balance, and the register of one account."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks import posting
from simulators.quickbooks.pages.desk import Desk, at_company
from simulators.quickbooks.pages.shelves import LENGTH
from simulators.quickbooks.serialise import amount_text, cents

HOMES = {
    "Invoice": "invoices",
    "CreditMemo": "creditmemos",
    "Payment": "payments",
    "Deposit": "deposits",
    "Bill": "bills",
    "VendorCredit": "vendorcredits",
    "BillPayment": "billpayments",
    "Purchase": "expenses",
}


def accounts(desk: Desk) -> Response:
    """Every account with its balance as debit or credit, and both columns' totals."""
    balance = posting.trial_balance(desk.books)
    amounts = [cents(account["balance"]) for account in balance["accounts"]]
    totals = {
        "debit": amount_text(sum(each for each in amounts if each > 0)),
        "credit": amount_text(-sum(each for each in amounts if each < 0)),
    }
    return desk.show("accounts.html", "accounts", balance=balance, totals=totals)


def account(desk: Desk) -> Response:
    """The newest journal rows of one account."""
    document = desk.document("Account")
    edge = desk.asked.get("after", "")
    rows = desk.books.store.rows(
        "SELECT * FROM journal WHERE realm = ? AND superseded = 0 AND account_id = ? "
        "AND sequence < ? ORDER BY sequence DESC LIMIT ?",
        desk.books.realm,
        desk.identifier,
        int(edge) if edge.isdigit() else 2**62,
        LENGTH + 1,
    )
    row = desk.books.store.row(
        "SELECT coalesce(sum(cents), 0) AS cents FROM journal "
        "WHERE realm = ? AND superseded = 0 AND account_id = ?",
        desk.books.realm,
        desk.identifier,
    )
    context = {
        "account": document,
        "rows": rows[:LENGTH],
        "more": rows[LENGTH - 1]["sequence"] if len(rows) > LENGTH else "",
        "balance": row["cents"] if row else 0,
        "homes": HOMES,
    }
    return desk.show("account.html", "accounts", **context)


ROUTES = [
    Route("/companies/{realm}", at_company(accounts)),
    Route("/companies/{realm}/accounts/{id:int}", at_company(account)),
]
