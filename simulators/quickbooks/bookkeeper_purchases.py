"""What a person does in QuickBooks with vendors, bills and credits; the rules of the API hold."""

from collections.abc import Callable
from typing import Any

from simulators.quickbooks import documents, faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.billpayments import PLACES
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.merging import merge
from simulators.quickbooks.serialise import cents, decimal, money
from simulators.quickbooks.store import Document
from simulators.quickbooks.taxes import detail_of, expense_lines

WRAPPED = {
    "email": ("PrimaryEmailAddr", "Address"),
    "phone": ("PrimaryPhone", "FreeFormNumber"),
    "name": ("DisplayName", ""),
}
SPENDING = ("Bill", "VendorCredit", "Purchase")


def _current(books: Books, kind: str, identifier: Any) -> Document:
    document = books.find(kind, str(identifier))
    if document is None:
        raise faults.not_found()
    return document


def _key(document: Document) -> Document:
    return {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True}


def _vendor_fields(wish: Document) -> Document:
    fields: Document = {}
    for name, value in wish.items():
        key, inner = WRAPPED.get(name, (name, ""))
        if name != "id":
            fields[key] = {inner: value} if inner else value
    return fields


def add_vendor(books: Books, wish: Document) -> Document:
    """A new vendor."""
    return documents.create(books, ENTITIES["Vendor"], _vendor_fields(wish))


def edit_vendor(books: Books, wish: Document) -> Document:
    """Change a vendor: fields as QuickBooks names them, or email, phone, name."""
    body = {**_key(_current(books, "Vendor", wish["id"])), **_vendor_fields(wish)}
    return documents.update(books, ENTITIES["Vendor"], body)


def rename_vendor(books: Books, wish: Document) -> Document:
    """Another display name."""
    return edit_vendor(books, {"id": wish["id"], "DisplayName": wish["name"]})


def deactivate_vendor(books: Books, wish: Document) -> Document:
    """Make a vendor inactive."""
    return edit_vendor(books, {"id": wish["id"], "Active": False})


def add_employee(books: Books, wish: Document) -> Document:
    """A new employee, whose name neither a customer nor a vendor may have."""
    return documents.create(books, ENTITIES["Employee"], {"DisplayName": wish["name"]})


def merge_vendors(books: Books, wish: Document) -> Document:
    """One vendor, `id`, goes into another, `into`."""
    return merge(books, "Vendor", str(wish["id"]), str(wish["into"]))


def merge_customers(books: Books, wish: Document) -> Document:
    """One customer, `id`, goes into another, `into`."""
    return merge(books, "Customer", str(wish["id"]), str(wish["into"]))


def pay_bill(books: Books, wish: Document) -> Document:
    """Pay `bill_ids` of one vendor, using up `credit_ids`; each may name an amount."""
    lines = _laid(books, "Bill", wish.get("bill_ids", ()))
    credits_ = _laid(books, "VendorCredit", wish.get("credit_ids", ()))
    if not lines:
        raise ValueError("name at least one bill")
    vendor = _current(books, "Bill", lines[0]["LinkedTxn"][0]["TxnId"])["VendorRef"]
    owed = sum(cents(line["Amount"]) for line in lines)
    used = sum(cents(line["Amount"]) for line in credits_)
    body: Document = {
        "VendorRef": {"value": vendor["value"]},
        "TotalAmt": money(max(owed - used, 0)),
        "Line": [*lines, *credits_],
        **_paid_from(books, wish),
    }
    for key, name in (("date", "TxnDate"), ("reference", "DocNumber"), ("note", "PrivateNote")):
        if wish.get(key):
            body[name] = wish[key]
    return documents.create(books, ENTITIES["BillPayment"], body)


def _laid(books: Books, kind: str, asked: Any) -> list[Document]:
    listed = asked if isinstance(asked, list | tuple) else [asked]
    lines = []
    for each in listed:
        named = each if isinstance(each, dict) else {"id": each}
        target = _current(books, kind, named["id"])
        amount = decimal(named.get("amount", target["Balance"]))
        link = {"TxnId": target["Id"], "TxnType": kind}
        lines.append({"Amount": amount, "LinkedTxn": [link]})
    return lines


