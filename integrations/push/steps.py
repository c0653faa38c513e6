"""What one step of a push works with."""

from dataclasses import dataclass

from ascora.outbox.queue import Claim
from ascora.tenancy.models import Organization, OwnedModel
from integrations.attempts import Intent
from integrations.contracts import Draft, Kind, Ledger
from integrations.models import Connection, SyncAttempt
from integrations.snapshots import Books, books_of


class EndOfSlice(Exception):
    """The books cannot serve anybody now: stop, what waits is found again later."""


@dataclass(slots=True)
class Desk:
    """One worker at one company's books. `ledger` is replaced when its token had to be
    refreshed. `books` are the accounting settings as this step, or this batch, has read them.
    """

    connection: Connection
    ledger: Ledger
    has_refreshed: bool = False
    books: Books | None = None

    def look_at_settings(self) -> Books:
        """The accounting settings as they are now. Runs inside `acting_for`."""
        self.books = books_of(self.connection)
        return self.books

    @property
    def organization(self) -> Organization:
        """Whose books."""
        return self.connection.organization


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be sent, frozen but not committed: nothing may be sent yet."""

    claim: Claim
    document: OwnedModel
    intent: Intent
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Sending:
    """An intent that is committed: these bytes may go over the wire until `send_before`
    (monotonic).
    """

    claim: Claim
    document: OwnedModel
    attempt: SyncAttempt
    kind: Kind
    draft: Draft | None
    send_before: float

    @property
    def payload(self) -> bytes:
        """The frozen bytes."""
        return self.attempt.payload.encode()


@dataclass(frozen=True, slots=True)
class Looking:
    """A create whose outcome nobody knows: look before anything is sent again."""

    claim: Claim
    document: OwnedModel
    attempt: SyncAttempt
    kind: Kind
    draft: Draft


Step = Sending | Looking
