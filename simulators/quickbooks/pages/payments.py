"""Payments: the list, one payment with what it posted and what it is laid on."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.entities.payments import REFUNDS
from simulators.quickbooks.pages.desk import Buttons, Desk, Told, at_company
from simulators.quickbooks.pages.invoices import matching
from simulators.quickbooks.pages.shelves import (
    Shelf,
    account_names,
    journal_of,
    places_for_money,
    slice_of,
)
from simulators.quickbooks.pages.standing import payment_standing
from simulators.quickbooks.serialise import cents
from simulators.quickbooks.store import Document

STATUSES = ("", "deleted")


def payments(desk: Desk) -> Response:
    """A page of payments, newest first."""
    search, chosen = desk.asked.get("q", "").strip(), desk.asked.get("status", "")
    where, values = matching(desk, search)
    shelf = Shelf("Payment", "deleted" if chosen == "deleted" else "live", where, values)
    found = slice_of(desk.books, shelf, desk.asked, "q", "status")
    names = account_names(desk.books)
    rows = [
        {**each, "standing": payment_standing(each), "account": _place(each, names)}
        for each in found.documents
    ]
    context = {"found": found, "rows": rows, "search": search, "chosen": chosen}
    return desk.show("payments.html", "payments", **context, filters=STATUSES)


def _place(document: Document, names: dict[str, str]) -> str:
    return names.get(document.get("DepositToAccountRef", {}).get("value", ""), "")


def payment(desk: Desk) -> Response:
    """One payment: where the money went, the invoices it pays, its journal."""
    document = desk.document("Payment")
    method = document.get("PaymentMethodRef", {}).get("value", "")
    laid = []
    for line in document["Line"]:
        link = line["LinkedTxn"][0]
        kind = "Purchase" if link["TxnType"] in REFUNDS else link["TxnType"]
        target = desk.books.find(kind, link["TxnId"]) or {}
        laid.append({"amount": line["Amount"], "target": target, **link})
    context = {
        "payment": document,
        "standing": payment_standing(document),
        "account": _place(document, account_names(desk.books)),
        "method": (desk.books.find("PaymentMethod", method) or {}).get("Name", ""),
        "laid": laid,
        "journal": journal_of(desk.books, "Payment", desk.identifier),
        "places": places_for_money(desk.books),
    }
    return desk.show("payment.html", "payments", **context)


def edit(desk: Desk) -> Told:
    """Another amount, date or account; a lower amount opens the last invoice again."""
    document = desk.document("Payment")
    wish: Document = {"id": desk.identifier, "date": desk.day("date")}
    if cents(desk.amount("amount")["amount"]) != cents(document["TotalAmt"]):
        wish.update(desk.amount("amount"))
    if desk.typed("account_id") != document.get("DepositToAccountRef", {}).get("value", ""):
        wish["account_id"] = desk.typed("account_id")
    made = desk.press("edit_payment", wish)
    return Told(f"Saved. The payment comes to {made['TotalAmt']:,.2f}.")


def void(desk: Desk) -> Told:
    """Void the payment; its invoices are open again."""
    desk.press("void", {"kind": "Payment", "id": desk.identifier})
    return Told("The payment is void. What it paid is open again.")


def delete(desk: Desk) -> Told:
    """Delete the payment; its invoices are open again."""
    desk.press("delete", {"kind": "Payment", "id": desk.identifier})
    return Told("The payment is deleted. What it paid is open again.")


ONE = Buttons(payment, {"edit": edit, "void": void, "delete": delete})
PATH = "/companies/{realm}/payments"
ROUTES = [
    Route(PATH, at_company(payments)),
    Route(PATH + "/{id:int}", at_company(payment)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
]
