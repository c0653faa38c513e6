"""Create, update, void, deactivate and delete: the one way in for the API and the bookkeeper."""

from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.entities.fields import COMMON, Document, Entity
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.posting import replace_rows
from simulators.quickbooks.serialise import write
from simulators.quickbooks.shapes import clean


def require_id(value: Any) -> str:
    """An Id that is a number in text (2030)."""
    text = str(value if value is not None else "")
    if not (text.isdigit() or text in ("TAX", "NON")):
        raise faults.invalid_id(text)
    return text


def create(books: Books, entity: Entity, body: Document) -> Document:
    """Make a new object out of a request body."""
    if not entity.can_create:
        raise faults.unsupported(f"/v3/company/{books.realm}/{entity.name.lower()}")
    draft = _filled(clean(entity, body, partial=False))
    _resolve(books, entity, draft)
    entity.prepare(books, draft, None)
    moment = stamp(books.moment)
    meta: Document = {"CreateTime": moment}
    if entity.names_editor:
        meta["LastModifiedByRef"] = {"value": books.facts["user"]}
    meta["LastUpdatedTime"] = moment
    draft.update(domain="QBO", sparse=False, SyncToken="0", MetaData=meta)
    draft["Id"] = str(books.store.next_number(books.realm, entity.family))
    _number_addresses(books, entity, draft, None)
    document = _ordered(entity, draft)
    books.put(entity.name, document)
    books.remember_origin(entity.name, document)
    entity.settle(books, document, None)
    books.note(entity.name, document["Id"], "Create")
    for kind, wanted in entity.follow_ups(books, document):
        create(books, ENTITIES[kind], wanted)
    return document


def update(books: Books, entity: Entity, body: Document) -> Document:
    """Change an object, sparse or whole; identical content changes nothing at all."""
    previous = _present(books, entity, body)
    sparse = body.get("sparse") in (True, "true")
    partial = sparse or entity.is_transaction
    left_out = [name for name in entity.needed_on_update if not body.get(name)]
    if left_out:
        raise faults.Fault(*map(faults.missing, left_out))
    changes = clean(entity, body, partial=partial)
    draft = _merged(entity, previous, changes, sparse=sparse)
    absent = [
        field
        for field in entity.fields
        if field.required and draft.get(field.name) in (None, [], {}, "")
    ]
    if absent:
        raise faults.Fault(*(faults.missing(field.name) for field in absent))
    _resolve(books, entity, draft)
    draft["Id"] = previous["Id"]
    entity.prepare(books, draft, previous)
    return _store(books, entity, draft, previous)


def _store(books: Books, entity: Entity, draft: Document, previous: Document) -> Document:
    draft.update({key: previous[key] for key in ("domain", "sparse", "SyncToken")})
    draft["MetaData"] = dict(previous["MetaData"])
    _number_addresses(books, entity, draft, previous)
    document = _ordered(entity, draft)
    if write(document) == write(previous):
        return document
    document["SyncToken"] = str(int(previous["SyncToken"]) + 1)
    document["MetaData"]["LastUpdatedTime"] = stamp(books.moment)
    books.put(entity.name, document)
    entity.settle(books, document, previous)
    books.put(entity.name, document)
    books.note(entity.name, document["Id"], "Update")
    return document


def void(books: Books, entity: Entity, body: Document, *, by_hand: bool = False) -> Document:
    """Void a transaction: it stays, with nothing left in it."""
    if not (entity.can_void or (by_hand and entity.voids_by_hand)):
        raise faults.unsupported(f"/v3/company/{books.realm}/{entity.name.lower()}")
    previous = _present(books, entity, body)
    books.refuse_closed(previous, previous)
    if previous.get("PrivateNote", "").startswith("Voided") and not previous["TotalAmt"]:
        return previous
    return _voided(books, entity, previous)


def _voided(books: Books, entity: Entity, previous: Document) -> Document:
    document = dict(previous, MetaData=dict(previous["MetaData"]))
    entity.void(books, document)
    document = _ordered(entity, document)
    document["SyncToken"] = str(int(previous["SyncToken"]) + 1)
    document["MetaData"]["LastUpdatedTime"] = stamp(books.moment)
    books.put(entity.name, document)
    entity.settle(books, document, previous)
    books.note(entity.name, document["Id"], "Void")
    return document


