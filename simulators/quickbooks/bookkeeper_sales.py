"""What a person does in QuickBooks with credits and other sales; the rules of the API hold."""

from collections.abc import Callable
from typing import Any

from simulators.quickbooks import documents, faults
from simulators.quickbooks.applications import bare, fitting
from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.serialise import cents, decimal, money
from simulators.quickbooks.store import Document
from simulators.quickbooks.taxes import SALES_LINE, sales_lines

SETTLED = ("Invoice", "CreditMemo", "JournalEntry")


def _current(books: Books, kind: str, identifier: Any) -> Document:
    document = books.find(kind, str(identifier))
    if document is None:
        raise faults.not_found()
    return document


def _key(document: Document) -> Document:
    return {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True}


def _link(kind: str, identifier: str, amount: Any) -> Document:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}


def _sold(books: Books, wish: Document) -> Document:
    """A body with one line: `amount` without tax, on `item_id` or the company's usual item."""
    detail: Document = {"ItemRef": {"value": str(wish.get("item_id", books.facts["default_item"]))}}
    code = wish.get("tax_code_id") or ("" if books.is_us else books.default_tax_code())
    if code:
        detail["TaxCodeRef"] = {"value": str(code)}
    line = {"Amount": decimal(wish["amount"]), "DetailType": SALES_LINE, SALES_LINE: detail}
    if wish.get("description"):
        line["Description"] = wish["description"]
    return {"Line": [line], **_common(wish)}


def _common(wish: Document) -> Document:
    names = {"number": "DocNumber", "date": "TxnDate", "note": "PrivateNote"}
    body: Document = {name: wish[key] for key, name in names.items() if wish.get(key)}
    if wish.get("customer_id"):
        body["CustomerRef"] = {"value": str(wish["customer_id"])}
    return body


def add_credit_memo(books: Books, wish: Document) -> Document:
    """A credit memo over one amount for `customer_id`, or with lines given as `Line`."""
    body = _common(wish) if wish.get("Line") else _sold(books, wish)
    return documents.create(books, ENTITIES["CreditMemo"], {"Line": wish.get("Line"), **body})


def edit_credit_memo(books: Books, wish: Document) -> Document:
    """Change a credit memo: any writable fields, or `amount` for its first line."""
    memo = _current(books, "CreditMemo", wish["id"])
    body = _key(memo)
    body.update({name: value for name, value in wish.items() if name not in ("id", "amount")})
    if wish.get("amount") is not None:
        lines = [line for line in memo["Line"] if line["DetailType"] != "SubTotalLineDetail"]
        first = sales_lines(memo)[0]
        for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
            first[SALES_LINE].pop(key, None)
        first["Amount"] = decimal(wish["amount"])
        body["Line"] = lines
    return documents.update(books, ENTITIES["CreditMemo"], body)


def apply_credit(books: Books, wish: Document) -> Document:
    """Lay `credit_id` on `invoice_id` by a payment of nothing; as much as fits, or `amount`."""
    memo = _current(books, "CreditMemo", wish["credit_id"])
    invoice = _current(books, "Invoice", wish["invoice_id"])
    fits = min(cents(memo["Balance"]), cents(invoice["Balance"]))
    amount = decimal(wish["amount"]) if wish.get("amount") else money(fits)
    lines = [_link("Invoice", invoice["Id"], amount), _link("CreditMemo", memo["Id"], amount)]
    owner = {"CustomerRef": {"value": invoice["CustomerRef"]["value"]}}
    body = {**_common(wish), **owner, "TotalAmt": 0, "Line": lines}
    return documents.create(books, ENTITIES["Payment"], body)


def unapply(books: Books, wish: Document) -> Document:
    """Take payment `id` off everything, or off `target_id` only; one of nothing is deleted."""
    payment = _current(books, "Payment", wish["id"])
    target = str(wish.get("target_id") or "")
    kept = [line for line in payment["Line"] if target and _target(line) != target]
    return _shortened(books, payment, kept)


def _target(line: Document) -> str:
    return str(line["LinkedTxn"][0]["TxnId"])


def _shortened(books: Books, payment: Document, lines: list[Document]) -> Document:
    """A payment with fewer lines; one of nothing that links nothing any more goes."""
    left = fitting(lines, cents(payment["TotalAmt"]))
    if not left and not payment["TotalAmt"]:
        return documents.delete(books, ENTITIES["Payment"], _key(payment))
    return documents.update(books, ENTITIES["Payment"], {**_key(payment), "Line": bare(left)})


def let_go(books: Books, kind: str, identifier: str) -> None:
    """Take every payment off an invoice, a credit memo or a journal entry."""
    for link in books.links_to(kind, identifier):
        payment = _current(books, link["from_kind"], link["from_id"])
        _shortened(
            books, payment, [line for line in payment["Line"] if _target(line) != identifier]
        )


ACTIONS: dict[str, Callable[[Books, Document], Document]] = {
    action.__name__: action
    for action in (
        add_credit_memo,
        edit_credit_memo,
        apply_credit,
        unapply,
    )
}
