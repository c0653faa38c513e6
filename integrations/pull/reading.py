"""What changed over there since a moment; everything when the list was cut or the moment is too
long ago.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ascora.tenancy.rls import acting_for
from integrations.contracts import (
    CustomerRecord,
    DeletedRecord,
    Kind,
    Ledger,
    Record,
    RemoteRef,
    SupplierRecord,
)
from integrations.links import links_of
from integrations.models import Connection
from integrations.pull.hints import announced_survivor

KINDS = (
    Kind.CUSTOMER,
    Kind.SUPPLIER,
    Kind.ITEM,
    Kind.INVOICE,
    Kind.CREDIT_NOTE,
    Kind.PAYMENT,
    Kind.BILL,
    Kind.SUPPLIER_CREDIT,
    Kind.BILL_PAYMENT,
    Kind.PURCHASE,
)
OVERLAP = timedelta(minutes=10)
# The books remember deletions for 30 days.
OLDEST_CURSOR = timedelta(days=29)
_PAGE = 1000
# Which documents name a customer or a supplier, and in which field of their records.
_NAMED_BY = {
    Kind.CUSTOMER: ("customer_id", (Kind.INVOICE, Kind.CREDIT_NOTE, Kind.PAYMENT)),
    Kind.SUPPLIER: ("payee_id", (Kind.BILL, Kind.SUPPLIER_CREDIT, Kind.PURCHASE)),
}
_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Reader:
    """Reads one company's books."""

    connection: Connection
    ledger: Ledger

    def changes(self, *, since: datetime, until: datetime, in_full: bool) -> list[Record]:
        """Every record that may have changed, those that others depend on first."""
        records = {} if in_full else self._swept(since)
        if records is None or in_full:
            start = _FIRST_DAY if in_full else since
            records = self._in_full(start, until)
        order = {kind: position for position, kind in enumerate(KINDS)}
        return sorted(records.values(), key=lambda record: order[record.ref.kind])

    def verified(self, record: Record) -> Record:
        """A deletion of something that we know is believed only after one read of it."""
        if not isinstance(record, DeletedRecord):
            return record
        with acting_for(self.connection.organization_id):
            is_ours = (
                links_of(self.connection)
                .filter(kind=record.ref.kind, remote_id=record.ref.id, gone_at=None)
                .exists()
            )
        if not is_ours:
            return record
        found = self.ledger.read(record.ref)
        if isinstance(found, DeletedRecord) and found.ref.kind in _NAMED_BY:
            return replace(found, survivor=self._survivor(found.ref))
        return found

    def _survivor(self, ref: RemoteRef) -> CustomerRecord | SupplierRecord | None:
        """Into whom it was merged: as announced, or whom a document of ours names there now that
        named this one before, should the announced one be merged away itself. At most three reads.
        """
        for told in (self._announced, self._named_now):
            remote_id = told(ref)
            if remote_id not in {"", ref.id}:
                survivor = self.ledger.read(RemoteRef(ref.kind, remote_id))
                if isinstance(survivor, CustomerRecord | SupplierRecord):
                    return survivor
        return None

    def _announced(self, ref: RemoteRef) -> str:
        with acting_for(self.connection.organization_id):
            return announced_survivor(self.connection, kind=ref.kind, gone_id=ref.id)

    def _named_now(self, ref: RemoteRef) -> str:
        party, kinds = _NAMED_BY[ref.kind]
        with acting_for(self.connection.organization_id):
            named = links_of(self.connection).filter(
                kind__in=kinds, gone_at=None, **{f"seen__is__{party}": ref.id}
            )
            link = named.order_by("-pk").first()
        if link is None:
            return ""
        document = self.ledger.read(RemoteRef(Kind(link.kind), link.remote_id))
        return str(getattr(document, party, ref.id))

    def _swept(self, since: datetime) -> dict[tuple[str, str], Record] | None:
        """One metered read, or None when the books cut the list."""
        changes = self.ledger.changes(KINDS, since=since)
        return _by_id(changes.records) if changes.is_complete else None

    def _in_full(self, since: datetime, until: datetime) -> dict[tuple[str, str], Record]:
        """All payments of the window page by page, then everything that is linked to ours by its
        id.
        """
        records = _by_id(self._payments(since, until))
        for kind in KINDS:
            with acting_for(self.connection.organization_id):
                known = links_of(self.connection).filter(kind=kind, gone_at=None)
                ids = list(known.order_by("pk").values_list("remote_id", flat=True))
            missing = [pk for pk in ids if (kind, pk) not in records]
            records |= _by_id(self._linked(kind, missing))
        return records

    def _payments(self, since: datetime, until: datetime) -> Iterator[Record]:
        start = 1
        while True:
            page = self.ledger.payments_between(since, until, start=start)
            yield from page
            if len(page) < _PAGE:
                return
            start += len(page)

    def _linked(self, kind: Kind, ids: list[str]) -> Iterator[Record]:
        """Those that the books do not answer for come as deleted, to be verified one by one."""
        for first in range(0, len(ids), _PAGE):
            chunk = ids[first : first + _PAGE]
            found = self.ledger.read_many(kind, chunk)
            yield from found
            answered = {record.ref.id for record in found}
            now = datetime.now(UTC)
            for pk in chunk:
                if pk not in answered:
                    yield DeletedRecord(RemoteRef(kind, pk), now)


def _by_id(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    return {(record.ref.kind, record.ref.id): record for record in records}
