"""Everything a test can turn: delays, losses, limits, token rules and webhook disorder.

Durations are in QuickBooks' own seconds; time_scale divides them all.
"""

import math
import random
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any

PLANS = {"builder": 500_000, "silver": 1_000_000, "gold": 10_000_000, "platinum": 75_000_000}
BLOCKING = "builder"
NINETY_NINE = 2.3263


@dataclass
class WebhookKnobs:
    """How notifications travel."""

    enabled: bool = True
    delay_ms: int = 300
    duplicate: bool = False
    copies: int = 1
    shuffle: bool = False
    reverse: bool = False
    hold_back: bool = False
    seed: int | None = None
    drop_rate: float = 0.0
    retry_seconds: list[float] = field(
        default_factory=lambda: [0, 10, 20, 30, 300, 1200, 7200, 14400, 21600]
    )


@dataclass
class Knobs:
    """The state of every knob; the first group counts down with each request it hits."""

    drop_reply: int = 0
    fail_before: int = 0
    hold_next: int = 0
    hold_seconds: float = 0
    throttle_next: int = 0
    matching: dict[str, str] = field(default_factory=dict)
    latency_ms: int = 0
    throttle: bool = True
    per_minute: int = 500
    per_second: int = 10
    batch_per_minute: int = 40
    monthly_reads: int = 500_000
    query_lag_seconds: float = 0
    replay_retention_seconds: float = 86_400
    replay_atomic: bool = True
    rotation: str = "24h"
    drop_token_reply: int = 0
    rotation_grace_seconds: float = 0
    time_scale: float = 1.0
    other_apps_per_minute: int = 0
    other_apps: dict[str, int] = field(default_factory=dict)
    plan: str = "builder"
    latency_p99_ms: float = 0
    keep_bodies: bool = False
    webhooks: WebhookKnobs = field(default_factory=WebhookKnobs)

    def update(self, changes: dict[str, Any]) -> None:
        """Turn some knobs; an unknown one is a mistake of the test."""
        known = {item.name for item in fields(self)}
        unknown = set(changes) - known
        if unknown:
            raise ValueError(f"unknown knobs: {', '.join(sorted(unknown))}")
        if changes.get("plan", BLOCKING) not in PLANS:
            raise ValueError(f"unknown plan; known: {', '.join(PLANS)}")
        if float(changes.get("time_scale", 1)) <= 0:
            raise ValueError("time_scale is above zero")
        for name, value in changes.items():
            if name == "webhooks":
                self._turn_webhooks(value)
            else:
                setattr(self, name, _plain(value))
        if "plan" in changes and "monthly_reads" not in changes:
            self.monthly_reads = PLANS[self.plan]
        if changes.get("hold_seconds") and "hold_next" not in changes:
            self.hold_next = 1

    def _turn_webhooks(self, changes: dict[str, Any]) -> None:
        unknown = set(changes) - {item.name for item in fields(self.webhooks)}
        if unknown:
            raise ValueError(f"unknown knobs of webhooks: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(self.webhooks, name, _plain(value))

    def scaled(self, seconds: float) -> float:
        """A duration of QuickBooks as it is here: divided by time_scale."""
        return seconds / self.time_scale

    def latency(self) -> float:
        """Seconds that an answer takes: fixed, or around latency_ms with one in a hundred above
        latency_p99_ms.
        """
        middle = self.latency_ms / 1000
        if not middle or self.latency_p99_ms <= self.latency_ms:
            return middle
        spread = math.log(self.latency_p99_ms / self.latency_ms) / NINETY_NINE
        return random.lognormvariate(math.log(middle), spread)

    def left_by_others(self, realm: str) -> int:
        """What other apps leave of a company's requests a minute."""
        eaten = self.other_apps.get(realm, self.other_apps_per_minute)
        return max(0, self.per_minute - int(eaten))

    def as_dict(self) -> dict[str, Any]:
        """The present positions."""
        return asdict(self)

    def take(self, name: str, entity: str, operation: str) -> bool:
        """Whether a next-n knob hits this request; if so it counts one down."""
        left = getattr(self, name)
        seen = {"entity": entity, "operation": operation}
        if left <= 0 or any(seen.get(key) != value for key, value in self.matching.items()):
            return False
        setattr(self, name, left - 1)
        return True


def _plain(value: Any) -> Any:
    """Delays are floats: a sleep takes no Decimal."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value
