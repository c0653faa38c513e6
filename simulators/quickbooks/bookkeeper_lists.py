"""What a person changes in QuickBooks' own lists: accounts, items and ways of paying."""

from collections.abc import Callable
from typing import Any

from simulators.quickbooks import documents, faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.lists import ACCOUNT_TYPES
from simulators.quickbooks.entities.names import DELETED
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.store import Document

NEEDED = "QuickBooks needs this account itself; it stays as it is."
FIELDS = {"name": "Name", "number": "AcctNum", "description": "Description"}


def _current(books: Books, kind: str, identifier: Any) -> Document:
    document = books.find(kind, str(identifier))
    if document is None:
        raise faults.not_found()
    return document


def _key(document: Document) -> Document:
    return {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True}


def _account(books: Books, wish: Document) -> Document:
    identifier = wish.get("id") or books.account(str(wish["account_number"]))
    return _current(books, "Account", identifier)


def add_account(books: Books, wish: Document) -> Document:
    """A new account: `name`, `type`, and perhaps `number`."""
    body: Document = {"AccountType": wish["type"]}
    body.update({name: wish[key] for key, name in FIELDS.items() if wish.get(key)})
    return documents.create(books, ENTITIES["Account"], body)


def edit_account(books: Books, wish: Document) -> Document:
    """Rename an account, or change its `number`, `description` or `type`."""
    account = _account(books, wish)
    body = {**_key(account), "Name": account["Name"]}
    body.update({name: wish[key] for key, name in FIELDS.items() if key in wish})
    if wish.get("type") and wish["type"] != account["AccountType"]:
        _refuse_own(books, account)
        usual = ACCOUNT_TYPES.get(wish["type"], ("", ""))[1]
        body.update(AccountType=wish["type"], AccountSubType=usual)
    return documents.update(books, ENTITIES["Account"], body)


def deactivate_account(books: Books, wish: Document) -> Document:
    """Make an account inactive."""
    account = _account(books, wish)
    _refuse_own(books, account)
    body = {**_key(account), "Name": account["Name"], "Active": False}
    return documents.update(books, ENTITIES["Account"], body)


def activate_account(books: Books, wish: Document) -> Document:
    """Make an account active again, under the name it had."""
    account = _account(books, wish)
    body = {**_key(account), "Name": account["Name"].removesuffix(DELETED), "Active": True}
    return documents.update(books, ENTITIES["Account"], body)


def _refuse_own(books: Books, account: Document) -> None:
    if account["Id"] in books.facts["accounts"].values():
        raise faults.business(NEEDED)


def add_payment_method(books: Books, wish: Document) -> Document:
    """A new way of paying."""
    kind = "CREDIT_CARD" if wish.get("card") else "NON_CREDIT_CARD"
    body = {"Name": wish["name"], "Type": kind}
    return documents.create(books, ENTITIES["PaymentMethod"], body)


def edit_payment_method(books: Books, wish: Document) -> Document:
    """Rename a way of paying, or make it inactive (`active` false) or active again."""
    method = _current(books, "PaymentMethod", wish["id"])
    body = {**_key(method), "Name": wish.get("name", method["Name"])}
    body["Active"] = bool(wish.get("active", method["Active"]))
    return documents.update(books, ENTITIES["PaymentMethod"], body)


def edit_item(books: Books, wish: Document) -> Document:
    """Change an item, for instance point it at another income account."""
    item = _current(books, "Item", wish["id"])
    body = _key(item)
    body.update(
        {name: value for name, value in wish.items() if name not in ("id", "account_number")}
    )
    if wish.get("account_number"):
        body["IncomeAccountRef"] = {"value": books.account(str(wish["account_number"]))}
    return documents.update(books, ENTITIES["Item"], body)


def touch(books: Books, wish: Document) -> Document:
    """Change the first `number` objects of a kind, all in the same second."""
    kind, number = books.kind_named(str(wish["kind"])), int(wish["number"])
    documents_of_kind = books.live_rows(kind)[:number]
    for document in documents_of_kind:
        books.write(kind, document, bump=True)
    return {"touched": len(documents_of_kind)}


ACTIONS: dict[str, Callable[[Books, Document], Document]] = {
    action.__name__: action
    for action in (
        add_account,
        edit_account,
        deactivate_account,
        activate_account,
        add_payment_method,
        edit_payment_method,
        edit_item,
        touch,
    )
}
