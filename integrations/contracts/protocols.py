"""The two protocols that a provider satisfies. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from integrations.contracts.attachments import AttachmentDraft
from integrations.contracts.drafts import (
    CreditNoteDraft,
    CustomerDraft,
    InvoiceDraft,
    ItemDraft,
    PaymentDraft,
)
from integrations.contracts.identity import Grant, Kind, Limits, RemoteRef, Tokens
from integrations.contracts.records import (
    Changes,
    ChartRecord,
    CompanyRecord,
    CustomerRecord,
    Hint,
    PaymentRecord,
    Piece,
    Record,
    Written,
)
from integrations.contracts.spending import SpendingDraft, SupplierDraft

Draft = (
    CustomerDraft
    | SupplierDraft
    | ItemDraft
    | InvoiceDraft
    | CreditNoteDraft
    | PaymentDraft
    | SpendingDraft
    | AttachmentDraft
)


class Ledger(Protocol):
    """One company's books, opened with a live access token. Never retries and never sleeps by
    itself.

    Every method may raise the names of `integrations.errors`. A write whose answer is lost, late,
    5xx or unreadable
    raises OutcomeUnknown; the same on a read raises RemoteBusy or Unreachable. Reads are counted by
    the caller.
    """

    def company(self) -> CompanyRecord:
        """Company information and preferences (two reads)."""
        ...

    def chart(self) -> ChartRecord:
        """Accounts (inactive too), tax codes, payment methods and custom fields."""
        ...

    def payload(self, draft: Draft, *, existing: RemoteRef | None = None) -> bytes:
        """The exact bytes of the request body for a create (existing None) or an update. Pure."""
        ...

    def create(self, kind: Kind, payload: bytes, *, key: str, send_before: float) -> Written:
        """Send frozen bytes under an idempotency key, unless `time.monotonic()` has passed
        `send_before`.

        A passed deadline raises DeadlinePassed before anything is written to the socket.
        """
        ...

    def upload(self, payload: bytes, content: bytes, *, key: str, send_before: float) -> Written:
        """Send a file with its frozen metadata, as `create` does."""
        ...

    def update(self, kind: Kind, payload: bytes, *, send_before: float) -> Written:
        """Send frozen bytes of an update; the revision inside guards it (StaleRevision)."""
        ...

    def void(self, ref: RemoteRef, *, send_before: float) -> Written:
        """Void an invoice or a payment; it keeps its number and is worth nothing."""
        ...

    def delete(self, ref: RemoteRef, *, send_before: float) -> Written:
        """Delete a document that cannot be voided (a bill, a supplier credit); the revision guards
        it. `Written.record` is a DeletedRecord.
        """
        ...

    @property
    def most_in_batch(self) -> int:
        """How many writes one request may carry; 1 where they are taken one by one."""
        ...

    def batch_payload(self, pieces: Sequence[Piece]) -> bytes:
        """The exact bytes of one request for all of them, in this order. Pure."""
        ...

    def write_batch(
        self, payload: bytes, kinds: Mapping[str, Kind], *, key: str, send_before: float
    ) -> Mapping[str, Written | Exception]:
        """Send the frozen bytes of several writes; what became of each, by its mark.

        They are carried out one by one, without a transaction: an exception among the answers is of
        that write alone. Raised is what befell all: then none of them, or nobody knows which,
        happened.
        """
        ...

    def read(self, ref: RemoteRef) -> Record:
        """One document as it stands now; DeletedRecord when the books no longer have it."""
        ...

    def read_many(self, kind: Kind, ids: Sequence[str]) -> tuple[Record, ...]:
        """Up to 1,000 documents in one metered read."""
        ...

    def find(self, draft: Draft, *, since: datetime) -> tuple[Record, ...]:
        """Documents that may be this draft: the read-back after an unknown outcome.

        By number (invoice), display name (customer, item: also inactive), or customer and date
        (payment), narrowed to the same marker where the document has one. Zero, one, or more.
        """
        ...

    def count_customers(self) -> int:
        """How many customers there are, inactive ones not counted."""
        ...

    def customers(self, *, start: int, size: int) -> tuple[CustomerRecord, ...]:
        """A page of active customers in a stable order, `start` from 1, `size` at most 1,000."""
        ...

    def customer_pages(
        self, *, start: int, size: int, expected: int, is_wanted: Callable[[], bool]
    ) -> Iterator[tuple[CustomerRecord, ...]]:
        """Pages from there on in their order, several read ahead at once, until one is not full.

        Nothing is read ahead beyond the expected number, or when no more is wanted: what was asked
        for by then still comes.
        """
        ...

    def changes(self, kinds: Iterable[Kind], *, since: datetime) -> Changes:
        """Everything of these kinds changed since then, deletions included, in one metered read."""
        ...

    def payments_between(
        self, since: datetime, until: datetime, *, start: int
    ) -> tuple[PaymentRecord, ...]:
        """A page of 1,000 payments by time of change (since <= changed < until), ordered by id;
        `start` from 1.
        """
        ...

    def payments_of(self, customer_id: str) -> tuple[PaymentRecord, ...]:
        """The newest payments of a customer, at most a thousand: a credit note does not tell which
        of them use it.
        """
        ...

    def document_url(self, ref: RemoteRef) -> str:
        """Where a person looks at this document in the package ("" when it has no page)."""
        ...


class DeadlinePassed(Exception):
    """The send deadline passed before anything was written: certainly not sent."""


class Provider(Protocol):
    """An accounting package: signing in, tokens, webhooks, and opening a company's books."""

    slug: str
    label: str
    connect_label: str
    limits: Limits

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Where the browser is sent to sign in and to allow the connection."""
        ...

    def grant_from(self, query: Mapping[str, str], *, redirect_uri: str) -> Grant:
        """Exchange the callback's code. Raises ConnectionRefused when the person said no, Rejected
        when malformed.
        """
        ...

    def refresh(self, tokens: Tokens) -> Tokens:
        """A new pair (the refresh token may have rotated). NeedsReconnect when the old one is
        refused.
        """
        ...

    def revoke(self, tokens: Tokens) -> None:
        """End the permission over there. A dead token is not an error."""
        ...

    def open(self, realm: str, tokens: Tokens) -> Ledger:
        """The books of one company; no request is made."""
        ...

    def hints_from(self, body: bytes, headers: Mapping[str, str]) -> tuple[Hint, ...]:
        """Check the signature over the raw body and read the hints. Raises BadSignature."""
        ...


class ConnectionRefused(Exception):
    """The person said no on the package's own page. A normal outcome."""


class BadSignature(Exception):
    """A webhook that the package did not sign."""
