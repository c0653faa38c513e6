"""Deposits: what waits in Undeposited Funds, and taking it to the bank."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.entries import DEPOSIT_LINE
from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company
from simulators.quickbooks.pages.shelves import (
    Shelf,
    account_names,
    journal_of,
    places_for_money,
    slice_of,
)
from simulators.quickbooks.serialise import read
from simulators.quickbooks.store import Document

MOST = 100


def waiting(desk: Desk) -> list[Document]:
    """The oldest payments in Undeposited Funds that no deposit has taken."""
    rows = desk.books.store.rows(
        "SELECT o.body FROM objects o WHERE o.realm = ? AND o.entity = 'Payment' "
        "AND o.status = 'live' AND json_extract(o.body, '$.DepositToAccountRef.value') = ? "
        "AND json_extract(o.body, '$.TotalAmt') > 0 AND NOT EXISTS (SELECT 1 FROM links l "
        "WHERE l.realm = o.realm AND l.to_kind = 'Payment' AND l.to_id = o.id) "
        "ORDER BY o.number LIMIT ?",
        desk.books.realm,
        desk.books.undeposited(),
        MOST,
    )
    return [read(row["body"]) for row in rows]


def deposits(desk: Desk) -> Response:
    """What waits, and the deposits made so far."""
    found = slice_of(desk.books, Shelf("Deposit"), desk.asked)
    context = {
        "waiting": waiting(desk),
        "chosen": desk.form.getlist("payment"),
        "found": found,
        "names": account_names(desk.books),
        "banks": places_for_money(desk.books, bank_only=True),
        "today": desk.books.today(),
        "most": MOST,
    }
    return desk.show("deposits.html", "deposits", **context)


def deposit(desk: Desk) -> Response:
    """One deposit with its payments and journal."""
    document = desk.document("Deposit")
    names = account_names(desk.books)
    context = {
        "deposit": document,
        "lines": [_shown(desk, line, names) for line in document["Line"]],
        "account": names.get(document["DepositToAccountRef"]["value"], ""),
        "journal": journal_of(desk.books, "Deposit", desk.identifier),
    }
    return desk.show("deposit.html", "deposits", **context)


def _shown(desk: Desk, line: Document, names: dict[str, str]) -> Document:
    """A line as the page tells of it: a payment that was taken, or an account."""
    if "DetailType" in line:
        detail = line[DEPOSIT_LINE]
        account = names.get(detail["AccountRef"]["value"], "")
        words = line.get("Description") or account
        return {**line, "words": words, "name": detail.get("Entity", {}).get("name", account)}
    link = line["LinkedTxn"][0]
    taken = desk.books.find(link["TxnType"], link["TxnId"]) or {}
    number = taken.get("PaymentRefNum") or taken.get("DocNumber")
    label = "Payment" if link["TxnType"] == "Payment" else "Sales receipt"
    home = "payments" if link["TxnType"] == "Payment" else ""
    shown = {"words": number or f"{label} {link['TxnId']}", "home": home, "id": link["TxnId"]}
    return {**line, **shown, "name": taken.get("CustomerRef", {}).get("name", "")}


def record(desk: Desk) -> Told:
    """Take the ticked payments to the bank."""
    ticked = [str(each) for each in desk.form.getlist("payment")]
    if not ticked:
        raise Refusal("Tick at least one payment.")
    wish = {"payment_ids": ticked, "account_id": desk.typed("account_id")}
    made = desk.press("deposit", {**wish, "date": desk.day("date")})
    account = account_names(desk.books)[made["DepositToAccountRef"]["value"]]
    return Told(f"Deposited {made['TotalAmt']:,.2f} into {account}.")


def delete(desk: Desk) -> Told:
    """Delete the deposit; its payments wait in Undeposited Funds again."""
    desk.press("delete", {"kind": "Deposit", "id": desk.identifier})
    return Told("The deposit is deleted. Its payments wait in Undeposited Funds again.")


LIST = Buttons(deposits, {"record": record})
ONE = Buttons(deposit, {"delete": delete})
PATH = "/companies/{realm}/deposits"
ROUTES = [
    Route(PATH, at_company(deposits)),
    Route(PATH + "/{id:int}", at_company(deposit)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
    Route(PATH + "/{action}", at_company(LIST), methods=["GET", "POST"]),
]
