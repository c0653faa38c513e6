"""Invoices: the list, one invoice with what it posted, and a bookkeeper's buttons."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company
from simulators.quickbooks.pages.files import attached_to
from simulators.quickbooks.pages.shelves import (
    Shelf,
    account_names,
    journal_of,
    of_customer,
    places_for_money,
    slice_of,
    tax_names,
)
from simulators.quickbooks.pages.standing import standing
from simulators.quickbooks.serialise import cents
from simulators.quickbooks.store import Document
from simulators.quickbooks.taxes import SALES_LINE, sales_lines

BALANCE, TOTAL = "json_extract(body, '$.Balance')", "json_extract(body, '$.TotalAmt')"
FILTERS: dict[str, tuple[str, ...]] = {
    "": (),
    "open": (f"{BALANCE} > 0",),
    "paid": (f"{BALANCE} = 0", f"{TOTAL} > 0"),
    "void": (f"{TOTAL} = 0", "json_extract(body, '$.PrivateNote') LIKE 'Voided%'"),
    "deleted": (),
}
MOST_CREDITS = 50
MATCHES = (
    "(instr(lower(doc_number), ?) > 0 OR customer_id IN (SELECT id FROM objects "
    "WHERE realm = ? AND entity IN ('Customer', 'Vendor') AND instr(name_key, ?) > 0))"
)


def matching(desk: Desk, search: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The condition that finds documents by number or by customer."""
    needle = search.lower()
    return ((MATCHES,), (needle, desk.books.realm, needle)) if search else ((), ())


def invoices(desk: Desk) -> Response:
    """A page of invoices, newest first."""
    search, chosen = desk.asked.get("q", "").strip(), desk.asked.get("status", "")
    chosen = chosen if chosen in FILTERS else ""
    where, values = matching(desk, search)
    status = "deleted" if chosen == "deleted" else "live"
    shelf = Shelf("Invoice", status, FILTERS[chosen] + where, values)
    found = slice_of(desk.books, shelf, desk.asked, "q", "status")
    today = desk.books.today()
    rows = [{**each, "standing": standing(each, today)} for each in found.documents]
    context = {"found": found, "rows": rows, "search": search, "chosen": chosen}
    return desk.show("invoices.html", "invoices", **context, filters=list(FILTERS))


def invoice(desk: Desk) -> Response:
    """One invoice: lines and the account each posted to, tax, journal, payments."""
    document = desk.document("Invoice")
    context = {
        "invoice": document,
        "standing": standing(document, desk.books.today()),
        "lines": lines_of(desk, document),
        "inclusive": document.get("GlobalTaxCalculation") == "TaxInclusive",
        "taxes": taxes_of(desk, document),
        "journal": journal_of(desk.books, "Invoice", desk.identifier),
        "links": payments_on(desk, "Invoice"),
        "credits": open_credits(desk, document),
        "attachments": attached_to(desk.books, "Invoice", desk.identifier),
        **payment_choices(desk),
    }
    return desk.show("invoice.html", "invoices", **context)


def lines_of(desk: Desk, document: Document) -> list[Document]:
    """What was sold, with the account each line posted to and the name of its tax code."""
    names, codes = account_names(desk.books), tax_names(desk.books)
    lines = []
    for line in sales_lines(document):
        detail = line[SALES_LINE]
        account = detail.get("ItemAccountRef", {}).get("value", "")
        code = detail.get("TaxCodeRef", {}).get("value", "")
        lines.append(
            {
                **line,
                "detail": detail,
                "account_id": account,
                "account": names.get(account, ""),
                "tax": codes.get(code, code),
                "editable": detail.get("TaxInclusiveAmt", line["Amount"]),
            }
        )
    return lines


def taxes_of(desk: Desk, document: Document) -> list[Document]:
    """The tax of a document by rate, with the name of each."""
    lines = []
    for line in document.get("TxnTaxDetail", {}).get("TaxLine", []):
        detail = line["TaxLineDetail"]
        rate = desk.books.find("TaxRate", detail["TaxRateRef"]["value"]) or {}
        lines.append({**detail, "name": rate.get("Name", "Tax"), "amount": line["Amount"]})
    return lines


