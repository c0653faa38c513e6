"""The test of the test: with a belt of the protocol off the harness goes red, with all on green."""

from tests.faults.running import Outcome, run
from tests.faults.scenarios import FORGETFUL, Scenario
from tests.faults.world import SPEED, World

MONEY = {"kind": "write", "entity": ["payment", "invoice", "creditmemo", "bill"]}
LOST = {"effect": "lose_reply", "probability": 0.5, "seed": 21, "matching": MONEY}
LATE = {"effect": "hold", "seconds": [70, 110], "probability": 0.5, "seed": 22, "matching": MONEY}
# Longer than lease, quarantine and a look together, in the engine's time.
SLEEP = 420 / SPEED


def sleeping(point: str) -> dict[str, object]:
    return {"sleeps_at": point, "sleeps_for": SLEEP, "chance": 0.3}


# What takes each belt to its limit: the other belts hold it as long as this one is there.
HARDEST = {
    belt: Scenario(belt, what, rules, knobs, engine, kinds=("pays",))
    for belt, what, rules, knobs, engine in (
        ("intent", "answers lost, ids forgotten", [LOST], FORGETFUL, {}),
        ("read-back", "answers lost, ids forgotten", [LOST], FORGETFUL, {}),
        ("quarantine", "carried out late, ids forgotten", [LATE], FORGETFUL, {}),
        ("deadline", "asleep before sending", [], FORGETFUL, sleeping("k4")),
        ("requestid", "blind looks", [LOST], {"query_lag_seconds": 1000}, {}),
        ("fence", "asleep before storing", [], FORGETFUL, sleeping("k7")),
    )
}
ACTS = 36
SEED = 1


def check() -> int:
    """Each belt on, then off; the last line says how many were seen to be needed."""
    seen = 0
    with World(groups=4, children=2) as world:
        for belt, scenario in HARDEST.items():
            on = run(world, scenario, acts=ACTS, seed=SEED, weakened="alone")
            off = run(world, scenario, acts=ACTS, seed=SEED, weakened=belt)
            seen += on.is_kept and not off.is_kept
            _tell(belt, on, off)
    print(f"{seen} of {len(HARDEST)}")
    return 0 if seen == len(HARDEST) else 1


def _tell(belt: str, on: Outcome, off: Outcome) -> None:
    broken = list(off.broken())
    print(
        f"{belt:<12} on: {'green' if on.is_kept else 'RED'}  off: {len(broken)} broken", flush=True
    )
    for line in [*on.broken(), *broken[:3]]:
        print(f"    {line}", flush=True)
