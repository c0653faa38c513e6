"""Which of our documents is which document in the books. Asks the books nothing; runs inside
`acting_for`.
"""

from collections.abc import Sequence
from typing import cast

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Now

from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from integrations.comparison import essence, total_in
from integrations.contracts import (
    DeletedRecord,
    Kind,
    Record,
    RemoteRef,
    Totalled,
)
from integrations.models import Connection, RemoteLink

# What can stand in the books, in the order of what depends on what. Label and kind are not one to
# one: an expense is a bill or a purchase, and the application of a credit note is a payment.
LABELS = (
    "chart.ledgeraccount",
    "jobs.customer",
    "inventory.supplier",
    "payments.invoice",
    "payments.creditnote",
    "payments.refund",
    "payments.payment",
    "payments.creditapplication",
    "jobs.expense",
    "inventory.supplierinvoice",
    "attachments.attachment",
)


# In what a link has seen: the ids of those that were merged into it over there.
ALSO = "also"
# Whom the books let stand for one that is gone there.
MERGED_INTO = "merged_into"
_PARTIES = ("customer_id", "payee_id")


def label_of(document: OwnedModel) -> str:
    """The name under which outbox, links and attempts know this kind of document."""
    return document._meta.label_lower


def document_at(connection: Connection, *, label: str, pk: int) -> OwnedModel | None:
    """Our own document behind a label and a key, or None when it was deleted here."""
    model = cast("type[OwnedModel]", apps.get_model(label))
    rows: OwnedQuerySet[OwnedModel] = model.objects.owned_by(connection.organization)
    document = rows.filter(pk=pk).first()
    if document is not None:
        document.organization = connection.organization
    return document


def links_of(connection: Connection) -> OwnedQuerySet[RemoteLink]:
    """Every link of the connection, those to deleted documents too."""
    return RemoteLink.objects.owned_by(connection.organization).filter(connection=connection)


def link_of(connection: Connection, document: OwnedModel) -> RemoteLink | None:
    """Where this document stands in the books, unless it was deleted there."""
    return (
        links_of(connection)
        .filter(label=label_of(document), object_pk=document.pk, gone_at=None)
        .first()
    )


def link_to(connection: Connection, ref: RemoteRef) -> RemoteLink | None:
    """The link to this document of the books, also to one that was deleted there."""
    return links_of(connection).filter(kind=ref.kind, remote_id=ref.id).first()


def ref_of(link: RemoteLink) -> RemoteRef:
    """The document in the books with the revision that it was last seen at."""
    return RemoteRef(kind=Kind(link.kind), id=link.remote_id, revision=link.revision)


def is_void(record: Record) -> bool:
    """A document that is worth nothing any more."""
    return isinstance(record, Totalled) and record.is_void


def remember(connection: Connection, document: OwnedModel, record: Record) -> RemoteLink:
    """Link this document to that record, and note what it says there. May be called again."""
    link = link_of(connection, document) or RemoteLink(
        organization=connection.organization,
        connection=connection,
        label=label_of(document),
        object_pk=document.pk,
        kind=record.ref.kind,
    )
    link.remote_id = record.ref.id
    note(link, record)
    return link


def forget(connection: Connection, document: OwnedModel) -> None:
    """It was deleted there. The row stays, so that the deleted document is still recognised."""
    link = link_of(connection, document)
    if link is not None:
        link.gone_at = Now()
        link.save(update_fields=["gone_at"])


def survivor_of(connection: Connection, document: OwnedModel) -> OwnedModel | None:
    """Into which other of ours it was merged in the books, where that stands there."""
    label = label_of(document)
    gone = links_of(connection).filter(label=label, object_pk=document.pk, gone_at__isnull=False)
    link = gone.order_by("-pk").first()
    into = link.seen.get(MERGED_INTO, "") if link else ""
    followed = Q(remote_id=into) | Q(**{f"seen__{ALSO}__contains": [into]})
    names = links_of(connection).filter(followed, label=label, gone_at=None)
    theirs = names.first() if into else None
    return document_at(connection, label=label, pk=theirs.object_pk) if theirs else None


def part(link: RemoteLink) -> None:
    """A person keeps both, so it counts as deleted there and no longer as merged."""
    if link.seen.pop(MERGED_INTO, ""):
        link.save(update_fields=["seen"])


def note(link: RemoteLink, record: Record) -> None:
    """Note on a link what the books say now, so that a later edit there is noticed."""
    link.revision = record.ref.revision
    link.total = total_in(record)
    link.seen = link.seen | {"is": essence(record)}
    link.changed_there_at = None
    if is_void(record):
        link.voided_at = link.voided_at or Now()
    else:
        link.voided_at = None
    link.save()


def was_edited(link: RemoteLink, record: Record) -> bool:
    """Somebody changed there what we know; a payment applied or a balance moved is no edit, nor is
    a customer or supplier that was merged into another.
    """
    before, now = link.seen.get("is", {}), essence(record)
    if before == now:
        return False
    others = {key: value for key, value in now.items() if key not in _PARTIES}
    if others != {key: value for key, value in before.items() if key not in _PARTIES}:
        return True
    pairs = [(str(before.get(key)), str(now[key])) for key in _PARTIES if key in now]
    return not all(old == new or _is_merged(link, old, into=new) for old, new in pairs)


def _is_merged(link: RemoteLink, remote_id: str, *, into: str) -> bool:
    names = links_of(link.connection).filter(
        kind__in=(Kind.CUSTOMER, Kind.SUPPLIER), remote_id=into
    )
    return any(remote_id in name.seen.get(ALSO, []) for name in names)


def follow_revision(link: RemoteLink, record: Record) -> None:
    """Only the books' own bookkeeping moved: note where it stands now."""
    if link.revision != record.ref.revision:
        link.revision = record.ref.revision
        link.save(update_fields=["revision"])


def not_seen_yet(connection: Connection, records: Sequence[Record]) -> list[Record]:
    """Those that are unknown or stand at another revision than we last saw; one query for all.

    The overlap of every reading and our own writes come back: they cost nothing more than this.
    """
    ids = {record.ref.id for record in records}
    rows = links_of(connection).filter(gone_at=None, remote_id__in=ids).exclude(revision="")
    known = set(rows.values_list("kind", "remote_id", "revision"))
    return [
        record
        for record in records
        if isinstance(record, DeletedRecord)
        or (str(record.ref.kind), record.ref.id, record.ref.revision) not in known
    ]


def is_known_revision(link: RemoteLink, record: Record) -> bool:
    """Nothing happened to it since it was last seen."""
    return bool(link.revision) and link.revision == record.ref.revision
