"""The queue in figures: how many wait where, since when, and who must act."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Min, Q, Value, When
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import Connection, ConnectionState

# Where an unfinished entry stands. Only `due` entries should move within seconds.
PLACES = ("due", "being_sent", "later", "behind_another", "not_connected", "held")
_DUE = PLACES[0]

BUSINESS, BOOKKEEPER, ASCORA = "business", "bookkeeper", "ascora"
WHO_MUST_ACT: dict[str, str] = {
    Hold.NEEDS_MAPPING: BOOKKEEPER,
    Hold.REJECTED: BUSINESS,
    Hold.PERIOD_CLOSED: BOOKKEEPER,
    Hold.DUPLICATE_NAME: BUSINESS,
    Hold.REMOTE_GONE: BUSINESS,
    Hold.CHANGED_THERE: BUSINESS,
    Hold.AMOUNT_DIFFERS: BOOKKEEPER,
    Hold.DUPLICATE_FOUND: BOOKKEEPER,
    Hold.MERGED_THERE: BUSINESS,
    Hold.BEFORE_CUT_OFF: BUSINESS,
    Hold.INTERNAL: ASCORA,
}


@dataclass(frozen=True, slots=True)
class Depth:
    """How many entries stand in one place, and how many seconds the oldest of them."""

    place: str
    entries: int = 0
    oldest_seconds: float = 0.0


def depths() -> list[Depth]:
    """One for each place, also where nothing stands. An entry is due since its `run_at`."""
    now = database_now()
    rows = (
        unfinished()
        .annotate(place=_place())
        .values("place")
        .annotate(entries=Count("pk"), recorded=Min("recorded_at"), due=Min("run_at"))
        .order_by("place")
    )
    found = {}
    for row in rows:
        since = row["due"] if row["place"] == _DUE else row["recorded"]
        seconds = max(0.0, (now - since).total_seconds())
        found[row["place"]] = Depth(row["place"], row["entries"], seconds)
    return [found.get(place, Depth(place)) for place in PLACES]


def held_by_reason() -> dict[str, int]:
    """How many documents are held for each reason, also those that hold nothing."""
    held = unfinished().filter(state=EntryState.HELD).values("hold").order_by("hold")
    counted = {row["hold"]: row["entries"] for row in held.annotate(entries=Count("pk"))}
    return {reason: counted.get(reason, 0) for reason in WHO_MUST_ACT}


def unfinished() -> OwnedQuerySet[OutboxEntry]:
    """Every entry of the installation that is not in the books."""
    return OutboxEntry.objects.across_organizations().filter(
        state__in=[EntryState.WAITING, EntryState.HELD]
    )


def _place() -> Case:
    reachable = Connection.objects.across_organizations().filter(
        Q(throttled_until=None) | Q(throttled_until__lte=Now()),
        state=ConnectionState.CONNECTED,
        is_set_up=True,
    )
    due, being_sent, later, behind_another, not_connected, held = map(Value, PLACES)
    return Case(
        When(state=EntryState.HELD, then=held),
        When(lease_until__gt=Now(), then=being_sent),
        When(~Q(organization_id__in=reachable.values("organization_id")), then=not_connected),
        When(Q(blocked_by__isnull=False) & ~Q(blocked_by__state="done"), then=behind_another),
        When(run_at__gt=Now(), then=later),
        default=due,
        output_field=CharField(),
    )
