"""An open ledger: fresh token, no transaction, every read counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection as database

from integrations import metering
from integrations.allowance import wait_for_read
from integrations.connections.tokens import fresh, tokens_of
from integrations.contracts import (
    Changes,
    ChartRecord,
    CompanyRecord,
    CustomerRecord,
    Draft,
    Kind,
    Ledger,
    PaymentRecord,
    Piece,
    Record,
    RemoteRef,
    Written,
)
from integrations.errors import RateLimited, ReadsUsedUp
from integrations.models import Connection
from integrations.registry import provider_for

# Tests run inside savepoints of their own; they set how deep "no transaction" is.
DEPTH_OF_NO_TRANSACTION = 0


class InsideATransaction(RuntimeError):
    """The books were about to be spoken to while a transaction was open."""


def open_ledger(connection: Connection, *, is_token_refused: bool = False) -> Ledger:
    """The books of this connection, ready to be spoken to. Raises NeedsReconnect or RetryLater.

    `is_token_refused` asks for a new access token although the present one has not expired.
    """
    refuse_inside_a_transaction()
    row = fresh(connection, is_token_refused=is_token_refused)
    connection.token_generation = row.token_generation
    return MeteredLedger(provider_for(row.provider).open(row.realm, tokens_of(row)), row)


def refuse_inside_a_transaction() -> None:
    """No request while rows are locked."""
    if len(database.savepoint_ids) + database.in_atomic_block > DEPTH_OF_NO_TRANSACTION:
        raise InsideATransaction("close the transaction before speaking to the books")


class MeteredLedger:
    """Counts metered reads; passes everything on."""

    def __init__(self, ledger: Ledger, connection: Connection) -> None:
        self._ledger = ledger
        self._connection = connection

    def company(self) -> CompanyRecord:
        """See Ledger."""
        with self._metered(2):
            return self._ledger.company()

    def chart(self) -> ChartRecord:
        """See Ledger."""
        with self._metered(6):
            return self._ledger.chart()

    def payload(self, draft: Draft, *, existing: RemoteRef | None = None) -> bytes:
        """See Ledger."""
        return self._ledger.payload(draft, existing=existing)

    def create(self, kind: Kind, payload: bytes, *, key: str, send_before: float) -> Written:
        """See Ledger."""
        return self._ledger.create(kind, payload, key=key, send_before=send_before)

    def upload(self, payload: bytes, content: bytes, *, key: str, send_before: float) -> Written:
        """See Ledger."""
        return self._ledger.upload(payload, content, key=key, send_before=send_before)

    def update(self, kind: Kind, payload: bytes, *, send_before: float) -> Written:
        """See Ledger."""
        return self._ledger.update(kind, payload, send_before=send_before)

    def void(self, ref: RemoteRef, *, send_before: float) -> Written:
        """See Ledger."""
        return self._ledger.void(ref, send_before=send_before)

    def delete(self, ref: RemoteRef, *, send_before: float) -> Written:
        """See Ledger."""
        return self._ledger.delete(ref, send_before=send_before)

    @property
    def most_in_batch(self) -> int:
        """See Ledger."""
        return self._ledger.most_in_batch

    def batch_payload(self, pieces: Sequence[Piece]) -> bytes:
        """See Ledger."""
        return self._ledger.batch_payload(pieces)

    def write_batch(
        self, payload: bytes, kinds: Mapping[str, Kind], *, key: str, send_before: float
    ) -> Mapping[str, Written | Exception]:
        """See Ledger."""
        return self._ledger.write_batch(payload, kinds, key=key, send_before=send_before)

    def read(self, ref: RemoteRef) -> Record:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.read(ref)

    def read_many(self, kind: Kind, ids: Sequence[str]) -> tuple[Record, ...]:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.read_many(kind, ids)

    def find(self, draft: Draft, *, since: datetime) -> tuple[Record, ...]:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.find(draft, since=since)

    def count_customers(self) -> int:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.count_customers()

    def customers(self, *, start: int, size: int) -> tuple[CustomerRecord, ...]:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.customers(start=start, size=size)

    def customer_pages(
        self, *, start: int, size: int, expected: int, is_wanted: Callable[[], bool]
    ) -> Iterator[tuple[CustomerRecord, ...]]:
        """See Ledger. A page is counted when it comes."""
        pages = self._ledger.customer_pages(
            start=start, size=size, expected=expected, is_wanted=is_wanted
        )
        with self._refusals_told():
            for page in pages:
                self._count(1)
                yield page

    def changes(self, kinds: Iterable[Kind], *, since: datetime) -> Changes:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.changes(kinds, since=since)

    def payments_between(
        self, since: datetime, until: datetime, *, start: int
    ) -> tuple[PaymentRecord, ...]:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.payments_between(since, until, start=start)

    def payments_of(self, customer_id: str) -> tuple[PaymentRecord, ...]:
        """See Ledger."""
        with self._metered(1):
            return self._ledger.payments_of(customer_id)

    def document_url(self, ref: RemoteRef) -> str:
        """See Ledger."""
        return self._ledger.document_url(ref)

    @contextmanager
    def _metered(self, reads: int) -> Iterator[None]:
        self._count(reads)
        with self._refusals_told():
            yield

    def _count(self, reads: int) -> None:
        wait_for_read(self._connection)
        metering.count(self._connection, reads)

    @contextmanager
    def _refusals_told(self) -> Iterator[None]:
        """Where the month's reads are used, writes need not wait for a read that is refused."""
        try:
            yield
        except RateLimited as error:
            if metering.is_refusal_of_month(self._connection):
                raise ReadsUsedUp(metering.NO_MORE, trace_id=error.trace_id) from error
            raise
