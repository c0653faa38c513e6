"""A file on a document: the Attachable, and the multipart body that carries its bytes. Pure."""

import re
from hashlib import sha256

from integrations.contracts import AttachmentDraft, AttachmentRecord, Kind, RemoteRef
from integrations.quickbooks.mapping.encoding import (
    Json,
    a_line,
    changed_at,
    decode,
    identity_of,
    rows_at,
    text_at,
)

# What QuickBooks calls the documents that files hang on.
TARGETS = {
    Kind.INVOICE: "Invoice",
    Kind.CREDIT_NOTE: "CreditMemo",
    Kind.PAYMENT: "Payment",
    Kind.BILL: "Bill",
    Kind.SUPPLIER_CREDIT: "VendorCredit",
    Kind.PURCHASE: "Purchase",
}
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._ -]")
_LONGEST_NAME = 1000


def attachment_payload(
    draft: AttachmentDraft, *, existing: RemoteRef | None = None
) -> dict[str, object]:
    """The metadata. QuickBooks mails its own PDF, so ours is not sent along."""
    target = {"type": TARGETS[draft.target_kind], "value": draft.target_id}
    body: dict[str, object] = {
        "AttachableRef": [{"EntityRef": target, "IncludeOnSend": False}],
        "FileName": a_line(draft.file_name, _LONGEST_NAME) or "file",
        "ContentType": draft.content_type,
        "Note": draft.marker,
    }
    return body if existing is None else identity_of(existing.id, existing.revision) | body


def attachment_record(row: Json) -> AttachmentRecord:
    """An Attachable as it came."""
    return AttachmentRecord(
        ref=RemoteRef(Kind.ATTACHMENT, text_at(row, "Id"), text_at(row, "SyncToken")),
        file_name=text_at(row, "FileName"),
        content_type=text_at(row, "ContentType"),
        size=int(text_at(row, "Size") or 0),
        target_ids=tuple(
            text_at(each, "EntityRef", "value") for each in rows_at(row, "AttachableRef")
        ),
        marker=text_at(row, "Note"),
        changed_at=changed_at(row),
    )


def multipart(metadata: bytes, content: bytes) -> tuple[str, bytes]:
    """The content type and the body of an upload; the same bytes give the same body."""
    described = decode(metadata.decode())
    described = described if isinstance(described, dict) else {}
    name = _NOT_PLAIN.sub("_", text_at(described, "FileName"))[-100:] or "file"
    boundary = f"ascora-{sha256(metadata + content).hexdigest()}"
    parts = [
        ("file_metadata_01", "attachment.json", "application/json", metadata),
        ("file_content_01", name, text_at(described, "ContentType"), content),
    ]
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n\r\n".encode()
        + inside
        + b"\r\n"
        for part, file, kind, inside in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()
