"""How many calls of which kind each company got, for benchmarks and judges; kept in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

KINDS = (
    "singles",
    "batches",
    "batch_items",
    "reads",
    "metered",
    "replays",
    "throttled",
    "spoiled",
    "most_in_flight",
    "exchanges",
    "refreshes",
    "invalid_grants",
)
TOO_MANY = 429
REFUSED = 400


class Tally:
    """Counters per realm; what belongs to no known realm stands under an empty one."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin again at nothing."""
        self.counts: dict[str, Counter[str]] = {}
        self.statuses: dict[str, Counter[str]] = {}
        self.span: dict[str, tuple[float, float]] = {}
        self.open: Counter[str] = Counter()

    def note(self, realm: str, kind: str, number: int = 1) -> None:
        """Count something."""
        self.counts.setdefault(realm, Counter())[kind] += number

    @contextmanager
    def in_flight(self, realm: str) -> Iterator[None]:
        """Watch how many requests of a realm are under way at once."""
        self.open[realm] += 1
        counts = self.counts.setdefault(realm, Counter())
        counts["most_in_flight"] = max(counts["most_in_flight"], self.open[realm])
        try:
            yield
        finally:
            self.open[realm] -= 1

    def request(self, entry: Mapping[str, Any], now: float) -> None:
        """Count a request of the accounting API that was put on record."""
        realm, status = str(entry["realm"]), int(entry["status"])
        self.note(realm, self._kind(entry))
        self.note(realm, "batch_items", int(entry.get("items", 0)))
        self.note(realm, "metered", int(entry["metered"]))
        self.note(realm, "replays", int(bool(entry.get("is_replay"))))
        self.note(realm, "throttled", int(status == TOO_MANY))
        self.note(realm, "spoiled", int(bool(entry.get("effect"))))
        answers = self.statuses.setdefault(realm, Counter())
        answers[str(entry["fault_code"]) if status == REFUSED else str(status)] += 1
        first = self.span.get(realm, (now, now))[0]
        self.span[realm] = (first, now)

    def _kind(self, entry: Mapping[str, Any]) -> str:
        head = str(entry["path"]).strip("/").split("/", maxsplit=1)[0].lower()
        if head == "batch":
            return "batches"
        return "singles" if entry["method"] == "POST" and head != "query" else "reads"

    def of(self, realm: str) -> dict[str, Any]:
        """The counters of one company."""
        counts = self.counts.get(realm, Counter())
        first, last = self.span.get(realm, (0.0, 0.0))
        answers = dict(sorted(self.statuses.get(realm, Counter()).items()))
        return {kind: counts[kind] for kind in KINDS} | {
            "answers": answers,
            "first_at": first,
            "last_at": last,
        }

    def as_dict(self) -> dict[str, Any]:
        """All companies, and everything together."""
        realms = {realm: self.of(realm) for realm in sorted(self.counts)}
        together = {kind: sum(each[kind] for each in realms.values()) for kind in KINDS}
        together["most_in_flight"] = max(
            (each["most_in_flight"] for each in realms.values()), default=0
        )
        return {"realms": realms, "together": together}
