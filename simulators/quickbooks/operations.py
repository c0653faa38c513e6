"""What the accounting API can be asked for, without HTTP: one function per kind of request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.quickbooks import documents, faults, gate, queries
from simulators.quickbooks.attachments import temporary_uri
from simulators.quickbooks.books import Books
from simulators.quickbooks.changes import changes
from simulators.quickbooks.entities.fields import Entity
from simulators.quickbooks.entities.registry import BY_LOWER, ENTITIES
from simulators.quickbooks.mail import PRINTED, pdf, send
from simulators.quickbooks.reports import report
from simulators.quickbooks.rules import ON_ITEMS, Scene
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.uploads import upload

MOST_ITEMS = 30


@dataclass
class Call:
    """One request after the gate."""

    simulator: Simulator
    books: Books
    method: str
    parts: list[str]
    parameters: Mapping[str, str]
    body: bytes = b""
    content_type: str = ""
    reads: int = 0
    operation: str = "read"
    raw: bytes = b""
    raw_type: str = ""
    items: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The whole path."""
        return "/".join(["", "v3", "company", self.books.realm, *self.parts])


def perform(call: Call) -> str:
    """The content of an answer without its outer braces and time."""
    head = call.parts[0].lower() if call.parts else ""
    if head in SPECIAL and len(call.parts) == SPECIAL[head][0]:
        return SPECIAL[head][1](call)
    entity = BY_LOWER.get(head)
    if entity is None:
        raise faults.unsupported(call.path)
    if len(call.parts) == 1:
        return _collection(call, entity)
    return _single(call, entity)


def _collection(call: Call, entity: Entity) -> str:
    if call.method == "POST":
        body = _json(call.body)
        if not isinstance(body, dict):
            raise faults.unreadable("Property Name:Can not deserialize instance of object")
        document = apply(call.books, entity, body, call.parameters)
        return f'"{entity.name}":{write(document)}'
    if entity.name in ("Preferences", "CompanyInfo"):
        return _read(call, entity, "1")
    raise faults.unsupported(call.path)


def _single(call: Call, entity: Entity) -> str:
    identifier = call.parts[1]
    if entity.name == "CompanyInfo" and identifier == call.books.realm:
        identifier = "1"
    identifier = documents.require_id(identifier) if len(call.parts) == 2 else identifier  # noqa: PLR2004
    tail = call.parts[2:]
    if call.method == "GET" and not tail:
        return _read(call, entity, identifier)
    if call.method == "GET" and tail == ["pdf"] and entity.name in PRINTED:
        call.raw, call.raw_type = pdf(call.books, entity, identifier), "application/pdf"
        return ""
    if call.method == "POST" and tail == ["send"] and entity.name in PRINTED:
        document = send(call.books, entity, identifier, call.parameters.get("sendTo", ""))
        return f'"{entity.name}":{write(document)}'
    raise faults.unsupported(call.path)


def _read(call: Call, entity: Entity, identifier: str) -> str:
    document = call.books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    entity.overlay(call.books, [document])
    shown = {key: value for key, value in document.items() if key not in entity.hidden_on_read}
    return f'"{entity.name}":{write(shown)}'


def operation_of(body: Mapping[str, Any], parameters: Mapping[str, str]) -> str:
    """Whether a write creates, updates, voids or deletes."""
    asked = parameters.get("operation", "")
    if asked in ("delete", "void"):
        return asked
    if "void" in parameters.get("include", "").split(","):
        return "void"
    return "update" if asked == "update" or body.get("Id") else "create"


def refuse_unpaid(books: Books) -> None:
    """A company whose subscription ended is read only (6190)."""
    if books.facts["subscription"] == "EXPIRED":
        raise faults.subscription_over()


