"""Claiming and settling outbox entries: leases, fences and due times, all by the database's clock.

Holds no lock while anybody speaks to the books and knows no label: who claims names the order of
labels. Every function runs inside `acting_for`, in the caller's short transaction.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Now

from ascora.outbox.models import EntryState, Hold, OutboxEntry, OutboxQuerySet
from ascora.tenancy.models import Organization

LEASE = timedelta(seconds=90)
_BLOCKED_AGAIN = timedelta(minutes=1)


class FencedOut(Exception):
    """Another worker has taken the entry over: this worker's result is dropped, the successor
    adopts it.
    """


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to settle one entry, as long as nobody takes it over. `version` is what was
    claimed.
    """

    entry: OutboxEntry
    owner: uuid.UUID
    fence: int

    @property
    def version(self) -> int:
        """The recorded version that this claim sends."""
        return self.entry.version


def due(organization: Organization) -> OutboxQuerySet:
    """What may be claimed now: waiting, due, leased by nobody, and blocked by nothing that is not
    done.
    """
    unblocked = Q(blocked_by=None) | Q(blocked_by__state=EntryState.DONE)
    unleased = Q(lease_until=None) | Q(lease_until__lt=Now())
    return (
        OutboxEntry.objects.owned_by(organization)
        .waiting()
        .filter(unblocked, unleased, run_at__lte=Now())
    )


def claim_next(
    organization: Organization, *, order: Sequence[str], lease: timedelta = LEASE
) -> Claim | None:
    """Claim the next due entry, in the order of these labels, then of recording. None when nothing
    is due.

    Two callers never get the same entry: rows locked by the other are skipped, and a claimed one is
    leased.
    """
    claims = _claim(_next_due(organization, order)[:1], organization, lease)
    return claims[0] if claims else None


def claim_many(
    organization: Organization,
    *,
    order: Sequence[str],
    least: int,
    most: int,
    lease: timedelta = LEASE,
) -> list[Claim]:
    """Claim as many of the next due entries as go together; none when fewer than `least` are
    due.
    """
    due_now = _next_due(organization, order)[:most]
    return _claim(due_now, organization, lease, least=least)


def claim_these(
    organization: Organization, pks: Sequence[int], *, lease: timedelta = LEASE
) -> list[Claim]:
    """Claim those of these entries that wait, due or not, and are leased by nobody."""
    unleased = Q(lease_until=None) | Q(lease_until__lt=Now())
    waiting = OutboxEntry.objects.owned_by(organization).waiting().filter(unleased, pk__in=pks)
    return _claim(waiting.select_for_update(skip_locked=True, of=("self",)), organization, lease)


def _next_due(organization: Organization, order: Sequence[str]) -> OutboxQuerySet:
    rank = Case(
        *(When(label=label, then=Value(position)) for position, label in enumerate(order)),
        default=Value(len(order)),
        output_field=IntegerField(),
    )
    return (
        due(organization)
        .filter(label__in=order)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by(rank, "recorded_at", "pk")
    )


def _claim(
    rows: OutboxQuerySet, organization: Organization, lease: timedelta, *, least: int = 1
) -> list[Claim]:
    entries = list(rows)
    if len(entries) < least:
        return []
    owner = uuid.uuid4()
    OutboxEntry.objects.owned_by(organization).filter(pk__in=[each.pk for each in entries]).update(
        lease_owner=owner, lease_until=Now() + lease, fence=F("fence") + 1
    )
    for entry in entries:
        entry.organization = organization
        entry.lease_owner, entry.fence = owner, entry.fence + 1
    return [Claim(entry=entry, owner=owner, fence=entry.fence) for entry in entries]


def locked(claim: Claim) -> OutboxEntry:
    """The claimed entry as it is now, locked until the transaction ends. Raises FencedOut."""
    entry = _held(claim).select_for_update(of=("self",)).first()
    if entry is None:
        raise FencedOut(str(claim.entry))
    entry.organization = claim.entry.organization
    return entry


def renew(claim: Claim, *, lease: timedelta = LEASE) -> OutboxEntry:
    """Begin a further step: the lease starts anew and the claim looks at the entry as it is now."""
    entry = locked(claim)
    OutboxEntry.objects.owned_by(entry.organization).filter(pk=entry.pk).update(
        lease_until=Now() + lease
    )
    return _brought_up_to_date(claim, entry)


def renew_many(claims: Sequence[Claim], *, lease: timedelta = LEASE) -> set[int]:
    """The keys of those that are still held and that nobody changes at this moment: their lease
    starts anew, and they stay locked until the transaction ends. Waits for nobody.
    """
    if not claims:
        return set()
    entries = OutboxEntry.objects.owned_by(claims[0].entry.organization)
    held = entries.filter(
        pk__in=[claim.entry.pk for claim in claims],
        lease_owner__in={claim.owner for claim in claims},
    )
    free = held.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "fence")
    fences = {claim.entry.pk: claim.fence for claim in claims}
    ours = {pk for pk, fence in free if fences[pk] == fence}
    entries.filter(pk__in=ours).update(lease_until=Now() + lease)
    return ours


