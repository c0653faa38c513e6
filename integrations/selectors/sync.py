"""The lamp, the queue in three lists, and the log of a business."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps

from ascora.outbox.models import EntryState, OutboxEntry, OutboxQuerySet
from ascora.outbox.selectors import counts_for, entries_for
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from integrations.attempts import title_of
from integrations.links import LABELS
from integrations.metering import Standing, month_of
from integrations.models import Connection, ConnectionState, SyncAttempt
from integrations.selectors.connections import live_connection_for
from integrations.selectors.documents import ANSWERED_ON_PAGE, page_of
from integrations.selectors.reads import told


@dataclass(frozen=True, slots=True)
class Lamp:
    """The connection as a small light with words. `tone`: good, info, warn, bad, neutral.

    Pressed, it leads to the sync centre, or to the connection where that is what needs a hand.
    """

    tone: str
    words: str
    title: str
    is_about_connection: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry of the queue with its document, as a person knows it."""

    entry: OutboxEntry
    title: str
    address: str

    @property
    def can_be_tried_again(self) -> bool:
        """Sending it once more may help; else its own page says what does."""
        return self.entry.state != EntryState.DONE and self.entry.hold not in ANSWERED_ON_PAGE

    @property
    def tone(self) -> str:
        """The colour of its chip."""
        tones = {EntryState.HELD: "bad", EntryState.WAITING: "warn", EntryState.DONE: "good"}
        return tones[EntryState(self.entry.state)]


def lamp_for(organization: Organization) -> Lamp:
    """One glance: is all well between both sides?"""
    connection = live_connection_for(organization)
    if connection is None:
        title = "No accounting package is connected."
        return Lamp("info", "Not connected", title, is_about_connection=True)
    if connection.state == ConnectionState.NEEDS_RECONNECT:
        title = connection.trouble or "The permission has ended."
        return Lamp("bad", "Connect again", title, is_about_connection=True)
    if not connection.is_set_up:
        title = "The accounting settings are not saved yet."
        return Lamp("warn", "Finish setting up", title, is_about_connection=True)
    return _lamp_of_queue(organization, connection)


def _lamp_of_queue(organization: Organization, connection: Connection) -> Lamp:
    entries = OutboxEntry.objects.owned_by(organization)
    held = entries.held().count()
    if held:
        noun = "document needs" if held == 1 else "documents need"
        return Lamp("bad", f"{held} to look at", f"{held} {noun} attention.")
    waiting = entries.waiting().count()
    company = connection.company_name or "your books"
    if waiting:
        return Lamp("warn", f"{waiting} on the way", f"{waiting} on the way to {company}.")
    month = month_of(connection.provider)
    if month.standing == Standing.ENDED:
        title, words = told(month, company)
        return Lamp("warn", "Reading paused", f"{title}. {words}")
    read = f", read {connection.pulled_at:%d %b %H:%M} UTC" if connection.pulled_at else ""
    return Lamp("good", "Books up to date", f"Connected to {company}{read}.")


def sync_entries_for(organization: Organization, *, state: str) -> OutboxQuerySet:
    """One of the three lists: held, waiting or done."""
    entries = entries_for(organization)
    return entries.filter(state=state, label__in=LABELS)


def sync_counts_for(organization: Organization) -> dict[str, int]:
    """How many documents need attention and how many wait."""
    return counts_for(organization)


def attempts_for(organization: Organization) -> OwnedQuerySet[SyncAttempt]:
    """The log of a business, the newest first."""
    return SyncAttempt.objects.owned_by(organization).order_by("-sent_at", "-pk")


def with_documents(organization: Organization, entries: Sequence[OutboxEntry]) -> list[Placed]:
    """Entries with their documents' names and pages; one query per kind of document."""
    documents: dict[tuple[str, int], OwnedModel] = {}
    for label in {entry.label for entry in entries}:
        model: type[OwnedModel] = apps.get_model(label)
        pks = [entry.object_pk for entry in entries if entry.label == label]
        rows = model.objects.owned_by(organization).filter(pk__in=pks)
        documents |= {(label, row.pk): row for row in rows}
    return [_placed(entry, documents.get((entry.label, entry.object_pk))) for entry in entries]


def _placed(entry: OutboxEntry, document: OwnedModel | None) -> Placed:
    title = title_of(document) if document else "A document that was deleted here"
    return Placed(entry=entry, title=title, address=page_of(entry.label, document))
