"""What every kind of document needs to say what it moves in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass

from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import Organization
from integrations.errors import NeedsMapping
from integrations.posting import Posting
from integrations.snapshots import Books


@dataclass(frozen=True, slots=True)
class Source:
    """A business, its accounting settings, and the account in which its customers owe."""

    organization: Organization
    books: Books
    receivable_id: str

    def asked_for(self, label: str) -> set[int]:
        """Documents from before the cut-off that a person asked to be sent."""
        entries = OutboxEntry.objects.owned_by(self.organization).filter(
            label=label, asked_for_at__isnull=False
        )
        return set(entries.values_list("object_pk", flat=True))


def unless_unplaced(moves: Callable[[], tuple[Posting, ...]]) -> tuple[Posting, ...]:
    """Nothing of a document that waits for an account code: it cannot be in the books."""
    try:
        return moves()
    except NeedsMapping:
        return ()