def look_at(claim: Claim) -> OutboxEntry:
    """The claim looks at the entry as it is now, and locks nothing. Raises FencedOut."""
    entry = _held(claim).first()
    if entry is None:
        raise FencedOut(str(claim.entry))
    return _brought_up_to_date(claim, entry)


def _held(claim: Claim) -> OutboxQuerySet:
    return OutboxEntry.objects.owned_by(claim.entry.organization).filter(
        pk=claim.entry.pk, lease_owner=claim.owner, fence=claim.fence
    )


def _brought_up_to_date(claim: Claim, entry: OutboxEntry) -> OutboxEntry:
    for name in ("version", "settled_version", "generation", "tries", "asked_for_at", "state"):
        setattr(claim.entry, name, getattr(entry, name))
    return claim.entry


def settle(claim: Claim, *, version: int, message: str = "", why: Hold = Hold.NONE) -> OutboxEntry:
    """Nothing is left to do for this version; `why` and `message` say so when it was not sent.

    A change recorded meanwhile leaves the entry waiting for its own turn.
    """
    entry = locked(claim)
    entry.settled_version = max(entry.settled_version, version)
    entry.tries = 0
    entry.blocked_by = None
    entry.hold, entry.message = why, message
    if entry.settled_version >= entry.version:
        entry.state, entry.settled_at = EntryState.DONE, Now()
    else:
        entry.state, entry.run_at = EntryState.WAITING, Now()
        entry.hold, entry.message = Hold.NONE, ""
    return _unlease(entry)


def hold(
    claim: Claim, *, why: Hold, message: str, settled_version: int | None = None
) -> OutboxEntry:
    """Somebody must act; `message` names the remedy. `settled_version`: what the books have all the
    same.

    A change recorded since the claim may be the remedy: then the entry waits to be tried with it.
    """
    entry = locked(claim)
    if settled_version is not None:
        entry.settled_version = max(entry.settled_version, settled_version)
    entry.blocked_by = None
    if entry.version > claim.version:
        entry.state, entry.hold, entry.message, entry.run_at = EntryState.WAITING, "", "", Now()
    else:
        entry.state, entry.hold, entry.message = EntryState.HELD, why, message
    return _unlease(entry)


def postpone(
    claim: Claim, *, until: datetime | None = None, message: str = "", burns_try: bool = False
) -> OutboxEntry:
    """Give the entry back, due again at `until` (None: at once)."""
    entry = locked(claim)
    entry.state, entry.message = EntryState.WAITING, message
    entry.run_at = until or Now()
    entry.tries += 1 if burns_try else 0
    return _unlease(entry)


def block(claim: Claim, *, behind: OutboxEntry, message: str) -> OutboxEntry:
    """Give the entry back until another entry is done; behind the same one again, a while later."""
    entry = locked(claim)
    is_again = entry.blocked_by_id == behind.pk
    entry.state, entry.message, entry.blocked_by = EntryState.WAITING, message, behind
    entry.run_at = Now() + _BLOCKED_AGAIN if is_again else Now()
    return _unlease(entry)


def grow_generation(claim: Claim) -> int:
    """Begin a new idempotency key: only after a certain failure with another payload, or a proved
    deletion.
    """
    entry = locked(claim)
    entry.generation += 1
    entry.save(update_fields=["generation"])
    claim.entry.generation = entry.generation
    return entry.generation


def _unlease(entry: OutboxEntry) -> OutboxEntry:
    entry.lease_owner = entry.lease_until = None
    entry.save()
    return entry


# --- What a person or a reading does to an entry that nobody has claimed --------------------------


def hold_document(entry: OutboxEntry, *, why: Hold, message: str) -> bool:
    """Hold an entry because of what was read in the books. False while a worker is sending it."""
    changed = (
        OutboxEntry.objects.owned_by(entry.organization)
        .filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=entry.pk)
        .update(state=EntryState.HELD, hold=why, message=message, blocked_by=None)
    )
    return bool(changed)


def release(entry: OutboxEntry, *, asked_for: bool = False) -> bool:
    """Try again now: a held or waiting entry becomes due. False while a worker is sending it."""
    values = {"asked_for_at": Now()} if asked_for else {}
    changed = (
        OutboxEntry.objects.owned_by(entry.organization)
        .filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=entry.pk)
        .update(
            state=EntryState.WAITING,
            hold=Hold.NONE,
            message="",
            tries=0,
            run_at=Now(),
            blocked_by=None,
            **values,
        )
    )
    return bool(changed)


def begin_anew(entry: OutboxEntry) -> bool:
    """A new idempotency key after a proved deletion. False while a worker is sending it."""
    changed = (
        OutboxEntry.objects.owned_by(entry.organization)
        .filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=entry.pk)
        .update(generation=F("generation") + 1)
    )
    return bool(changed)


def mark_settled(entry: OutboxEntry) -> None:
    """The books have this document as it is now, without our sending it."""
    OutboxEntry.objects.owned_by(entry.organization).filter(pk=entry.pk).update(
        state=EntryState.DONE,
        hold=Hold.NONE,
        message="",
        settled_version=F("version"),
        settled_at=Now(),
        blocked_by=None,
    )
