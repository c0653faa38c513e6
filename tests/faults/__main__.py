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
from tests.faults.scenarios import LONG, Scenario
from tests.faults.world import World

ACTS = int(os.environ.get("FAULTS_ACTS", "84"))
SEEDS = [int(seed) for seed in os.environ.get("FAULTS_SEEDS", "1 2 3").split()]
ONLY = os.environ.get("FAULTS_ONLY", "").split()
HEAD = f"{'fault':<26}{'what':<42}{'seed':>5}{'sent':>7}{'kills':>7}{'s':>7}"


def long_run() -> int:
    """Every scenario under every seed, a line for each; the last line sums up."""
    print(HEAD + "".join(f"{promise:>11}" for promise in BROKEN_PROMISES) + "   held", flush=True)
    chosen = [each for each in (*LONG, *MORE) if not ONLY or each.number in ONLY]
    for each in [each for each in chosen if each.needs_root and os.geteuid() != 0]:
        print(f"{each.number:<26}{each.what:<42} not tried: only root can do this", flush=True)
        chosen.remove(each)
    outcomes: list[Outcome | None] = []
    for seed in SEEDS:
        with World(groups=4, children=2) as world:
            outcomes += [tried(world, scenario, seed) for scenario in chosen]
    told = [outcome for outcome in outcomes if outcome is not None]
    kept = sum(outcome.is_kept for outcome in told)
    sent, kills = sum(o.pushes for o in told), sum(o.kills for o in told)
    print(f"{kept} of {len(outcomes)} kept; {sent} sent, {kills} kills, seeds {SEEDS}")
    return 0 if kept == len(outcomes) else 1


def tried(world: World, scenario: Scenario, seed: int) -> Outcome | None:
    """What came of it, told; None where it never became quiet: the others are tried, too."""
    try:
        outcome = run(world, scenario, acts=ACTS, seed=seed)
    except EmbeddedError as error:
        print(f"{scenario.number:<26}{scenario.what:<42}{seed:>5}  {error}", flush=True)
        return None
    tell(outcome)
    return outcome


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
