"""Payments of bills: the list, and one payment with what it settles."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.entities.billpayments import paid_from
from simulators.quickbooks.pages.desk import Buttons, Desk, Told, at_company
from simulators.quickbooks.pages.invoices import matching
from simulators.quickbooks.pages.shelves import Shelf, account_names, journal_of, slice_of
from simulators.quickbooks.pages.standing import is_void
from simulators.quickbooks.payables import laid_on
from simulators.quickbooks.serialise import cents
from simulators.quickbooks.store import Document

STATUSES = ("", "deleted")
HOMES = {"Bill": "bills", "VendorCredit": "vendorcredits"}


def payment_standing(document: Document) -> str:
    """Deleted, void, or paid with or without something left to apply."""
    if document.get("status") == "deleted":
        return "deleted"
    if is_void(document):
        return "void"
    return "paid" if cents(document["TotalAmt"]) == laid_on(document) else "part applied"


def payments(desk: Desk) -> Response:
    """A page of bill payments, newest first."""
    search, chosen = desk.asked.get("q", "").strip(), desk.asked.get("status", "")
    where, values = matching(desk, search)
    shelf = Shelf("BillPayment", "deleted" if chosen == "deleted" else "live", where, values)
    found = slice_of(desk.books, shelf, desk.asked, "q", "status")
    names = account_names(desk.books)
    rows = [
        {**each, "standing": payment_standing(each), "account": names.get(paid_from(each), "")}
        for each in found.documents
    ]
    context = {"found": found, "rows": rows, "search": search, "chosen": chosen}
    return desk.show("billpayments.html", "bills", **context, filters=STATUSES)


def payment(desk: Desk) -> Response:
    """One payment: where the money came from, what it settles, its journal."""
    document = desk.document("BillPayment")
    laid = []
    for line in document["Line"]:
        link = line["LinkedTxn"][0]
        target = desk.books.find(link["TxnType"], link["TxnId"]) or {}
        laid.append({"amount": line["Amount"], "target": target, **link})
    context = {
        "payment": document,
        "standing": payment_standing(document),
        "account": account_names(desk.books).get(paid_from(document), ""),
        "laid": [{**each, "home": HOMES[each["TxnType"]]} for each in laid],
        "journal": journal_of(desk.books, "BillPayment", desk.identifier),
    }
    return desk.show("billpayment.html", "bills", **context)


def void(desk: Desk) -> Told:
    """Void the payment; its bills are open again."""
    desk.press("void", {"kind": "BillPayment", "id": desk.identifier})
    return Told("The payment is void. What it paid is open again.")


def delete(desk: Desk) -> Told:
    """Delete the payment; its bills are open again."""
    desk.press("delete", {"kind": "BillPayment", "id": desk.identifier})
    return Told("The payment is deleted. What it paid is open again.")


ONE = Buttons(payment, {"void": void, "delete": delete})
PATH = "/companies/{realm}/billpayments"
ROUTES = [
    Route(PATH, at_company(payments)),
    Route(PATH + "/{id:int}", at_company(payment)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
]
