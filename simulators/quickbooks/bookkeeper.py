"""What a person does inside QuickBooks; the same rules and postings as the API."""

from collections.abc import Callable
from typing import Any

from simulators.quickbooks import (
    bookkeeper_lists,
    bookkeeper_purchases,
    bookkeeper_sales,
    documents,
    faults,
)
from simulators.quickbooks.applications import bare, fitting
from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.seeds import refresh_preferences
from simulators.quickbooks.serialise import cents, decimal, money
from simulators.quickbooks.store import Document


def act(books: Books, action: str, wish: Document) -> Document:
    """Carry out one action and give the resulting document."""
    handler = ACTIONS.get(action)
    if handler is None:
        raise ValueError(f"unknown action {action}; known: {', '.join(sorted(ACTIONS))}")
    return handler(books, wish)


def _current(books: Books, kind: str, identifier: Any) -> Document:
    document = books.find(kind, str(identifier))
    if document is None:
        raise faults.not_found()
    return document


def _key(document: Document) -> Document:
    return {"Id": document["Id"], "SyncToken": document["SyncToken"]}


def _account(books: Books, wish: Document) -> str:
    if wish.get("account_id"):
        return str(wish["account_id"])
    if wish.get("account_number"):
        return books.account(str(wish["account_number"]))
    return books.undeposited()


def receive_payment(books: Books, wish: Document) -> Document:
    """A payment on one or several invoices, oldest first, into an account."""
    asked = wish["invoice_ids"] if isinstance(wish["invoice_ids"], list) else [wish["invoice_ids"]]
    named = [each if isinstance(each, dict) else {"invoice_id": each} for each in asked]
    invoices = [_current(books, "Invoice", each["invoice_id"]) for each in named]
    amounts = [
        cents(each.get("amount", invoice["Balance"]))
        for each, invoice in zip(named, invoices, strict=True)
    ]
    total = cents(wish["amount"]) if wish.get("amount") is not None else sum(amounts)
    body: Document = {
        "CustomerRef": {"value": invoices[0]["CustomerRef"]["value"]},
        "TotalAmt": money(total),
        "DepositToAccountRef": {"value": _account(books, wish)},
        "Line": _applications(invoices, amounts, total),
    }
    if wish.get("date"):
        body["TxnDate"] = wish["date"]
    if wish.get("method_id"):
        body["PaymentMethodRef"] = {"value": str(wish["method_id"])}
    for key, name in (("reference", "PaymentRefNum"), ("note", "PrivateNote")):
        if wish.get(key):
            body[name] = wish[key]
    return documents.create(books, ENTITIES["Payment"], body)


def _applications(invoices: list[Document], amounts: list[int], total: int) -> list[Document]:
    lines, left = [], total
    for invoice, amount in zip(invoices, amounts, strict=True):
        share = min(amount, left)
        left -= share
        if share:
            link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
            lines.append({"Amount": money(share), "LinkedTxn": [link]})
    return lines


def _unlink(books: Books, wish: Document) -> None:
    """In QuickBooks itself a settled document may go; what settled it shrinks or goes too."""
    if wish["kind"] in bookkeeper_purchases.SPENDING:
        bookkeeper_purchases.let_go(books, wish["kind"], wish["id"])
    if wish["kind"] in bookkeeper_sales.SETTLED:
        bookkeeper_sales.let_go(books, wish["kind"], wish["id"])


def void(books: Books, wish: Document) -> Document:
    """Void a document."""
    wish = {**wish, "id": str(wish["id"])}
    _unlink(books, wish)
    document = _current(books, wish["kind"], wish["id"])
    return documents.void(books, ENTITIES[wish["kind"]], _key(document), by_hand=True)


def delete(books: Books, wish: Document) -> Document:
    """Delete a document."""
    wish = {**wish, "id": str(wish["id"])}
    _unlink(books, wish)
    document = _current(books, wish["kind"], wish["id"])
    return documents.delete(books, ENTITIES[wish["kind"]], _key(document))


def edit_invoice(books: Books, wish: Document) -> Document:
    """Change an invoice: any writable fields, or `amount` for its first line."""
    invoice = _current(books, "Invoice", wish["id"])
    body = {**_key(invoice), "sparse": True}
    body.update({name: value for name, value in wish.items() if name not in ("id", "amount")})
    if wish.get("amount") is not None:
        lines: list[Document] = [line for line in invoice["Line"] if "Id" in line]
        first = lines[0]["SalesItemLineDetail"]
        for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
            first.pop(key, None)
        lines[0]["Amount"] = decimal(wish["amount"])
        body["Line"] = lines
    return documents.update(books, ENTITIES["Invoice"], body)