def delete(books: Books, entity: Entity, body: Document) -> Document:
    """Delete a transaction; only CDC and webhooks still tell of it."""
    if not entity.can_delete:
        raise faults.unsupported(f"/v3/company/{books.realm}/{entity.name.lower()}")
    document = _present(books, entity, body)
    books.refuse_closed(document, document)
    entity.before_delete(books, document)
    identifier = document["Id"]
    replace_rows(books, entity.name, document, [])
    gone = {"domain": "QBO", "status": "Deleted", "Id": identifier}
    trace = {**gone, "MetaData": {"LastUpdatedTime": stamp(books.moment)}}
    books.store.execute(
        "UPDATE objects SET status = 'deleted', updated = ?, body = ?, last_body = ? "
        "WHERE realm = ? AND entity = ? AND id = ?",
        (books.moment, write(trace), write(document), books.realm, entity.name, identifier),
    )
    books.relink(entity.name, identifier, [])
    if document.get("CustomerRef"):
        books.refresh_customer(document["CustomerRef"]["value"])
    entity.after_delete(books, document)
    books.note(entity.name, identifier, "Delete")
    return gone


def _present(books: Books, entity: Entity, body: Document) -> Document:
    """The object a write names, at the SyncToken it names (610, 5010)."""
    identifier = require_id(body.get("Id"))
    document = books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    if body.get("SyncToken") is None:
        if entity.deletes_without_token:
            return document
        raise faults.Fault(faults.missing("SyncToken"))
    if str(body["SyncToken"]) != document["SyncToken"]:
        raise faults.stale()
    return document


def _filled(draft: Document) -> Document:
    return {name: value for name, value in draft.items() if value is not None}


def _merged(entity: Entity, previous: Document, changes: Document, *, sparse: bool) -> Document:
    """What the object is to be: sparse keeps what was not sent, a whole update does not."""
    if sparse:
        draft = {key: value for key, value in previous.items() if key not in COMMON}
        for field in entity.fields:
            if field.read_only:
                draft.pop(field.name, None)
        draft.update(changes)
    else:
        draft = dict(changes)
        for field in entity.fields:
            kept = field.sticky or field.required or field.name in entity.keeps_on_full_update
            if kept and field.name in previous and field.name not in draft:
                draft[field.name] = previous[field.name]
    for field in entity.fields:
        if field.sticky and draft.get(field.name, 0) is None and field.name in previous:
            draft[field.name] = previous[field.name]
    return _filled(draft)


def _resolve(books: Books, entity: Entity, draft: Document) -> None:
    """References must lead somewhere; answers show the name."""
    for field in entity.fields:
        if field.kind != "ref" or not draft.get(field.name):
            continue
        identifier = draft[field.name]["value"]
        target = books.get(field.target, identifier)
        draft[field.name] = {"value": identifier}
        if field.named:
            draft[field.name]["name"] = shown_name(field.target, target)


def shown_name(kind: str, document: Document) -> str:
    """The name a reference carries."""
    keys = ("DisplayName", "Name") if kind == "Customer" else ("FullyQualifiedName", "DisplayName")
    for key in (*keys, "Name"):
        if document.get(key):
            return str(document[key])
    return ""


def _number_addresses(
    books: Books, entity: Entity, draft: Document, previous: Document | None
) -> None:
    for field in entity.fields:
        address = draft.get(field.name)
        if field.kind != "address" or not address:
            continue
        content = {key: value for key, value in address.items() if value and key != "Id"}
        before = (previous or {}).get(field.name)
        if before and {key: value for key, value in before.items() if key != "Id"} == content:
            draft[field.name] = before
        elif entity.is_transaction and address.get("Id"):
            draft[field.name] = {"Id": address["Id"], **content}
        else:
            number = books.store.next_number(books.realm, "addresses")
            draft[field.name] = {"Id": str(number), **content}


def _ordered(entity: Entity, draft: Document) -> Document:
    place = entity.order
    names = sorted((name for name in draft if name in place), key=lambda name: place[name])
    return {name: draft[name] for name in names if draft[name] is not None}