def apply(
    books: Books, entity: Entity, body: dict[str, Any], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """Carry out one write."""
    refuse_unpaid(books)
    includes = parameters.get("include", "").split(",")
    if "allowduplicatedocnum" in includes:
        books.facts = {**books.facts, "allow_duplicate_numbers": True}
    writers = {
        "create": documents.create,
        "update": documents.update,
        "void": documents.void,
        "delete": documents.delete,
    }
    document = writers[operation_of(body, parameters)](books, entity, body)
    if document.get("status") != "Deleted":
        entity.overlay(books, [document])
    return {key: value for key, value in document.items() if key not in entity.hidden_after_write}


def _query(call: Call) -> str:
    statement = call.parameters.get("query", "")
    if call.method == "POST" and call.body:
        statement = call.body.decode("utf-8", "replace")
    if not statement.strip():
        raise faults.query_unparsable('Encountered "<EOF>" at line 1, column 0.')
    lag = call.simulator.knobs.scaled(call.simulator.knobs.query_lag_seconds)
    return f'"QueryResponse":{queries.answer(call.books, statement, lag)}'


def _cdc(call: Call) -> str:
    names = call.parameters.get("entities", "")
    since = call.parameters.get("changedSince", "")
    lag = call.simulator.knobs.scaled(call.simulator.knobs.query_lag_seconds)
    return f'"CDCResponse":{changes(call.books, names, since, lag)}'


def _batch(call: Call) -> str:
    body = _json(call.body)
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise faults.Fault(faults.missing("BatchItemRequest"))
    if len(items) > MOST_ITEMS:
        raise faults.batch_too_large(len(items))
    call.items, call.books.by = len(items), "batch"
    frame = call.books.request_id
    answers = []
    for item in items:
        call.books.request_id = f"{frame}/{item.get('bId', '')}"
        answers.append(_item(call, item))
    return f'"BatchItemResponse":[{",".join(answers)}]'


def _item(call: Call, item: dict[str, Any]) -> str:
    """One item: its own transaction, its own fault, nothing shared with the others."""
    before = list(call.books.events)
    try:
        with call.simulator.store.transaction():
            content = _item_content(call, item)
    except (faults.Fault, faults.GatewayFault) as fault:
        call.books.events = before
        told = fault if isinstance(fault, faults.Fault) else faults.throttled_item()
        content = f'"Fault":{write(told.body())}'
    return f'{{{content},"bId":{write(str(item.get("bId", "")))}}}'


def _item_content(call: Call, item: dict[str, Any]) -> str:
    _spoil(call, item)
    if "Query" in item:
        gate.count_reads(call.simulator, call.books.realm, 1)
        call.reads += 1
        lag = call.simulator.knobs.scaled(call.simulator.knobs.query_lag_seconds)
        return f'"QueryResponse":{queries.answer(call.books, str(item["Query"]), lag)}'
    names = [name for name in item if name in ENTITIES]
    if not names:
        raise faults.unsupported(call.path)
    entity = ENTITIES[names[0]]
    options = str(item.get("optionsData", ""))
    operation = str(item.get("operation", "create"))
    parameters = {"operation": operation if operation in ("delete", "update") else ""}
    parameters["include"] = options
    facts = call.books.facts
    try:
        document = apply(call.books, entity, item[entity.name], parameters)
    finally:
        call.books.facts = facts
    return f'"{entity.name}":{write(document)}'


def _spoil(call: Call, item: dict[str, Any]) -> None:
    """Refuse the items that a rule has chosen, and no others."""
    if not call.simulator.rules.rules:
        return
    entity = next((name for name in item if name in ENTITIES), "Query")
    operation = "read" if entity == "Query" else str(item.get("operation", "create"))
    place = str(item.get("bId", ""))
    scene = Scene(call.books.realm, entity.lower(), operation, "POST", place, write(item))
    rule = call.simulator.strike(scene, ON_ITEMS)
    if rule is not None:
        raise faults.of_item(str(rule.code))


def _json(body: bytes) -> Any:
    try:
        return read(body)
    except ValueError as error:
        detail = f"Property Name:Unexpected character or invalid UTF-8: {error}"
        raise faults.unreadable(detail) from error


def _upload(call: Call) -> str:
    if call.method != "POST":
        raise faults.unsupported(call.path)
    refuse_unpaid(call.books)
    return upload(call.books, call.content_type, call.body)


def _download(call: Call) -> str:
    """The temporary address of a file, as plain text."""
    document = call.books.find("Attachable", documents.require_id(call.parts[1]))
    if document is None or "FileAccessUri" not in document:
        raise faults.not_found()
    call.raw = temporary_uri(call.books, document).encode()
    call.raw_type = "text/plain"
    return ""


def _report(call: Call) -> str:
    """A report; its answer has no envelope."""
    if call.method != "GET":
        raise faults.unsupported(call.path)
    found = report(call.books, call.parts[1], call.parameters)
    if found is None:
        raise faults.unsupported(call.path)
    call.raw, call.raw_type = write(found).encode(), "application/json;charset=utf-8"
    return ""


SPECIAL: dict[str, tuple[int, Callable[[Call], str]]] = {
    "query": (1, _query),
    "reports": (2, _report),
    "cdc": (1, _cdc),
    "batch": (1, _batch),
    "upload": (1, _upload),
    "download": (2, _download),
}