def payments_on(desk: Desk, kind: str) -> list[Document]:
    """The payments laid on the document in the address."""
    rows = desk.books.links_to(kind, desk.identifier)
    return [
        {"payment": desk.books.find(row["from_kind"], row["from_id"]), "cents": row["cents"]}
        for row in rows
        if row["from_kind"] == "Payment"
    ]


def open_credits(desk: Desk, document: Document) -> list[Document]:
    """Credit memos of the same customer that are not used up."""
    found = of_customer(desk.books, "CreditMemo", document["CustomerRef"]["value"], MOST_CREDITS)
    return [each for each in found if each["Balance"]]


def payment_choices(desk: Desk) -> Document:
    """What the form for receiving a payment offers."""
    return {
        "places": places_for_money(desk.books),
        "methods": desk.books.live_rows("PaymentMethod"),
        "today": desk.books.today(),
    }


def into_account(desk: Desk) -> Document:
    """Where, when and how a payment is received."""
    wish = {"account_id": desk.typed("account_id"), "date": desk.day("date")}
    return {**wish, **{name: desk.typed(name) for name in ("method_id", "reference", "note")}}


def receive(desk: Desk) -> Told:
    """Money received for this invoice."""
    wish = {"invoice_ids": [desk.identifier], **desk.amount("amount"), **into_account(desk)}
    made = desk.press("receive_payment", wish)
    after = desk.document("Invoice")
    left = f"{after['Balance']:,.2f} is still open." if after["Balance"] else "It is paid in full."
    account = account_names(desk.books)[made["DepositToAccountRef"]["value"]]
    return Told(f"Received {made['TotalAmt']:,.2f} into {account}. {left}")


def use_credit(desk: Desk) -> Told:
    """Lay a credit memo of the customer on the invoice."""
    credit = desk.typed("credit_id")
    if not credit:
        raise Refusal("Choose a credit to use.")
    desk.press("apply_credit", {"invoice_id": desk.identifier, "credit_id": credit})
    left = desk.document("Invoice")["Balance"]
    after = f"{left:,.2f} is still open." if left else "It is paid in full."
    return Told(f"The credit is used. {after}")


def edit(desk: Desk) -> Told:
    """Other amounts on the lines, another note; lines left alone keep quantity and price."""
    document = desk.document("Invoice")
    lines = [line for line in document["Line"] if line.get("DetailType") != "SubTotalLineDetail"]
    changed = [amount_changed(desk, line) for line in lines if line["DetailType"] == SALES_LINE]
    wish: Document = {"id": desk.identifier}
    if any(changed):
        wish["Line"] = lines
    if desk.typed("note") != document.get("PrivateNote", ""):
        wish["PrivateNote"] = desk.typed("note")
    if len(wish) == 1:
        return Told("Nothing was changed.")
    made = desk.press("edit_invoice", wish)
    return Told(f"Saved. The invoice comes to {made['TotalAmt']:,.2f}.")


def amount_changed(desk: Desk, line: Document) -> bool:
    """Put the typed amount on a line, if it is another one."""
    name = f"amount_{line['Id']}"
    if name not in desk.form:
        return False
    amount, detail = desk.amount(name)[name], line[SALES_LINE]
    if cents(amount) == cents(detail.get("TaxInclusiveAmt", line["Amount"])):
        return False
    for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
        detail.pop(key, None)
    line["Amount"] = amount
    return True


def void(desk: Desk) -> Told:
    """Void the invoice; its payments become unapplied."""
    desk.press("void", {"kind": "Invoice", "id": desk.identifier})
    return Told("The invoice is void. It keeps its number; nothing of it is left in the ledger.")


def delete(desk: Desk) -> Told:
    """Delete the invoice; its payments become unapplied."""
    desk.press("delete", {"kind": "Invoice", "id": desk.identifier})
    return Told("The invoice is deleted.")


ONE = Buttons(
    invoice,
    {"receive": receive, "credit": use_credit, "edit": edit, "void": void, "delete": delete},
)
PATH = "/companies/{realm}/invoices"
ROUTES = [
    Route(PATH, at_company(invoices)),
    Route(PATH + "/{id:int}", at_company(invoice)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
]
