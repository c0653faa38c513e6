"""Bills, vendor credits and expenses: the lists, one document with what it posted, the buttons."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.spending import ACCOUNT_LINE, bought_on
from simulators.quickbooks.pages.desk import Buttons, Desk, Handler, Refusal, Told, at_company
from simulators.quickbooks.pages.files import attached_to
from simulators.quickbooks.pages.invoices import matching, taxes_of
from simulators.quickbooks.pages.shelves import (
    Shelf,
    account_names,
    journal_of,
    of_customer,
    slice_of,
    tax_names,
)
from simulators.quickbooks.pages.standing import is_void, standing
from simulators.quickbooks.payables import PAID_FROM
from simulators.quickbooks.serialise import cents
from simulators.quickbooks.store import Document
from simulators.quickbooks.taxes import detail_of, expense_lines

BALANCE, TOTAL = "json_extract(body, '$.Balance')", "json_extract(body, '$.TotalAmt')"
VOIDED = (f"{TOTAL} = 0", "json_extract(body, '$.PrivateNote') LIKE 'Voided%'")
WITH_BALANCE = {"": (), "open": (f"{BALANCE} > 0",), "paid": (f"{BALANCE} = 0", f"{TOTAL} > 0")}
MOST = 50


@dataclass(frozen=True)
class Kind:
    """One kind of purchase and what its pages call it."""

    entity: str
    path: str
    one: str
    many: str
    has_balance: bool = True

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """What the list can be narrowed to."""
        first = WITH_BALANCE if self.has_balance else {"": ()}
        return {**first, "void": VOIDED, "deleted": ()}


BILL = Kind("Bill", "bills", "Bill", "Bills")
CREDIT = Kind("VendorCredit", "vendorcredits", "Vendor credit", "Vendor credits")
EXPENSE = Kind("Purchase", "expenses", "Expense", "Expenses", has_balance=False)
KINDS = (BILL, CREDIT, EXPENSE)


def purchase_standing(kind: Kind, document: Document, today: str) -> str:
    """As for an invoice; a credit is used, an expense is paid at once."""
    if kind is BILL:
        return standing(document, today)
    if document.get("status") == "deleted":
        return "deleted"
    if is_void(document):
        return "void"
    if kind is EXPENSE:
        return "refund" if document.get("Credit") else "paid"
    if not document["Balance"]:
        return "used"
    return "open" if document["Balance"] == document["TotalAmt"] else "part used"


def party_of(document: Document) -> Document:
    """Who a document is with, and the page of that name; nobody for a plain expense."""
    reference = document.get("VendorRef") or document.get("EntityRef") or {}
    home = "customers" if reference.get("type") == "Customer" else "vendors"
    return {**reference, "home": home}


def rows_of(kind: Kind, documents: list[Document], today: str) -> list[Document]:
    """Documents with what a list shows of them."""
    return [
        {
            **each,
            "party": party_of(each),
            "standing": purchase_standing(kind, each, today),
            "account": each.get("AccountRef", {}).get("name", ""),
        }
        for each in documents
    ]


def listing(kind: Kind) -> Handler:
    """A page of documents of a kind, newest first."""

    def page(desk: Desk) -> Response:
        search, chosen = desk.asked.get("q", "").strip(), desk.asked.get("status", "")
        chosen = chosen if chosen in kind.filters else ""
        where, values = matching(desk, search)
        status = "deleted" if chosen == "deleted" else "live"
        shelf = Shelf(kind.entity, status, kind.filters[chosen] + where, values)
        found = slice_of(desk.books, shelf, desk.asked, "q", "status")
        rows = rows_of(kind, found.documents, desk.books.today())
        context = {"found": found, "rows": rows, "search": search, "chosen": chosen, "kind": kind}
        return desk.show("purchases.html", kind.path, **context, filters=list(kind.filters))

    return page


def lines_of(desk: Desk, document: Document) -> list[Document]:
    """Lines with the account each posted to and the name of its tax code."""
    names, codes = account_names(desk.books), tax_names(desk.books)
    lines = []
    for line in expense_lines(document):
        detail = detail_of(line)
        item = desk.books.find("Item", detail.get("ItemRef", {}).get("value", ""))
        by_account = line["DetailType"] == ACCOUNT_LINE
        account = detail["AccountRef"]["value"] if by_account else bought_on(item or {})
        code = detail.get("TaxCodeRef", {}).get("value", "")
        shown = {"account_id": account, "account": names.get(account, "")}
        shown |= {"tax": codes.get(code, code), "detail": detail}
        lines.append({**line, **shown, "editable": detail.get("TaxInclusiveAmt", line["Amount"])})
    return lines


def showing(kind: Kind) -> Handler:
    """One document: lines, tax, journal, what is laid on it, its attachments."""

    def page(desk: Desk) -> Response:
        document = desk.document(kind.entity)
        context = {
            "kind": kind,
            "document": document,
            "party": party_of(document),
            "standing": purchase_standing(kind, document, desk.books.today()),
            "lines": lines_of(desk, document),
            "inclusive": document.get("GlobalTaxCalculation") == "TaxInclusive",
            "taxes": taxes_of(desk, document),
            "journal": journal_of(desk.books, kind.entity, desk.identifier),
            "links": _links(desk, kind),
            "attachments": attached_to(desk.books, kind.entity, desk.identifier),
            "places": paying_places(desk.books),
            "credits": _credits(desk.books, document) if kind is BILL else [],
            "today": desk.books.today(),
        }
        return desk.show("purchase.html", kind.path, **context)

    return page


def _links(desk: Desk, kind: Kind) -> list[Document]:
    rows = desk.books.links_to(kind.entity, desk.identifier)
    return [
        {"payment": desk.books.find(row["from_kind"], row["from_id"]), "cents": row["cents"]}
        | {"home": "billpayments" if row["from_kind"] == "BillPayment" else "payments"}
        for row in rows
    ]


def _credits(books: Books, bill: Document) -> list[Document]:
    """Credits of the same vendor that are not used up."""
    credits_ = of_customer(books, "VendorCredit", bill["VendorRef"]["value"], MOST)
    return [each for each in credits_ if each["Balance"]]


def paying_places(books: Books) -> list[Document]:
    """The accounts a bill can be paid from: banks, then cards."""
    kinds = (*PAID_FROM["Check"], *PAID_FROM["CreditCard"])
    rows = [
        account
        for account in books.live_rows("Account")
        if account["AccountType"] in kinds and account["Active"]
    ]
    rows.sort(key=lambda each: (kinds.index(each["AccountType"]), each.get("AcctNum", "")))
    return rows


def pay(desk: Desk) -> Told:
    """Pay the bill, or a part of it."""
    part = {"id": desk.identifier, **desk.amount("amount")}
    wish = {"bill_ids": [part], "account_id": desk.typed("account_id"), "date": desk.day("date")}
    made = desk.press("pay_bill", {**wish, "reference": desk.typed("reference")})
    left = desk.document("Bill")["Balance"]
    after = f"{left:,.2f} is still open." if left else "It is paid in full."
    return Told(f"Paid {made['TotalAmt']:,.2f}. {after}")


def use_credit(desk: Desk) -> Told:
    """Lay a credit of the vendor on the bill."""
    credit = desk.typed("credit_id")
    if not credit:
        raise Refusal("Choose a credit to use.")
    desk.press("apply_vendor_credit", {"bill_id": desk.identifier, "credit_id": credit})
    left = desk.document("Bill")["Balance"]
    return Told(f"The credit is used. {left:,.2f} of the bill is still open.")


def editing(kind: Kind) -> Callable[[Desk], Told]:
    """Other amounts on the lines, another note."""

    def press(desk: Desk) -> Told:
        document = desk.document(kind.entity)
        lines = document["Line"]
        changed = [_amount_changed(desk, line) for line in lines]
        wish: Document = {"id": desk.identifier, "kind": kind.entity}
        if any(changed):
            wish["Line"] = lines
        if desk.typed("note") != document.get("PrivateNote", ""):
            wish["PrivateNote"] = desk.typed("note")
        if len(wish) == 2:  # noqa: PLR2004
            return Told("Nothing was changed.")
        made = desk.press("edit_spending", wish)
        return Told(f"Saved. It comes to {made['TotalAmt']:,.2f}.")

    return press


def _amount_changed(desk: Desk, line: Document) -> bool:
    name = f"amount_{line['Id']}"
    if name not in desk.form:
        return False
    amount, detail = desk.amount(name)[name], detail_of(line)
    if cents(amount) == cents(detail.get("TaxInclusiveAmt", line["Amount"])):
        return False
    for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
        detail.pop(key, None)
    line["Amount"] = amount
    return True


def voiding(kind: Kind) -> Callable[[Desk], Told]:
    """Void the document."""

    def press(desk: Desk) -> Told:
        desk.press("void", {"kind": kind.entity, "id": desk.identifier})
        return Told(f"The {kind.one.lower()} is void. Nothing of it is left in the ledger.")

    return press


def deleting(kind: Kind) -> Callable[[Desk], Told]:
    """Delete the document."""

    def press(desk: Desk) -> Told:
        desk.press("delete", {"kind": kind.entity, "id": desk.identifier})
        return Told(f"The {kind.one.lower()} is deleted.")

    return press


def _routes(kind: Kind) -> list[Route]:
    path = "/companies/{realm}/" + kind.path
    actions = {"edit": editing(kind), "void": voiding(kind), "delete": deleting(kind)}
    if kind is BILL:
        actions |= {"pay": pay, "credit": use_credit}
    one = Buttons(showing(kind), actions)
    return [
        Route(path, at_company(listing(kind))),
        Route(path + "/{id:int}", at_company(showing(kind))),
        Route(path + "/{id:int}/{action}", at_company(one), methods=["GET", "POST"]),
    ]


ROUTES = [route for kind in KINDS for route in _routes(kind)]
