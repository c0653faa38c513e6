"""One scenario in a world: people work in spurts, faults happen between, then it becomes quiet and
is judged.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.faults.leaks import leaks, stored_twice
from tests.faults.scenarios import CALM, Scenario
from tests.faults.world import World

BROKEN_PROMISES = ("lost", "doubled", "unknown", "differing", "stale", "strange")
# Hold.AMOUNT_DIFFERS; this process knows no Django.
TOLD_APART = " amount_differs: "
SPURT = 12
# Seconds on the wall until all must be quiet: far more than the engine's scaled windows.
PATIENCE = 150.0


@dataclass(frozen=True)
class Outcome:
    """What came of a scenario."""

    scenario: Scenario
    verdict: dict[str, Any]
    pushes: int
    kills: int
    seconds: float
    seed: int

    @property
    def is_kept(self) -> bool:
        """Nothing lost, nothing twice, every cent the same, nobody else's."""
        return not any(self.verdict[promise] for promise in BROKEN_PROMISES)

    def broken(self) -> Iterator[str]:
        """What was not kept, a line each."""
        for promise in BROKEN_PROMISES:
            for line in self.verdict[promise]:
                yield f"{promise}: {line}"


def run(world: World, scenario: Scenario, *, acts: int, seed: int, **engine: object) -> Outcome:
    """Let it happen to businesses of its own, and judge them."""
    began, kills = time.monotonic(), world.kills
    marks = world.clerk("found", 2)
    world.only(marks)
    _set(world, scenario.knobs, scenario.rules)
    world.start_engine(**{"seed": seed, **scenario.engine, **engine})
    try:
        scenario.prepare(world)
        _work(world, scenario, acts, random.Random(f"{seed} {scenario.what}"))
        # What was sent late meets books that are still as forgetful.
        _set(world, scenario.knobs, [])
        scenario.relents(world)
        world.becomes_quiet(seconds=PATIENCE)
        if "sleeps_for" in scenario.engine:
            # Others have done it all; those who sleep wake up now and go on.
            time.sleep(float(scenario.engine["sleeps_for"]))
            world.becomes_quiet(seconds=PATIENCE)
        _set(world, {}, [])
        found = [*scenario.proves(world), *leaks(world, marks)]
        disturbed = world.kills - kills
    finally:
        world.stop_engine()
        # Whatever became of it, the next one meets calm books.
        _set(world, {}, [])
        world.control("/meter", {"used": 0})
    verdict = world.clerk("judgement")
    verdict["strange"] += found
    if "sleeps_for" in scenario.engine:
        verdict["stale"] += stored_twice(world.place.logs)
    _excuse(scenario, verdict)
    return Outcome(scenario, verdict, verdict["pushes"], disturbed, time.monotonic() - began, seed)


def _excuse(scenario: Scenario, verdict: dict[str, Any]) -> None:
    """What cannot be helped then. A document whose total differs, since a change of it was lost
    here, waits for a person who is told both totals.
    """
    for promise in scenario.excuses:
        verdict["held"] += verdict[promise]
        verdict[promise] = []
    if "differing" in scenario.excuses:
        told = [line for line in verdict["strange"] if TOLD_APART in line]
        verdict["held"] += told
        verdict["strange"] = [line for line in verdict["strange"] if line not in told]


def _set(world: World, knobs: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    world.control("/knobs", CALM | knobs)
    world.control("/rules", {"rules": [{"matching": {}, **rule} for rule in rules]})


def _work(world: World, scenario: Scenario, acts: int, chance: random.Random) -> None:
    for begun in range(0, acts, SPURT):
        world.look_after()
        world.clerk("work", chance.random(), min(SPURT, acts - begun), *scenario.kinds)
        if scenario.disturb is not None:
            scenario.disturb(world, chance)
