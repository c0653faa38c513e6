"""The faults that need more than rules of the simulator: permissions, servers, announcements."""

import random
import time
from typing import Any

from ascora.embedded.processes import EmbeddedError
from tests.faults.connecting import (
    brings_another_company,
    comes_back_twice,
    nothing_is_there,
    opens,
)
from tests.faults.disks import is_full_for_a_minute, moves_to_a_small_disk, was_full
from tests.faults.machines import (
    announcement,
    replace_workers,
    restore_or_copy,
    start_web,
    strike_postgres,
    strike_redis,
)
from tests.faults.scenarios import LOST, WRITES, Scenario
from tests.faults.visitors import visit
from tests.faults.world import SPEED, World

QUIET_WEBHOOKS = {
    "enabled": True, "delay_ms": 300, "copies": 1, "reverse": False, "shuffle": False,
    "drop_rate": 0.0,
}  # fmt: skip
WILD_WEBHOOKS = {**QUIET_WEBHOOKS, "copies": 10, "reverse": True, "drop_rate": 0.2, "seed": 23}
CONNECTED = "connected"
UNAVAILABLE, IN_TIME = 503, 3.0
WHILE_READS_REST = 15.0


def _calls(world: World) -> dict[str, dict[str, Any]]:
    """Of the businesses of this scenario, by mark."""
    return {m: world.control(f"/calls?realm={realm}") for m, realm in _realms(world).items()}


def _realms(world: World) -> dict[str, str]:
    marks = world.env["ASCORA_MARKS"].split()
    companies = world.control("/companies")
    return {each["name"]: each["realm"] for each in companies if each["name"] in marks}


def _count(calls: dict[str, Any], kind: str) -> int:
    return int(calls.get(kind, calls.get("counts", {}).get(kind, 0)))


# --- Permissions ----------------------------------------------------------------------------------


def revokes(world: World, _chance: random.Random) -> None:
    """Somebody ends the permission over there; a while later an owner connects again."""
    realm = next(iter(_realms(world).values()))
    world.control("/knobs", {"revoke_tokens": {"realm": realm}})
    time.sleep(150 / SPEED)
    world.clerk("reconnect")


def all_connected(world: World) -> list[str]:
    """Nobody was left outside."""
    found = world.clerk("states")
    return [f"{mark} is {state}" for mark, state in found.items() if state != CONNECTED]


def only_here(world: World) -> list[str]:
    return [*all_connected(world), *nothing_is_there(world)]


def expires(world: World, _chance: random.Random) -> None:
    world.clerk("expire")


def no_grant_refused(world: World) -> list[str]:
    """All workers wanted a new token at once, and the old one was shown once."""
    refused = {mark: _count(calls, "invalid_grants") for mark, calls in _calls(world).items()}
    found = [f"{mark}: {times} refreshes were refused" for mark, times in refused.items() if times]
    return [*found, *all_connected(world)]


def loses_a_token(world: World, _chance: random.Random) -> None:
    """The answer of the next refresh is lost."""
    world.control("/knobs", {"drop_token_reply": 1})
    world.clerk("expire")


# --- Servers --------------------------------------------------------------------------------------


def strikes_redis(world: World, chance: random.Random) -> None:
    """Gone with all it knew; people go on working meanwhile."""
    strike_redis(world, seconds=chance.choice([0, 10]))


def strikes_postgres(world: World, chance: random.Random) -> None:
    seconds = chance.choice([0, 30]) / SPEED
    strike_postgres(world, meanwhile=lambda: time.sleep(seconds))


def fails_over(world: World, _chance: random.Random) -> None:
    """The last moments are lost: what was committed then was not on the disk."""
    strike_postgres(world, meanwhile=lambda: None)


def orphans_are_seen(world: World) -> list[str]:
    """What was lost here and stands there is shown by the comparison of both sides."""
    found: list[str] = world.clerk("orphans")
    return found


def restores(world: World, _chance: random.Random) -> None:
    restore_or_copy(world)


def commits_at_leisure(world: World) -> None:
    world.clerk("commits_safely", "off")


def announced_in_vain(world: World, _chance: random.Random) -> None:
    """Nothing may be acknowledged that is not written down, and the answer comes in time."""
    realm = next(iter(_realms(world).values()))

    def announce() -> None:
        for _ in range(10):
            status, seconds = announcement(world, realm)
            assert status == UNAVAILABLE, f"answered {status} without a database"
            assert seconds < IN_TIME, f"answered after {seconds:.1f} s"

    strike_postgres(world, meanwhile=announce)


def commits_safely(world: World) -> None:
    world.clerk("commits_safely", "on")


def goes_out(world: World, _chance: random.Random) -> None:
    replace_workers(world)


