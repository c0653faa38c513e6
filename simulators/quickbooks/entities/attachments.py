"""Attachables: a file or a note that hangs on documents (field guide 3, Attachments)."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simulators.quickbooks import faults
from simulators.quickbooks.attachments import access_uri, drop, temporary_uri
from simulators.quickbooks.entities.fields import GROUP, Document, Entity, Field, computed, ignored

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

FIRST = 5_000_000_000_000_500_000
ANY_REF = (
    "EXISTS (SELECT 1 FROM json_each(body, '$.AttachableRef') AS r "
    "WHERE json_extract(r.value, '$.EntityRef.{}') COLLATE NOCASE = ?)"
)
KEPT = ("FileAccessUri", "Size")


class Attachable(Entity):
    """What the upload makes, or a note without a file."""

    name = "Attachable"
    family = "attachables"
    notifies = False
    deletable = True
    deletes_without_token = True
    conditions = MappingProxyType(
        {
            "attachableref.entityref.value": ANY_REF.format("value"),
            "attachableref.entityref.type": ANY_REF.format("type"),
        }
    )
    fields = (
        Field("FileName", maximum=1000, sticky=True),
        computed("FileAccessUri", "text", filterable=False),
        computed("TempDownloadUri", "text", filterable=False),
        computed("Size", "number", filterable=False),
        Field("ContentType", maximum=100, filterable=False, sticky=True),
        Field("Category", maximum=100, filterable=False),
        Field("Tag", maximum=2000, filterable=False),
        Field("PlaceName", maximum=2000, filterable=False),
        GROUP,
        Field("AttachableRef", "raw", filterable=False),
        Field("Note", maximum=2000),
        *ignored("Lat", "Long", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"),
        *ignored("AttachableEx", "CustomField"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Whatever it hangs on must exist; without a file there must be a note."""
        if previous is None:
            books.store.raise_counter(books.realm, self.family, FIRST)
        if not draft.get("FileName") and not draft.get("Note"):
            raise faults.Fault(faults.missing("Note"))
        draft.update({key: previous[key] for key in KEPT if previous and key in previous})
        if draft.get("AttachableRef"):
            draft["AttachableRef"] = [self._place(books, each) for each in draft["AttachableRef"]]

    def _place(self, books: "Books", reference: Document) -> Document:
        named: dict[str, Any] = reference.get("EntityRef") or {}
        kind, identifier = str(named.get("type", "")), str(named.get("value", ""))
        kind = books.kind_named(kind)
        if books.row(kind, identifier) is None:
            raise faults.business(
                f"The entity {kind} {identifier} that you are trying to link does not exist. "
                f"{kind} {identifier}"
            )
        on_send = bool(reference.get("IncludeOnSend", False))
        return {"EntityRef": {"value": identifier, "type": kind}, "IncludeOnSend": on_send}

    def after_delete(self, books: "Books", document: Document) -> None:
        """The file goes with it."""
        drop(books, document["Id"])

    def overlay(self, books: "Books", documents: list[Document]) -> None:
        """Files show where they can be fetched, for a quarter of an hour."""
        for document in documents:
            if document.get("FileAccessUri") == access_uri(books, document["Id"]):
                document["TempDownloadUri"] = temporary_uri(books, document)
                ordered = sorted(document, key=lambda name: self.order.get(name, 0))
                content = {name: document[name] for name in ordered}
                document.clear()
                document.update(content)
