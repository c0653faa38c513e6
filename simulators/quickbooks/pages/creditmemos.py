"""Credit memos: the list, one of them with what it posted and what used it, and the buttons."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company
from simulators.quickbooks.pages.files import attached_to
from simulators.quickbooks.pages.invoices import (
    FILTERS,
    amount_changed,
    lines_of,
    matching,
    payments_on,
    taxes_of,
)
from simulators.quickbooks.pages.shelves import Shelf, journal_of, of_customer, slice_of
from simulators.quickbooks.pages.standing import credit_standing
from simulators.quickbooks.store import Document
from simulators.quickbooks.taxes import SALES_LINE

NARROWED = {
    "": (),
    "open": FILTERS["open"],
    "used": FILTERS["paid"],
    "void": FILTERS["void"],
    "deleted": (),
}
MOST = 50


def memos(desk: Desk) -> Response:
    """A page of credit memos, newest first."""
    search, chosen = desk.asked.get("q", "").strip(), desk.asked.get("status", "")
    chosen = chosen if chosen in NARROWED else ""
    where, values = matching(desk, search)
    status = "deleted" if chosen == "deleted" else "live"
    shelf = Shelf("CreditMemo", status, NARROWED[chosen] + where, values)
    found = slice_of(desk.books, shelf, desk.asked, "q", "status")
    rows = [{**each, "standing": credit_standing(each)} for each in found.documents]
    context = {"found": found, "rows": rows, "search": search, "chosen": chosen}
    return desk.show("creditmemos.html", "creditmemos", **context, filters=list(NARROWED))


def memo(desk: Desk) -> Response:
    """One credit memo: lines and accounts, tax, journal, the payments that used it."""
    document = desk.document("CreditMemo")
    invoices = of_customer(desk.books, "Invoice", document["CustomerRef"]["value"], MOST)
    context = {
        "memo": document,
        "standing": credit_standing(document),
        "lines": lines_of(desk, document),
        "inclusive": document.get("GlobalTaxCalculation") == "TaxInclusive",
        "taxes": taxes_of(desk, document),
        "journal": journal_of(desk.books, "CreditMemo", desk.identifier),
        "links": payments_on(desk, "CreditMemo"),
        "attachments": attached_to(desk.books, "CreditMemo", desk.identifier),
        "invoices": [each for each in invoices if each["Balance"]],
    }
    return desk.show("creditmemo.html", "creditmemos", **context)


def use(desk: Desk) -> Told:
    """Lay the credit on an invoice of the customer, as much as fits."""
    invoice = desk.typed("invoice_id")
    if not invoice:
        raise Refusal("Choose an invoice to lay the credit on.")
    desk.press("apply_credit", {"credit_id": desk.identifier, "invoice_id": invoice})
    left = desk.document("CreditMemo")["Balance"]
    return Told(f"The credit is used. {left:,.2f} of it is left.")


def release(desk: Desk) -> Told:
    """Take a payment off the credit again."""
    payment = desk.typed("payment_id")
    desk.press("unapply", {"id": payment})
    left = desk.document("CreditMemo")["Balance"]
    return Told(f"The credit is free again: {left:,.2f} is left.")


def edit(desk: Desk) -> Told:
    """Other amounts on the lines, another note."""
    document = desk.document("CreditMemo")
    lines = [line for line in document["Line"] if line.get("DetailType") != "SubTotalLineDetail"]
    changed = [amount_changed(desk, line) for line in lines if line["DetailType"] == SALES_LINE]
    wish: Document = {"id": desk.identifier}
    if any(changed):
        wish["Line"] = lines
    if desk.typed("note") != document.get("PrivateNote", ""):
        wish["PrivateNote"] = desk.typed("note")
    if len(wish) == 1:
        return Told("Nothing was changed.")
    made = desk.press("edit_credit_memo", wish)
    return Told(f"Saved. The credit memo comes to {made['TotalAmt']:,.2f}.")


def void(desk: Desk) -> Told:
    """Void the credit memo; what it paid is open again."""
    desk.press("void", {"kind": "CreditMemo", "id": desk.identifier})
    return Told("The credit memo is void. Nothing of it is left in the ledger.")


def delete(desk: Desk) -> Told:
    """Delete the credit memo; what it paid is open again."""
    desk.press("delete", {"kind": "CreditMemo", "id": desk.identifier})
    return Told("The credit memo is deleted.")


ONE = Buttons(memo, {"use": use, "release": release, "edit": edit, "void": void, "delete": delete})
PATH = "/companies/{realm}/creditmemos"
ROUTES = [
    Route(PATH, at_company(memos)),
    Route(PATH + "/{id:int}", at_company(memo)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
]