# --- What comes in --------------------------------------------------------------------------------


def works_there(world: World, chance: random.Random) -> None:
    world.clerk("there", chance.random(), 8)


def announces(world: World) -> None:
    """The web server receives what the books announce, doubled, reversed, and with gaps."""
    start_web(world)
    world.control("/knobs", {"webhooks": WILD_WEBHOOKS})


def echoes(world: World) -> None:
    start_web(world)
    world.control("/knobs", {"webhooks": QUIET_WEBHOOKS})


def reads_once(world: World) -> list[str]:
    """What was never announced is read with the next reading."""
    world.control("/knobs", {"webhooks": QUIET_WEBHOOKS})
    world.clerk("read")
    world.becomes_quiet(seconds=60)
    return []


def nothing_came_back(world: World) -> list[str]:
    """Nobody changed anything twice: every document was written once, and none was updated."""
    before = world.clerk("sendings")
    world.clerk("read")
    world.becomes_quiet(seconds=60)
    echoed = world.clerk("sendings") - before
    again = [f"{line} was sent again" for line in world.clerk("resent")]
    return [*again, *([f"{echoed} sendings after a reading"] if echoed else [])]


def used_up(world: World) -> None:
    world.control("/meter", {"percent": 100})


def month_ends(world: World) -> None:
    """Until then most has gone; only what must be looked at first, or again, may still wait."""
    time.sleep(WHILE_READS_REST)
    waiting, done = world.clerk("waiting"), world.clerk("settled")
    if done < 4 * len(waiting):
        raise EmbeddedError(f"{done} had gone while reads rested, there waited {waiting}")
    world.control("/meter", {"used": 0})


def races(action: str, effect: str, entity: str, wish: dict[str, Any]) -> dict[str, Any]:
    """One update in three is raced by the bookkeeper."""
    return {
        "effect": effect, "action": action, "wish": wish, "probability": 0.3, "seed": 27,
        "matching": {"entity": entity, **WRITES},
    }  # fmt: skip


RACES = [
    races("edit_customer", "interfere_after", "customer", {"id": "{id}", "email": "r@books.test"}),
    races("edit_customer", "interfere", "customer", {"id": "{id}", "email": "q@books.test"}),
    races("void", "interfere_after", "payment", {"kind": "Payment", "id": "{id}"}),
]
MORE: tuple[Scenario, ...] = (
    Scenario("R13", "permission ended, given again", disturb=revokes, proves=all_connected),
    Scenario("R14", "tokens end together, strict rotation", disturb=expires,
             knobs={"rotation": "strict"}, proves=no_grant_refused),
    Scenario("R15", "answers of refreshes lost, old token good for a while",
             disturb=loses_a_token, proves=all_connected,
             knobs={"rotation": "strict", "rotation_grace_seconds": 3600}),
    Scenario("R16", "one code brought twice at once", prepare=opens, disturb=comes_back_twice,
             proves=all_connected),
    Scenario("R17", "another company chosen", prepare=opens, disturb=brings_another_company,
             proves=only_here),
    Scenario("R18", "Redis killed, up to 10 s away", disturb=strikes_redis),
    Scenario("R19", "PostgreSQL restarted at once, up to 30 s away", rules=[LOST],
             prepare=commits_safely, disturb=strikes_postgres),
    Scenario("R20", "the last commits lost", prepare=commits_at_leisure, disturb=fails_over,
             proves=orphans_are_seen, excuses=("differing", "unknown")),
    Scenario("R23", "announced ten times, reversed, one in five never", prepare=announces,
             disturb=works_there, proves=reads_once, holds=True),
    Scenario("R24", "announced while there is no database", prepare=echoes,
             disturb=announced_in_vain),
    Scenario("R26", "one group an hour ahead, one behind", engine={"skew": 3600}, rules=[LOST]),
    Scenario("R27", "raced by the bookkeeper", rules=RACES, kinds=("changes",),
             proves=reads_once, holds=True),
    Scenario("R28", "our own writes announced and read", prepare=echoes,
             proves=nothing_came_back),
    Scenario("R32", "workers replaced one after another", disturb=goes_out, rules=[LOST]),
    Scenario("R33", "yesterday's backup put back", prepare=commits_safely, disturb=restores,
             proves=orphans_are_seen, excuses=("differing", "unknown"), holds=True),
    Scenario("R34", "reads of the month used up", prepare=used_up, relents=month_ends,
             proves=all_connected),
    Scenario("R36", "64 people on few connections", proves=visit),
    # The last one, because PostgreSQL stays on its small disk.
    Scenario("R21", "PostgreSQL's disk full for a minute", prepare=moves_to_a_small_disk,
             disturb=is_full_for_a_minute, proves=was_full, needs_root=True),
)  # fmt: skip
