"""The month's reads: counted in rows, for each business by day, for all together by month.

Packages count the reads of all companies of an installation together and block what is beyond the
plan. Months are UTC's, by the database's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from django.conf import settings
from django.db.models import F, Sum

from ascora.common.clock import database_now
from ascora.common.months import end_of_month
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for, acting_for_everyone
from integrations.backoff import READS_REST, scaled
from integrations.models import Connection, ConnectionState, MonthOfReads, ReadMeter
from integrations.registry import provider_for

NO_MORE = "QuickBooks answers no questions for now; what is sent still goes there."
# Deletions are remembered over there for 30 days: nobody goes unread for longer than this.
_LONGEST_UNREAD = timedelta(days=25)
# Which part of what is left may go to regular readings; the rest is for announced changes.
_SHARE_OF_REGULAR = 2
# A pause that ended so lately was for nothing when the next read is refused again.
_JUST_PAUSED = timedelta(minutes=2)


class Standing(IntEnum):
    """How much of the month's allowance is used, in per cent; ENDED: reads are being refused."""

    CALM, HIGH, SCARCE, ENDED = 0, 70, 90, 100


@dataclass(frozen=True, slots=True)
class Month:
    """The reads of one package in a month, by all businesses. `allowed` 0: there is no end. `told`:
    the standing that the operator was written to about.
    """

    first: date
    reads: int
    allowed: int
    is_refused: bool = False
    told: int = 0

    @property
    def percent(self) -> int:
        """How much is used, rounded down."""
        return self.reads * 100 // self.allowed if self.allowed else 0

    @property
    def standing(self) -> Standing:
        """What it means."""
        if self.is_refused:
            return Standing.ENDED
        reached = [each for each in (Standing.SCARCE, Standing.HIGH) if self.percent >= each]
        return reached[0] if reached else Standing.CALM

    @property
    def left(self) -> int:
        """Reads that are still allowed."""
        return max(0, self.allowed - self.reads)

    @property
    def next_begins(self) -> datetime:
        """When everything is allowed again."""
        after = end_of_month(self.first) + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=UTC)


def count(connection: Connection, reads: int) -> None:
    """Count reads that are about to be made, for the business and for all, in one transaction."""
    whose = connection.organization
    with acting_for(whose):
        day = _day(database_now())
        days = ReadMeter.objects.owned_by(whose)
        mine = days.filter(connection=connection, day=day)
        if not mine.update(reads=F("reads") + reads):
            days.get_or_create(organization=whose, connection=connection, day=day)
            mine.update(reads=F("reads") + reads)
        # Last, because everybody waits for this row.
        _count_together(connection.provider, day.replace(day=1), reads)


def _count_together(provider: str, first: date, reads: int) -> None:
    months = MonthOfReads.objects.filter(provider=provider, month=first)
    if not months.update(reads=F("reads") + reads):
        MonthOfReads.objects.get_or_create(provider=provider, month=first)
        months.update(reads=F("reads") + reads)


def month_of(provider: str) -> Month:
    """Where the installation stands now with this package."""
    return _months((provider,))[provider]


def months() -> Mapping[str, Month]:
    """Where it stands with each package."""
    return _months(tuple(settings.ACCOUNTING_PROVIDERS))


def _months(providers: tuple[str, ...]) -> Mapping[str, Month]:
    now = database_now()
    first = _day(now).replace(day=1)
    rows = MonthOfReads.objects.filter(provider__in=providers, month=first)
    found = {row.provider: row for row in rows}
    rest = 2 * scaled(READS_REST, speed=settings.ENGINE_SPEED)

    def told(provider: str) -> Month:
        row = found.get(provider) or MonthOfReads(provider=provider, month=first)
        is_refused = row.refused_at is not None and now - row.refused_at < rest
        allowed = provider_for(provider).limits.reads_per_month
        return Month(first, row.reads, allowed, is_refused, row.told)

    return {provider: told(provider) for provider in providers}


def reads_of(organization: Organization) -> int:
    """Reads of one business's books in this month. Runs inside `acting_for`."""
    first = _day(database_now()).replace(day=1)
    days = ReadMeter.objects.owned_by(organization).filter(day__gte=first)
    return int(days.aggregate(reads=Sum("reads", default=0))["reads"])


def is_refusal_of_month(connection: Connection) -> bool:
    """Whether a read that met "too many" met the month's end rather than the minute's.

    So it is where the month is nearly used; and where a whole pause has just been made for nothing,
    because other apps of ours may have used what we did not count.
    """
    with acting_for(connection.organization):
        month, now = month_of(connection.provider), database_now()
        if month.standing >= Standing.SCARCE:
            rows = MonthOfReads.objects.filter(provider=connection.provider, month=month.first)
            rows.update(refused_at=now)
            return True
        rows_of_ours = Connection.objects.owned_by(connection.organization)
        paused = rows_of_ours.values_list("throttled_until", flat=True).get(pk=connection.pk)
        lately = scaled(_JUST_PAUSED, speed=settings.ENGINE_SPEED)
        return paused is not None and now - lately < paused <= now


def regular_reading(connection: Connection, now: datetime, usual: timedelta) -> datetime:
    """When to read books next if nobody announces a change.

    From 90 % of the month's allowance on so seldom that regular readings use at most half of what
    is left, but as soon as a new month allows it again: then spread over a day.
    """
    month = month_of(connection.provider)
    if month.standing < Standing.SCARCE:
        return now + usual
    wait = max(usual, min(_LONGEST_UNREAD, _fair_wait(month, now)))
    spread = timedelta(days=1) * (connection.pk % 1000) / 1000
    return max(now + usual, min(now + wait, month.next_begins + spread))


def _fair_wait(month: Month, now: datetime) -> timedelta:
    """Between two regular readings, so that everybody's last until the month's end."""
    for_these = month.left // _SHARE_OF_REGULAR
    with acting_for_everyone():
        live = Connection.objects.across_organizations().filter(
            state=ConnectionState.CONNECTED, is_set_up=True
        )
        sharing = live.count()
    return (month.next_begins - now) * sharing / for_these if for_these else _LONGEST_UNREAD


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
