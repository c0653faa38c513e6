"""Fault rules: which requests go wrong, how and how often; same seed and order, same faults.

Every duration is in QuickBooks' own seconds, so time_scale shortens it like all others.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

ON_REQUESTS = (
    "lose_reply",
    "fail_before",
    "fail_after",
    "hold",
    "truncate",
    "drip",
    "reset",
    "reset_after",
    "interfere",
    "interfere_after",
    "refuse",
)
GATES = ("throttle",)
ON_ITEMS = ("item_fault",)
ON_TOKENS = ("invalid_grant",)
EFFECTS = (*ON_REQUESTS, *GATES, *ON_ITEMS, *ON_TOKENS)
FORMS = ("json", "xml", "html", "empty")
ITEM_CODES = ("429", "3001", "6240", "2500", "5010", "6000")
TOKEN = "token"  # noqa: S105


@dataclass(frozen=True)
class Scene:
    """What a rule can tell requests, and items of a batch, apart by."""

    realm: str
    entity: str
    operation: str
    method: str = "POST"
    item: str = ""
    text: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """Whether data goes in or comes out."""
        return "read" if self.operation == "read" else "write"

    def value(self, name: str) -> str:
        """What is compared with a condition of that name."""
        return str(getattr(self, name)).lower()


CONDITIONS = ("realm", "entity", "operation", "method", "kind", "item", "text")
OURS = {"seen", "hits", "failed", "by_realm", "since", "chance"}


@dataclass
class Rule:
    """One fault, and how often it has struck."""

    effect: str
    name: str = ""
    matching: dict[str, Any] = field(default_factory=dict)
    probability: float | None = None
    every: int | None = None
    next: int | None = None
    after: int = 0
    from_seconds: float = 0
    until_seconds: float | None = None
    seed: int = 0
    seconds: Any = 0
    status: Any = 500
    form: str = "json"
    retry_after: int | None = None
    code: str = "429"
    action: str = ""
    wish: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0
    failed: int = 0
    by_realm: dict[str, int] = field(default_factory=dict)
    since: float = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise ValueError(f"unknown effect {self.effect}; known: {', '.join(EFFECTS)}")
        if self.form not in FORMS:
            raise ValueError(f"unknown form {self.form}; known: {', '.join(FORMS)}")
        if str(self.code) not in ITEM_CODES:
            raise ValueError(f"unknown code {self.code}; known: {', '.join(ITEM_CODES)}")
        strange = set(self.matching) - set(CONDITIONS)
        if strange:
            raise ValueError(f"unknown conditions: {', '.join(sorted(strange))}")
        self.chance = random.Random(self.seed)  # noqa: S311

    def takes(self, scene: Scene, elapsed: float) -> bool:
        """Whether this one goes wrong; counted either way."""
        is_time = self.from_seconds <= elapsed < (self.until_seconds or float("inf"))
        if not is_time or not self._matches(scene):
            return False
        self.seen += 1
        if not self._strikes():
            return False
        self.hits += 1
        self.by_realm[scene.realm] = self.by_realm.get(scene.realm, 0) + 1
        return True

    def _strikes(self) -> bool:
        drawn = self.probability is None or self.chance.random() < float(self.probability)
        its_turn = self.every is None or (self.seen - self.after) % int(self.every) == 0
        is_left = self.next is None or self.hits < self.next
        return drawn and its_turn and is_left and self.seen > self.after

    def _matches(self, scene: Scene) -> bool:
        if (scene.entity == TOKEN) != (self.matching.get("entity") == TOKEN):
            return False
        others = {name: asked for name, asked in self.matching.items() if name != "text"}
        held = self.matching.get("text", "")
        return held in scene.text and all(
            _is(scene.value(name), asked) for name, asked in others.items()
        )

    def length(self) -> float:
        """How long a hold or a drip lasts: a number, or drawn between two."""
        if isinstance(self.seconds, list | tuple):
            low, high = (float(each) for each in self.seconds)
            return self.chance.uniform(low, high)
        return float(self.seconds)

    def code_of_status(self) -> int:
        """The status of a failure: a number, or drawn from several."""
        listed = self.status if isinstance(self.status, list | tuple) else [self.status]
        return int(self.chance.choice(listed)) if len(listed) > 1 else int(listed[0])

    def as_dict(self) -> dict[str, Any]:
        """The rule and its counters."""
        hidden = ("chance", "since")
        return {name: value for name, value in vars(self).items() if name not in hidden}


def _is(value: str, asked: Any) -> bool:
    listed = asked if isinstance(asked, list | tuple) else [asked]
    return value in {str(each).lower() for each in listed}


class Rules:
    """The list in force, asked from the first to the last; the first that strikes counts."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, wishes: Iterable[Mapping[str, Any]], now: float) -> None:
        """Put more rules at the end of the list; their seconds begin now."""
        known = {each.name for each in fields(Rule)} - OURS
        made: list[Rule] = []
        for wish in wishes:
            unknown = set(wish) - known
            if unknown:
                raise ValueError(f"unknown in a rule: {', '.join(sorted(unknown))}")
            if "effect" not in wish:
                raise ValueError("a rule needs an effect")
            rule = Rule(**wish)
            rule.since = now
            rule.name = rule.name or f"{rule.effect}-{len(self.rules) + len(made) + 1}"
            made.append(rule)
        self.rules.extend(made)

    def remove(self, names: Iterable[str]) -> None:
        """Take rules off the list."""
        gone = set(names)
        self.rules = [rule for rule in self.rules if rule.name not in gone]

    def take(
        self, scene: Scene, effects: tuple[str, ...], now: float, scale: float = 1
    ) -> Rule | None:
        """The rule that strikes, if any."""
        for rule in self.rules:
            if rule.effect in effects and rule.takes(scene, (now - rule.since) * scale):
                return rule
        return None

    def as_list(self) -> list[dict[str, Any]]:
        """All rules with their counters."""
        return [rule.as_dict() for rule in self.rules]
