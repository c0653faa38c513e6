"""`make faults`: the long run, and `make faults-check`: the test of the test.

FAULTS_ACTS, FAULTS_SEEDS and FAULTS_ONLY make it shorter: acts of people per scenario, seeds, and
the numbers of the bar.
"""

import os
import sys

from ascora.embedded.processes import EmbeddedError
from tests.faults.belts import check
from tests.faults.more import MORE
from tests.faults.running import BROKEN_PROMISES, Outcome, run
from tests.faults.scenarios import LONG
from tests.faults.world import World

ACTS = int(os.environ.get("FAULTS_ACTS", "150"))
SEEDS = [int(seed) for seed in os.environ.get("FAULTS_SEEDS", "1 2 3").split()]
ONLY = os.environ.get("FAULTS_ONLY", "").split()
HEAD = f"{'fault':<26}{'what':<42}{'seed':>5}{'sent':>7}{'kills':>7}{'s':>7}"


def long_run() -> int:
    """Every scenario under every seed, a line for each; the last line sums up."""
    print(HEAD + "".join(f"{promise:>11}" for promise in BROKEN_PROMISES) + "   held", flush=True)
    outcomes: list[Outcome] = []
    for seed in SEEDS:
        with World(groups=4, children=2) as world:
            for scenario in (*LONG, *MORE):
                if not ONLY or scenario.number in ONLY:
                    outcomes.append(run(world, scenario, acts=ACTS, seed=seed))
                    tell(outcomes[-1])
    kept = [outcome.is_kept for outcome in outcomes]
    sent, kills = sum(o.pushes for o in outcomes), sum(o.kills for o in outcomes)
    print(f"{sum(kept)} of {len(kept)} kept; {sent} sent, {kills} kills, seeds {SEEDS}")
    return 0 if all(kept) else 1


def tell(outcome: Outcome) -> None:
    """One line, and one more for each thing that was not kept."""
    scenario = outcome.scenario
    line = f"{scenario.number:<26}{scenario.what:<42}{outcome.seed:>5}{outcome.pushes:>7}"
    line += f"{outcome.kills:>7}{outcome.seconds:>7.0f}"
    line += "".join(f"{len(outcome.verdict[promise]):>11}" for promise in BROKEN_PROMISES)
    print(f"{line}{len(outcome.verdict['held']):>7}", flush=True)
    for broken in outcome.broken():
        print(f"    {broken}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(check() if sys.argv[1:] == ["check"] else long_run())
    except EmbeddedError as error:
        sys.exit(str(error))
