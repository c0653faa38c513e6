"""The customer import: page by page, resumable at any row, repeatable without doubles.

A page's customers and the place where the next page begins are committed together, so a worker that
is killed leaves whole pages behind, and the next one goes on there.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.common.garbage import rarely_collected
from ascora.tenancy.bulk import insert_rows
from ascora.tenancy.models import Organization, User
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.backoff import scaled
from integrations.comparison import Essence, changed_texts, essence
from integrations.contracts import CustomerRecord, Kind, Ledger
from integrations.errors import BooksError, NeedsReconnect, RateLimited, TokenExpired
from integrations.links import links_of, remember
from integrations.models import (
    Connection,
    ImportOutcome,
    ImportRow,
    ImportRun,
    ImportState,
    RemoteLink,
)
from integrations.selectors import usable_connection_for
from integrations.throttling import throttle
from jobs.models import Customer
from jobs.services import import_customers_from_books, record_customer_from_books

logger = logging.getLogger(__name__)

PAGE = 1000
MOST_SECONDS = 20.0
LEASE = timedelta(minutes=5)
_OVERLAP = timedelta(minutes=10)
_LONGEST_NAME = 100
_OPEN = (ImportState.WAITING, ImportState.RUNNING)


@dataclass(slots=True)
class _Sorted:
    """What becomes of one page."""

    new: list[CustomerRecord]
    matched: list[tuple[CustomerRecord, Customer]]
    rows: list[ImportRow]


def start_import(*, connection: Connection, by: User | None) -> ImportRun:
    """A new run, or the one that is under way. Runs inside `acting_for`."""
    runs = ImportRun.objects.owned_by(connection.organization)
    under_way = runs.filter(state__in=_OPEN).first()
    return under_way or runs.create(
        organization=connection.organization,
        connection=connection,
        started_by=by,
        started_at=database_now(),
    )


def run(organization: Organization, *, seconds: float = MOST_SECONDS) -> bool:
    """Work on the open run for one slice. True when there is more to do. Safe to call at any
    time.
    """
    ends_at = time.monotonic() + seconds
    current = _take(organization)
    if current is None:
        return False
    try:
        with rarely_collected():
            return _work(current, ends_at)
    except BooksError as error:
        _pause(current, error)
        return False
    finally:
        _give_back(current)


def _take(organization: Organization) -> ImportRun | None:
    """The open run, leased; None when there is none, when another worker has it, or nobody may
    enter the books.
    """
    with acting_for(organization):
        if usable_connection_for(organization) is None:
            return None
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        runs = ImportRun.objects.owned_by(organization).filter(free, state__in=_OPEN)
        lease = scaled(LEASE, speed=settings.ENGINE_SPEED)
        found = runs.select_related("connection__organization").first()
        taken = found and runs.filter(pk=found.pk).update(
            lease_until=Now() + lease, state=ImportState.RUNNING, message=""
        )
        return found if taken else None


def _give_back(current: ImportRun) -> None:
    with acting_for(current.connection.organization):
        _rows_of(current).update(lease_until=None)


def _rows_of(current: ImportRun) -> OwnedQuerySet[ImportRun]:
    return ImportRun.objects.owned_by(current.connection.organization).filter(pk=current.pk)


def _work(current: ImportRun, ends_at: float) -> bool:
    ledger = connections.open_ledger(current.connection)
    if current.expected == 0:
        expected = ledger.count_customers()
        with acting_for(current.connection.organization):
            _rows_of(current).update(expected=expected)
        current.expected = expected
    pages = ledger.customer_pages(
        start=current.next_start,
        size=PAGE,
        expected=current.expected,
        is_wanted=lambda: time.monotonic() < ends_at,
    )
    for page in pages:
        if not _keep_page(current, page):
            return True
        if len(page) < PAGE:
            _finish(current, ledger)
            return False
    return True


def _keep_page(current: ImportRun, page: Sequence[CustomerRecord]) -> bool:
    """A page and the place of the next one, in one transaction. False: another worker went on from
    here meanwhile.
    """
    with acting_for(current.connection.organization):
        locked = _rows_of(current).select_for_update().get()
        if locked.next_start != current.next_start:
            return False
        counts = _import(current, page)
        locked.next_start += len(page)
        locked.added += counts[ImportOutcome.ADDED]
        locked.matched += counts[ImportOutcome.MATCHED]
        locked.left_out += counts[ImportOutcome.LEFT_OUT]
        locked.lease_until = Now() + scaled(LEASE, speed=settings.ENGINE_SPEED)
        locked.save()
    current.next_start = locked.next_start
    return True


def _import(current: ImportRun, page: Sequence[CustomerRecord]) -> dict[str, int]:
    """Add, match or leave out each customer of a page that this run has not seen."""
    seen = ImportRow.objects.owned_by(current.organization).filter(
        run=current, remote_id__in=[record.ref.id for record in page]
    )
    done = set(seen.values_list("remote_id", flat=True))
    sorted_page = _sort(current, [record for record in page if record.ref.id not in done])
    _add(current.connection, sorted_page.new)
    for record, customer in sorted_page.matched:
        _match(current.connection, record, customer)
    ImportRow.objects.bulk_create(sorted_page.rows)
    outcomes = [row.outcome for row in sorted_page.rows]
    return {
        ImportOutcome.ADDED: len(sorted_page.new),
        ImportOutcome.MATCHED: outcomes.count(ImportOutcome.MATCHED),
        ImportOutcome.LEFT_OUT: outcomes.count(ImportOutcome.LEFT_OUT),
    }


def _sort(current: ImportRun, records: Sequence[CustomerRecord]) -> _Sorted:
    """By link first, then by exact name; what is left is new, or left out with why."""
    connection = current.connection
    ids = [record.ref.id for record in records]
    links = links_of(connection).filter(kind=Kind.CUSTOMER, remote_id__in=ids)
    linked = {link.remote_id: link for link in links}
    names = [_name(record) for record in records]
    rows = Customer.objects.owned_by(connection.organization).current().filter(name__in=names)
    by_name = {customer.name: customer for customer in rows}
    taken = _linked_pks(connection, [customer.pk for customer in by_name.values()])
    page = _Sorted([], [], [])
    for record in records:
        link, namesake = linked.get(record.ref.id), by_name.get(_name(record))
        if link is not None:
            _note_linked(current, page, record, link)
        elif len(_name(record)) > _LONGEST_NAME:
            _leave_out(current, page, record, "The name is longer than 100 characters.")
        elif namesake is not None and namesake.pk in taken:
            why = "A customer of this name here is linked to another one in the books."
            _leave_out(current, page, record, why)
        elif namesake is not None:
            taken.add(namesake.pk)
            page.matched.append((record, namesake))
            page.rows.append(_row(current, record, ImportOutcome.MATCHED, "The same name."))
        else:
            page.new.append(record)
    return page


def _note_linked(
    current: ImportRun, page: _Sorted, record: CustomerRecord, link: RemoteLink
) -> None:
    """Linked before this run: matched. Linked by this very run: it was counted when it was
    added.
    """
    if link.linked_at < current.started_at:
        page.rows.append(_row(current, record, ImportOutcome.MATCHED, "Linked before."))


def _leave_out(current: ImportRun, page: _Sorted, record: CustomerRecord, why: str) -> None:
    page.rows.append(_row(current, record, ImportOutcome.LEFT_OUT, why))


def _row(current: ImportRun, record: CustomerRecord, outcome: str, reason: str) -> ImportRow:
    return ImportRow(
        organization=current.organization, run=current, remote_id=record.ref.id,
        name=_name(record)[:500], outcome=outcome, reason=reason,
    )  # fmt: skip


def _linked_pks(connection: Connection, pks: list[int]) -> set[int]:
    links = links_of(connection).filter(label="jobs.customer", object_pk__in=pks, gone_at=None)
    return set(links.values_list("object_pk", flat=True))


def _name(record: CustomerRecord) -> str:
    """A sub-customer is known by its full name, because two parents may have a child of one
    name.
    """
    return record.full_name or record.name if record.parent_id else record.name


def _values(record: CustomerRecord, seen: Essence) -> dict[str, str | bool]:
    texts: dict[str, str | bool] = dict(changed_texts({}, seen))
    flags: dict[str, str | bool] = {"is_taxed": record.is_taxed, "is_active": record.is_active}
    return texts | flags | {"name": _name(record)}


def _add(connection: Connection, records: Sequence[CustomerRecord]) -> None:
    """New ones in bulk: customers, their entries in the outbox, their links."""
    seen = [essence(record) for record in records]
    customers = import_customers_from_books(
        organization=connection.organization,
        origin=str(connection.public_id),
        rows=[_values(record, each) for record, each in zip(records, seen, strict=True)],
    )
    insert_rows(
        RemoteLink,
        organization_id=connection.organization_id,
        rows=[
            {
                "object_pk": customer.pk,
                "remote_id": record.ref.id,
                "revision": record.ref.revision,
                "seen": {"is": each},
            }
            for record, each, customer in zip(records, seen, customers, strict=True)
        ],
        same={"connection_id": connection.pk, "label": "jobs.customer", "kind": Kind.CUSTOMER},
    )


def _match(connection: Connection, record: CustomerRecord, customer: Customer) -> None:
    """The same customer on both sides: link them; ours keeps what theirs leaves empty."""
    remember(connection, customer, record)
    values = _values(record, essence(record))
    del values["is_active"]
    record_customer_from_books(
        organization=connection.organization,
        origin=str(connection.public_id),
        values=values,
        customer=customer,
    )


def _finish(current: ImportRun, ledger: Ledger) -> None:
    """Whoever was added or changed while the pages were read is looked at once more."""
    since = current.started_at - _OVERLAP
    changes = ledger.changes([Kind.CUSTOMER], since=since)
    changed = [record for record in changes.records if isinstance(record, CustomerRecord)]
    late = [record for record in changed if record.is_active]
    if len(late) < len(changed) or not changes.is_complete:
        late = _everyone(ledger)
    with acting_for(current.connection.organization):
        counts = _import(current, late)
        locked = _rows_of(current).select_for_update().get()
        locked.added += counts[ImportOutcome.ADDED]
        locked.matched += counts[ImportOutcome.MATCHED]
        locked.left_out += counts[ImportOutcome.LEFT_OUT]
        locked.state, locked.finished_at = ImportState.DONE, Now()
        locked.save()


def _everyone(ledger: Ledger) -> list[CustomerRecord]:
    """All of them once more: one that was switched off meanwhile has moved the pages under our
    feet.
    """
    everyone: list[CustomerRecord] = []
    page = ledger.customers(start=1, size=PAGE)
    while page:
        everyone.extend(page)
        page = ledger.customers(start=len(everyone) + 1, size=PAGE) if len(page) == PAGE else ()
    return everyone


def _pause(current: ImportRun, error: BooksError) -> None:
    """The run stays open and goes on by itself; a lost permission waits for the owner."""
    if isinstance(error, NeedsReconnect):
        connections.lose(current.connection, error)
    if isinstance(error, RateLimited):
        throttle(current.connection, timedelta(seconds=error.retry_after) / settings.ENGINE_SPEED)
    if isinstance(error, TokenExpired):
        connections.open_ledger(current.connection, is_token_refused=True)
    with acting_for(current.connection.organization):
        _rows_of(current).update(
            message=error.message[:300] or "The books did not answer; it goes on by itself."
        )
