"""R35: what belongs to one business is nowhere but in its own books and its own rows."""

import re
from collections import Counter
from pathlib import Path

import redis

from tests.faults.world import World

READ = 1_000_000


def leaks(world: World, marks: list[str]) -> list[str]:
    """A sentence for every place where a mark stands that must know none, or not this one."""
    found = [*_in_redis(world), *_in_logs(world.place.logs)]
    for mark in marks:
        realms = world.control(f"/search?text={mark}%20")["realms"]
        found += [
            f"{mark} stands in the books of {realm}"
            for realm in realms
            if realm != _realm_of(world, mark)
        ]
    return found


def stored_twice(logs: Path) -> list[str]:
    """By what the workers wrote down: a sending whose certain answer was stored a second time."""
    stored: Counter[int] = Counter()
    for log in logs.glob("worker-*.log"):
        for line in _lines(log):
            if '"came of it"' in line and re.search('"outcome": "(done|adopted)"', line):
                stored.update(int(each) for each in re.findall('"attempt": "?([0-9]+)', line))
    return [f"an answer was stored {n} times for {each}" for each, n in stored.items() if n > 1]


def _realm_of(world: World, mark: str) -> str:
    companies = world.control("/companies")
    return next(str(each["realm"]) for each in companies if each["name"] == mark)


def _in_redis(world: World) -> list[str]:
    """Arguments are ids only, and nothing is cached that a person typed."""
    known = redis.Redis.from_url(world.env["REDIS_URL"])
    dumped = {key: known.dump(key) or b"" for key in known.scan_iter(count=1000)}
    return [
        f"Redis knows a mark under {key!r}" for key, value in dumped.items() if b"CANARY" in value
    ]


def _in_logs(logs: Path) -> list[str]:
    """Of web, workers and beats: who they are is said by ids alone."""
    found = []
    for log in sorted(logs.glob("*.log")):
        if re.match("web|worker|beat", log.name):
            lines = [line for line in _lines(log) if "CANARY" in line]
            found += [f"{log.name}: {lines[0][:200].strip()}"] if lines else []
    return found


def _lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()
