"""Reading the outbox."""

from ascora.outbox.models import EntryState, OutboxEntry, OutboxQuerySet
from ascora.tenancy.models import Organization, OwnedModel


def entries_for(organization: Organization) -> OutboxQuerySet:
    """All entries of an organization, the newest change first."""
    return OutboxEntry.objects.owned_by(organization).order_by("-recorded_at", "-pk")


def entry_of(document: OwnedModel) -> OutboxEntry | None:
    """The way of this document to the books, if it was ever recorded."""
    return (
        OutboxEntry.objects.owned_by(document.organization)
        .filter(label=document._meta.label_lower, object_pk=document.pk)
        .first()
    )


def is_settled(document: OwnedModel) -> bool:
    """The books have the newest recorded version of this document."""
    entry = entry_of(document)
    return entry is not None and entry.settled_version >= entry.version


def counts_for(organization: Organization) -> dict[str, int]:
    """How many entries wait and how many are held."""
    entries = OutboxEntry.objects.owned_by(organization)
    return {
        state: entries.filter(state=state).count()
        for state in (EntryState.WAITING, EntryState.HELD)
    }
