"""The simulated clock: it can run faster than life and be moved forward, never back."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass
class Clock:
    """Seconds since the epoch as the simulator sees them."""

    speed: float = 1.0
    offset: float = 0.0
    started: float = field(default_factory=time.time)

    def now(self) -> float:
        """The simulated moment."""
        return self.started + (time.time() - self.started) * self.speed + self.offset

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.offset += seconds

    def today(self, zone: str) -> date:
        """The business date in a company's own time zone (field guide 1.19)."""
        return datetime.fromtimestamp(self.now(), ZoneInfo(zone)).date()


def stamp(moment: float) -> str:
    """A MetaData time: Pacific, whole seconds, with offset, whatever the country."""
    return datetime.fromtimestamp(int(moment), PACIFIC).isoformat()


def stamp_precise(moment: float) -> str:
    """The `time` of an envelope: Pacific, with milliseconds."""
    return datetime.fromtimestamp(moment, PACIFIC).isoformat(timespec="milliseconds")


def utc_text(moment: float) -> str:
    """A time as webhooks write it, in UTC with a Z."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parse_moment(text: str) -> float:
    """Read a date-time of a query or of changedSince; without an offset it is Pacific."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PACIFIC)
    return moment.timestamp()