def edit_payment(books: Books, wish: Document) -> Document:
    """Change the amount of a payment; its applications shrink from the last one on."""
    payment = _current(books, "Payment", wish["id"])
    body: Document = {**_key(payment), "sparse": True}
    if wish.get("date"):
        body["TxnDate"] = wish["date"]
    if wish.get("account_id") or wish.get("account_number"):
        body["DepositToAccountRef"] = {"value": _account(books, wish)}
    if wish.get("amount") is not None:
        total = cents(wish["amount"])
        body["TotalAmt"] = money(total)
        body["Line"] = bare(fitting(payment["Line"], total))
    return documents.update(books, ENTITIES["Payment"], body)


def deposit(books: Books, wish: Document) -> Document:
    """Bank payments that wait in Undeposited Funds."""
    lines = [
        {
            "Amount": _current(books, "Payment", each)["TotalAmt"],
            "LinkedTxn": [{"TxnId": str(each), "TxnType": "Payment", "TxnLineId": "0"}],
        }
        for each in wish["payment_ids"]
    ]
    body: Document = {"DepositToAccountRef": {"value": _account(books, wish)}, "Line": lines}
    if wish.get("date"):
        body["TxnDate"] = wish["date"]
    return documents.create(books, ENTITIES["Deposit"], body)


def close_books(books: Books, wish: Document) -> Document:
    """Close everything up to a date; an empty date opens the books again."""
    books.facts["close_date"] = wish.get("date") or ""
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def number_documents(books: Books, wish: Document) -> Document:
    """Switch custom transaction numbers on or off."""
    books.facts["own_transaction_numbers"] = bool(wish["own_transaction_numbers"])
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def apply_credits(books: Books, wish: Document) -> Document:
    """Switch the automatic use of credit memos on or off."""
    books.facts["applies_credits"] = bool(wish["applies_credits"])
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def work_out_tax(books: Books, wish: Document) -> Document:
    """Switch automated sales tax of an American company on or off."""
    books.facts["works_out_tax"] = bool(wish["works_out_tax"])
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def name_custom_field(books: Books, wish: Document) -> Document:
    """Name a custom field of sales forms; an empty name takes it away."""
    fields = {**books.facts["sales_fields"], str(wish["number"]): str(wish.get("name") or "")}
    books.facts["sales_fields"] = {number: name for number, name in fields.items() if name}
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def switch_custom_field(books: Books, wish: Document) -> Document:
    """Switch a named custom field of sales forms off or on again; its name stays."""
    off = set(books.facts.get("sales_fields_off", [])) - {str(wish["number"])}
    books.facts["sales_fields_off"] = sorted(off if wish["on"] else off | {str(wish["number"])})
    books.save_facts()
    refresh_preferences(books)
    return _current(books, "Preferences", "1")


def set_subscription(books: Books, wish: Document) -> Document:
    """PAID lets everything through; EXPIRED makes the company read-only (6190)."""
    books.facts["subscription"] = str(wish["status"])
    books.save_facts()
    return {"subscription": books.facts["subscription"]}


def rename_customer(books: Books, wish: Document) -> Document:
    """Another display name."""
    return edit_customer(books, {"id": wish["id"], "DisplayName": wish["name"]})


def edit_customer(books: Books, wish: Document) -> Document:
    """Change a customer: fields as QuickBooks names them, or email, phone, name."""
    customer = _current(books, "Customer", wish["id"])
    body = {**_key(customer), "sparse": True, **_customer_fields(wish)}
    return documents.update(books, ENTITIES["Customer"], body)


WRAPPED = {
    "email": ("PrimaryEmailAddr", "Address"),
    "phone": ("PrimaryPhone", "FreeFormNumber"),
    "name": ("DisplayName", ""),
}


def _customer_fields(wish: Document) -> Document:
    fields: Document = {}
    for name, value in wish.items():
        key, inner = WRAPPED.get(name, (name, ""))
        if name != "id":
            fields[key] = {inner: value} if inner else value
    return fields


def deactivate_customer(books: Books, wish: Document) -> Document:
    """Make a customer inactive."""
    return edit_customer(books, {"id": wish["id"], "Active": False})


def add_customer(books: Books, wish: Document) -> Document:
    """A new customer."""
    return documents.create(books, ENTITIES["Customer"], _customer_fields(wish))


OWN: dict[str, Callable[[Books, Document], Document]] = {
    action.__name__: action
    for action in (
        receive_payment,
        void,
        delete,
        edit_invoice,
        edit_payment,
        deposit,
        close_books,
        number_documents,
        apply_credits,
        work_out_tax,
        name_custom_field,
        switch_custom_field,
        set_subscription,
        rename_customer,
        edit_customer,
        deactivate_customer,
        add_customer,
    )
}
ACTIONS = OWN | bookkeeper_lists.ACTIONS | bookkeeper_purchases.ACTIONS | bookkeeper_sales.ACTIONS
