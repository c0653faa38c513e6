"""The engine's worker, with places at which it dies by chance, and with a belt taken off if asked:
`python -m tests.faults.worker CHILDREN`. The product has no such switch.
"""

import os
import random
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import django


class ByChance:
    """In place of the one name in CRASH_AT: any of several, now and then."""

    def __init__(self, points: list[str], probability: float, seed: int) -> None:
        self.points, self.probability, self.seed = points, probability, seed

    @property
    def CRASH_AT(self) -> str:  # noqa: N802 - the setting is called so
        """Each process draws its own numbers: a forked one must not repeat its brother."""
        chance = random.Random(f"{self.seed} {os.getpid()} {os.times().elapsed}")
        strikes = chance.random() < self.probability
        return _Any(self.points) if strikes else ""


class _Any(str):
    """Equal to each of these names."""

    __slots__ = ("points",)

    def __new__(cls, points: list[str]) -> Self:
        made = super().__new__(cls, "any")
        made.points = frozenset(points)
        return made

    def __eq__(self, other: object) -> bool:
        return other in self.points

    def __ne__(self, other: object) -> bool:
        return other not in self.points

    __hash__ = str.__hash__


def set_traps() -> None:
    """Where ASCORA_DIES_AT says it dies; where ASCORA_SLEEPS_AT says it sleeps so many seconds."""
    from integrations.push import checkpoints

    told = os.environ
    deaths, sleeps = told.get("ASCORA_DIES_AT", ""), told.get("ASCORA_SLEEPS_AT", "")
    if deaths:
        checkpoints.os = SimpleNamespace(kill=_noted, getpid=os.getpid)
    if sleeps:
        seconds = float(told["ASCORA_SLEEPS_FOR"])
        checkpoints.os = SimpleNamespace(kill=lambda *_: time.sleep(seconds), getpid=os.getpid)
    if deaths or sleeps:
        seed, chance = int(told.get("ASCORA_SEED", "0")), float(told["ASCORA_CHANCE"])
        checkpoints.settings = ByChance((deaths or sleeps).split(), chance, seed)


def run_ahead() -> None:
    """The clock of the first group is ASCORA_SKEW seconds ahead, that of the second behind."""
    direction = {"0": 1, "1": -1}.get(os.environ.get("ASCORA_GROUP", ""), 0)
    seconds = direction * float(os.environ.get("ASCORA_SKEW", "0"))
    if not seconds:
        return
    from datetime import datetime, timedelta

    from celery.worker import request
    from django.utils import timezone

    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def,override]
            return datetime.now(tz) + timedelta(seconds=seconds)

    now = timezone.now
    request.datetime = Ahead
    timezone.now = lambda: now() + timedelta(seconds=seconds)


def _noted(pid: int, how: int) -> None:
    """It is counted, and then it is done."""
    with Path(os.environ["ASCORA_DATA"], "deaths").open("a") as deaths:
        deaths.write("1\n")
    os.kill(pid, how)


def main() -> None:
    """Prepare this process before Celery forks its children, and become the worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")
    django.setup()
    from tests.faults.weakened import take_off

    run_ahead()
    set_traps()
    take_off(os.environ.get("ASCORA_WEAKENED", ""))

    from celery.__main__ import main as celery

    sys.argv = [
        "celery", "-A", "ascora", "--quiet", "worker", "--concurrency", sys.argv[1],
        "--without-gossip", "--without-mingle", "--hostname", f"faults-{os.getpid()}@localhost",
    ]  # fmt: skip
    celery()


if __name__ == "__main__":
    main()
