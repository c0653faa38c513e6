"""Everything a test can turn: delays, losses, limits, token rules and webhook disorder."""

from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any


@dataclass
class WebhookKnobs:
    """How notifications travel."""

    enabled: bool = True
    delay_ms: int = 300
    duplicate: bool = False
    shuffle: bool = False
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
    webhooks: WebhookKnobs = field(default_factory=WebhookKnobs)

    def update(self, changes: dict[str, Any]) -> None:
        """Turn some knobs; an unknown one is a mistake of the test."""
        known = {item.name for item in fields(self)}
        unknown = set(changes) - known
        if unknown:
            raise ValueError(f"unknown knobs: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            if name == "webhooks":
                for inner, setting in value.items():
                    setattr(self.webhooks, inner, _plain(setting))
            else:
                setattr(self, name, _plain(value))
        if changes.get("hold_seconds") and "hold_next" not in changes:
            self.hold_next = 1

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
