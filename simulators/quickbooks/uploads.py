"""The upload of files: multipart in, one attachable or one fault per file out."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

from simulators.quickbooks import documents, faults
from simulators.quickbooks.attachments import access_uri, keep
from simulators.quickbooks.books import Books
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.store import Document

MOST_BYTES = 100 * 1024 * 1024
METADATA, CONTENT = "file_metadata_", "file_content_"


@dataclass(frozen=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str
    kind: str
    content: bytes


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body; a Fault when it is not multipart."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_maintype() != "multipart" or not boundary:
        raise faults.unreadable("Property Name:An upload must be multipart/form-data")
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    return [_part(each) for each in sections[1:] if not each.startswith(b"--")]


def _part(section: bytes) -> Part:
    head, _gap, content = section.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = BytesHeaderParser().parsebytes(head + b"\r\n\r\n")
    name = headers.get_param("name", "", "content-disposition")
    return Part(str(name), headers.get_filename("") or "", headers.get_content_type(), content)


def upload(books: Books, content_type: str, body: bytes) -> str:
    """The AttachableResponse of an upload; each file stands or falls alone."""
    parts = {part.name: part for part in parts_of(content_type, body)}
    files = [name for name in parts if name.startswith(CONTENT)]
    if not files:
        raise faults.Fault(faults.missing(f"{CONTENT}01"))
    answers = []
    for name in files:
        metadata = parts.get(METADATA + name.removeprefix(CONTENT))
        answers.append(_answer(books, metadata, parts[name]))
    return f'"AttachableResponse":{write(answers)}'


def _answer(books: Books, metadata: Part | None, part: Part) -> Document:
    before = list(books.events)
    try:
        with books.store.transaction():
            document = attach(books, _metadata(metadata), part)
    except faults.Fault as fault:
        books.events = before
        return {"Fault": fault.body()}
    return {"Attachable": document}


def _metadata(part: Part | None) -> Document:
    if part is None:
        return {}
    try:
        body: Any = read(part.content)
    except ValueError as error:
        raise faults.unreadable(f"Property Name:{part.name} is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise faults.unreadable(f"Property Name:{part.name} is not an object")
    return body


def attach(books: Books, metadata: Document, part: Part) -> Document:
    """Make an attachable with its file."""
    if len(part.content) > MOST_BYTES:
        raise faults.rule("6030", "File too large", "The file is larger than 100 MB.")
    if not part.content:
        raise faults.business("The file to attach is empty.")
    body = {"FileName": part.filename or "attachment", "ContentType": part.kind, **metadata}
    entity = ENTITIES["Attachable"]
    document = documents.create(books, entity, body)
    identifier = document["Id"]
    keep(books, identifier, part.content)
    document.update(FileAccessUri=access_uri(books, identifier), Size=len(part.content))
    ordered = sorted(document, key=lambda name: entity.order.get(name, 0))
    document = {name: document[name] for name in ordered}
    books.put("Attachable", document)
    entity.overlay(books, [document])
    return document