def _paid_from(books: Books, wish: Document) -> Document:
    number = str(wish.get("account_number") or "")
    identifier = str(wish.get("account_id") or "") or books.account(number or _usual_bank(books))
    account = _current(books, "Account", identifier)
    kind = "CreditCard" if account["AccountType"] == "Credit Card" else "Check"
    place, key = PLACES[kind]
    return {"PayType": kind, place: {key: {"value": identifier}}}


def _usual_bank(books: Books) -> str:
    banks = [each for each in books.live_rows("Account") if each["AccountType"] == "Bank"]
    return min(str(each["AcctNum"]) for each in banks)


def apply_vendor_credit(books: Books, wish: Document) -> Document:
    """Lay a credit on a bill with a payment of nothing; without amount, as much as fits."""
    bill = _current(books, "Bill", wish["bill_id"])
    credit = _current(books, "VendorCredit", wish["credit_id"])
    amount = wish.get("amount") or min(decimal(bill["Balance"]), decimal(credit["Balance"]))
    part = {"amount": amount}
    wish = {**wish, "bill_ids": [{"id": bill["Id"], **part}]}
    return pay_bill(books, {**wish, "credit_ids": [{"id": credit["Id"], **part}]})


def edit_spending(books: Books, wish: Document) -> Document:
    """Change a Bill, VendorCredit or Purchase: writable fields, or `amount` of its first line."""
    kind = str(wish["kind"])
    if kind not in SPENDING:
        raise ValueError(f"kind must be one of {', '.join(SPENDING)}")
    document = _current(books, kind, wish["id"])
    body = _key(document)
    for name in ENTITIES[kind].needed_on_update:
        body[name] = document[name]
    skipped = ("id", "kind", "amount")
    body.update({name: value for name, value in wish.items() if name not in skipped})
    if wish.get("amount") is not None:
        first = expense_lines(document)[0]
        for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
            detail_of(first).pop(key, None)
        first["Amount"] = decimal(wish["amount"])
        body["Line"] = document["Line"]
    return documents.update(books, ENTITIES[kind], body)


def edit_bill(books: Books, wish: Document) -> Document:
    """Change a bill."""
    return edit_spending(books, {**wish, "kind": "Bill"})


def let_go(books: Books, kind: str, identifier: str) -> None:
    """In QuickBooks itself a settled bill or credit may go; what paid it shrinks or goes too."""
    for link in books.links_to(kind, identifier):
        payment = _current(books, link["from_kind"], link["from_id"])
        kept = [line for line in payment["Line"] if line["LinkedTxn"][0]["TxnId"] != identifier]
        if link["from_kind"] != "BillPayment":
            continue
        if not payment["TotalAmt"]:
            documents.delete(books, ENTITIES["BillPayment"], _key(payment))
            continue
        body = {**_key(payment), "VendorRef": payment["VendorRef"], "Line": _fitting(payment, kept)}
        documents.update(books, ENTITIES["BillPayment"], body)


def _fitting(payment: Document, lines: list[Document]) -> list[Document]:
    """Lines that still fit the money of the payment once a credit is gone, or a bill."""
    bills = [line for line in lines if line["LinkedTxn"][0]["TxnType"] == "Bill"]
    credits_ = [line for line in lines if line not in bills] if bills else []
    left = cents(payment["TotalAmt"]) + sum(cents(line["Amount"]) for line in credits_)
    fitting = []
    for line in bills:
        share = min(cents(line["Amount"]), left)
        left -= share
        if share:
            fitting.append({**line, "Amount": money(share)})
    return [*fitting, *credits_]


ACTIONS: dict[str, Callable[[Books, Document], Document]] = {
    action.__name__: action
    for action in (
        add_vendor,
        edit_vendor,
        rename_vendor,
        deactivate_vendor,
        merge_vendors,
        merge_customers,
        add_employee,
        pay_bill,
        apply_vendor_credit,
        edit_spending,
        edit_bill,
    )
}
