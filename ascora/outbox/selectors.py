"""Reading where documents stand on their way to the books."""

from ascora.outbox.models import EntryState, OutboxEntry, OutboxQuerySet
from ascora.tenancy.models import Organization, OwnedModel


def entries_for(organization: Organization) -> OutboxQuerySet:
    """All entries of an organization, the newest change first."""
    return OutboxEntry.objects.owned_by(organization).order_by("-recorded_at", "-pk")


def entry_for(document: OwnedModel) -> OutboxEntry | None:
    """The document's entry, or None while nothing of it has been recorded."""
    return _entries_of(document).first()


def is_known_to_books(document: OwnedModel) -> bool:
    """Whether the books have heard of this document or soon will: only then its changes follow."""
    return _entries_of(document).exists()


def has_unsent_changes(document: OwnedModel) -> bool:
    """Whether changes of our own still wait (or are held): what the books say must not undo
    them.
    """
    entry = entry_for(document)
    return entry is not None and entry.settled_version < entry.version


def counts_for(organization: Organization) -> dict[str, int]:
    """How many entries wait and how many are held."""
    entries = OutboxEntry.objects.owned_by(organization)
    states = (EntryState.WAITING, EntryState.HELD)
    return {state: entries.filter(state=state).count() for state in states}


def _entries_of(document: OwnedModel) -> OutboxQuerySet:
    return OutboxEntry.objects.filter(
        organization=document.organization_id,
        label=document._meta.label_lower,
        object_pk=document.pk,
    )
