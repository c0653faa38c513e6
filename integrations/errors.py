"""The few names of failure. Each says who must act; anything without a name here is ours and is
held.
"""

from datetime import datetime


class BooksError(Exception):
    """Something the books answered, or did not. `trace_id` is the package's id of the exchange."""

    def __init__(self, message: str = "", *, trace_id: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.trace_id = trace_id
        self.code = code


class RetryLater(BooksError):
    """Nothing was changed over there; the machine tries again with backoff."""


class Unreachable(RetryLater):
    """The request did not reach the books (name, connection, TLS)."""


class RemoteBusy(RetryLater):
    """The books are there and cannot serve now (locked, maintenance, 5xx on a read)."""


class RateLimited(RetryLater):
    """Too many requests: the whole connection waits. `retry_after` is in seconds."""

    def __init__(
        self, message: str = "", *, retry_after: int = 60, trace_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, trace_id=trace_id, code=code)
        self.retry_after = retry_after


class ReadsUsedUp(RetryLater):
    """The month's reads of the whole installation are used: writes go on, reads rest."""


class OutcomeUnknown(BooksError):
    """A write was sent and no certain answer came: look before sending again."""


class StaleRevision(BooksError):
    """The document was changed there since it was last read: read again, at most three times."""


class TokenExpired(BooksError):
    """The access token is no longer accepted: refresh once, then go on."""


class NeedsReconnect(BooksError):
    """The permission to enter the books is gone: the owner must connect again."""


class HeldByCustomer(BooksError):
    """The business must act; the message names the remedy."""


class NeedsMapping(HeldByCustomer):
    """An account code or tax code is not chosen."""


class Rejected(HeldByCustomer):
    """The books refuse the document. `field` is the package's own path to what they refuse."""

    def __init__(
        self, message: str = "", *, field: str = "", trace_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, trace_id=trace_id, code=code)
        self.field = field


class PeriodClosed(HeldByCustomer):
    """The books are closed on the document's date. `closed_until` when known."""

    def __init__(
        self,
        message: str = "",
        *,
        closed_until: datetime | None = None,
        trace_id: str = "",
        code: str = "",
    ) -> None:
        super().__init__(message, trace_id=trace_id, code=code)
        self.closed_until = closed_until


class DuplicateName(HeldByCustomer):
    """A customer, vendor, employee or item of that name exists there."""


class DuplicateNumber(HeldByCustomer):
    """A document of that number exists there. `remote_id` is the other document's, when the answer
    names it.
    """

    def __init__(
        self, message: str = "", *, remote_id: str = "", trace_id: str = "", code: str = ""
    ) -> None:
        super().__init__(message, trace_id=trace_id, code=code)
        self.remote_id = remote_id


class RemoteGone(HeldByCustomer):
    """The document or something it refers to was deleted or made inactive there."""


class MergedThere(HeldByCustomer):
    """It was merged into another of ours there: a person says what becomes of it here."""


class ReadOnlyCompany(HeldByCustomer):
    """The subscription over there has ended: nothing can be written."""


class BeforeCutOff(HeldByCustomer):
    """It belongs to a document from before the cut-off: linked or sent only when a person says
    so.
    """
