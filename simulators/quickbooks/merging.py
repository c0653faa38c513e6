"""Two entries of a name list become one: what named the one that goes names the other."""

from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.documents import shown_name
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.payables import refresh_vendor
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.store import Document

OWN = {"Customer": ("CustomerRef", "ParentRef"), "Vendor": ("VendorRef",)}
TYPED = ("EntityRef", "Entity")


def merge(books: Books, kind: str, loser: str, survivor: str) -> Document:
    """Let one customer or vendor go and everything of it follow the other."""
    gone, kept = books.find(kind, loser), books.find(kind, survivor)
    if gone is None or kept is None:
        raise faults.not_found()
    if loser == survivor:
        raise ValueError("a name cannot be merged with itself")
    _move(books, kind, loser, kept)
    trace: Document = {"domain": "QBO", "status": "Deleted", "Id": loser}
    trace["MetaData"] = {"LastUpdatedTime": stamp(books.moment)}
    books.store.execute(
        "UPDATE objects SET status = 'deleted', active = 0, updated = ?, body = ?, last_body = ? "
        "WHERE realm = ? AND entity = ? AND id = ?",
        (books.moment, write(trace), write(gone), books.realm, kind, loser),
    )
    if kind == "Customer":
        books.refresh_customer(survivor)
    else:
        refresh_vendor(books, survivor)
    kept = books.get(kind, survivor)
    books.write(kind, kept, bump=True)
    books.note(kind, survivor, "Merge", loser)
    return kept


def _move(books: Books, kind: str, loser: str, kept: Document) -> None:
    rows = books.store.rows(
        "SELECT entity, body FROM objects WHERE realm = ? AND status = 'live' "
        "AND instr(body, ?) > 0 ORDER BY number",
        books.realm,
        f'"value":"{loser}"',
    )
    target = {"value": kept["Id"], "name": shown_name(kind, kept)}
    for row in rows:
        document = read(row["body"])
        if _renamed(document, kind, loser, target):
            moves = ENTITIES[row["entity"]].is_transaction
            books.write(row["entity"], document, bump=moves)


def _renamed(value: Any, kind: str, loser: str, target: Document) -> bool:
    """Point every reference inside a document elsewhere; whether there was one."""
    if isinstance(value, list):
        inside = [_renamed(each, kind, loser, target) for each in value]
        return any(inside)
    if not isinstance(value, dict):
        return False
    found = False
    for name, inner in value.items():
        typed = (
            {**inner, "type": value.get("Type")}
            if name == "EntityRef" and "Type" in value
            else inner
        )
        if isinstance(inner, dict) and _names(name, typed, kind, loser):
            inner.update({key: target[key] for key in target if key == "value" or key in inner})
            found = True
        else:
            found = _renamed(inner, kind, loser, target) or found
    return found


def _names(field: str, reference: Document, kind: str, loser: str) -> bool:
    if reference.get("value") != loser:
        return False
    typed = str(reference.get("type", "")).lower() == kind.lower()
    return field in OWN[kind] or (field in TYPED and typed)
