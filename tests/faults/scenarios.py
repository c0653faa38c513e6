"""The faults of the bar (A.6), by their numbers, each as something that happens to a world."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.world import SPEED, World

WRITES = {"kind": "write"}
LATE = {"effect": "hold", "seconds": [1, 119], "probability": 0.05, "seed": 5, "matching": WRITES}
LOST = {"effect": "lose_reply", "probability": 0.1, "seed": 4, "matching": WRITES}
SLOW = {"effect": "hold", "seconds": [2, 10], "probability": 0.5, "seed": 6, "matching": WRITES}
BROKEN = [
    {"effect": "fail_before", "status": [500, 502, 503], "probability": 0.04, "seed": 11},
    {"effect": "fail_after", "status": [500, 502, 503], "probability": 0.04, "seed": 12},
    {"effect": "truncate", "probability": 0.04, "seed": 13},
    {"effect": "reset", "probability": 0.04, "seed": 14},
    {"effect": "reset_after", "probability": 0.04, "seed": 15},
]
# The books fall ill at every third document or so.
POISON = 'amount": 7'
FORGETFUL = {"replay_retention_seconds": 0, "replay_atomic": False}
CALM = {
    "replay_retention_seconds": 86_400,
    "replay_atomic": True,
    "query_lag_seconds": 0,
    "other_apps_per_minute": 0,
    "rotation": "24h",
    "rotation_grace_seconds": 0,
}


def nothing(_world: World) -> None:
    """No preparation."""


def nothing_more(_world: World) -> list[str]:
    """The judge asks everything that is to be asked."""
    return []


@dataclass(frozen=True)
class Scenario:
    """What is wrong while people work. `prepare` is called before, `disturb` again and again
    meanwhile, `relents` when people have gone home; what `proves` finds wrong when it is quiet is
    told. `excuses` is what cannot be
    helped then, but is seen.
    """

    number: str
    what: str
    rules: list[dict[str, Any]] = field(default_factory=list)
    knobs: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, Any] = field(default_factory=dict)
    disturb: Callable[[World, random.Random], None] | None = None
    prepare: Callable[[World], None] = nothing
    relents: Callable[[World], None] = nothing
    proves: Callable[[World], list[str]] = nothing_more
    kinds: tuple[str, ...] = ()
    holds: bool = False
    excuses: tuple[str, ...] = ()
    needs_root: bool = False


def kills_one(world: World, chance: random.Random) -> None:
    world.kill_one(chance)


def kills_all(world: World, _chance: random.Random) -> None:
    world.kill_all_workers()


def freezes(world: World, chance: random.Random) -> None:
    """A group of workers sleeps 10 to 400 seconds of the engine's time."""
    with world.frozen(chance):
        time.sleep(chance.uniform(10, 400) / SPEED)


def forgets(world: World, _chance: random.Random) -> None:
    world.forget_in_redis()


def cuts(world: World, _chance: random.Random) -> None:
    world.clerk("cut")


def dies_with_work(world: World, _chance: random.Random) -> None:
    """The process of the page is killed: inside the transaction, and right after it."""
    assert world.clerk("dies_before_the_commit", dies=True) is None
    assert world.clerk("dies_before_the_bell", dies=True) is None


def everything(world: World, chance: random.Random) -> None:
    """One disturbance after another."""
    chance.choice([kills_one, kills_one, kills_all, freezes, forgets, cuts])(world, chance)


def at(point: str) -> Scenario:
    return Scenario("R1", f"killed at {point}", engine={"dies_at": point, "chance": 0.2})


# Carried out after 119 s and seen 30 s later is as late as the quarantine of 150 s forgives.
STORM = Scenario(
    "R1-8, 11, 18, 19, 22, 29",
    "all at once, with forgetful books",
    rules=[LOST, LATE, *BROKEN],
    knobs={**FORGETFUL, "query_lag_seconds": 30},
    engine={"dies_at": "k3 k4 k7 k8", "chance": 0.03},
    disturb=everything,
    kinds=("changes",),
)
LONG: tuple[Scenario, ...] = (
    Scenario("R1", "killed at k1 and k2", disturb=dies_with_work),
    *(at(point) for point in ("k3", "k4", "k7", "k8")),
    Scenario("R1", "killed at k5 and k6", rules=[SLOW], disturb=kills_one),
    Scenario("R2", "one process killed after another", disturb=kills_one),
    Scenario("R3", "all workers killed at once", disturb=kills_all),
    Scenario("R4", "one answer in ten lost", rules=[LOST]),
    Scenario("R5", "carried out late", rules=[LATE]),
    Scenario("R6", "R4 and R5, request ids forgotten", rules=[LOST, LATE], knobs=FORGETFUL),
    Scenario("R7", "workers frozen 10 to 400 s", disturb=freezes, knobs=FORGETFUL),
    Scenario("R8", "R4, queries 149 s late", rules=[LOST], knobs={"query_lag_seconds": 149}),
    Scenario("R9", "a minute of 429 in JSON and XML", rules=[
        {"effect": "throttle", "form": "json", "until_seconds": 30},
        {"effect": "throttle", "form": "xml", "from_seconds": 30, "until_seconds": 60},
    ]),
    Scenario("R10", "another app eats 300 a minute", knobs={"other_apps_per_minute": 300}),
    Scenario("R11", "broken answers, one in five", rules=BROKEN),
    Scenario("R12", "batches lost, items refused", holds=True, rules=[
        {"effect": "lose_reply", "probability": 0.3, "seed": 7, "matching": {"entity": "batch"}},
        {"effect": "item_fault", "code": "429", "probability": 0.1, "seed": 8},
    ]),
    Scenario("R18", "Redis forgets everything", disturb=forgets),
    Scenario("R19", "every connection to PostgreSQL cut", disturb=cuts),
    Scenario("R22, R29", "two beats, changes while it is on its way", kinds=("changes",)),
    Scenario("R30", "a customer that is refused", holds=True, rules=[
        {"effect": "refuse", "code": "2500", "probability": 0.3, "seed": 9,
         "matching": {"entity": "customer"}}]),
    Scenario("R31", "a poisonous document", holds=True, rules=[
        {"effect": "fail_before", "status": 500, "matching": {"text": POISON}}]),
    STORM,
)  # fmt: skip
SELECTED = (LONG[0], STORM)
