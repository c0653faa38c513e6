"""How the sync centre and the sync log are narrowed: one function per filter of their lists."""

from ascora.outbox.models import OutboxQuerySet
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import SyncAttempt

Attempts = OwnedQuerySet[SyncAttempt]


def of_kind(entries: OutboxQuerySet, label: str) -> OutboxQuerySet:
    """Entries of one kind of document."""
    return entries.filter(label=label)


def about(attempts: Attempts, query: str) -> Attempts:
    """Attempts whose document is called so."""
    return attempts.filter(title__icontains=query)


def going(attempts: Attempts, way: str) -> Attempts:
    """Sent, or read."""
    return attempts.filter(direction=way)


def that_ended(attempts: Attempts, outcome: str) -> Attempts:
    """With one outcome."""
    return attempts.filter(outcome=outcome)
