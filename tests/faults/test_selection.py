"""A selection of `make faults` for every run: real processes, killed while they work."""

from collections.abc import Iterator

import pytest

from tests.faults.more import MORE
from tests.faults.running import run
from tests.faults.scenarios import LONG, SELECTED
from tests.faults.world import World

pytestmark = pytest.mark.slice
ACTS = 36
SEED = 1


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """PostgreSQL, Redis and the simulator; the engine is started for each fault."""
    with World(groups=2, children=2) as world:
        yield world


@pytest.mark.parametrize("scenario", SELECTED, ids=lambda scenario: scenario.number)
def test_nothing_is_lost_or_doubled_and_every_cent_agrees(world: World, scenario) -> None:
    outcome = run(world, scenario, acts=ACTS, seed=SEED)
    assert list(outcome.broken()) == []
    assert outcome.pushes >= ACTS // 2
    assert scenario.holds or outcome.verdict["held"] == []


def test_every_fault_has_a_number_of_the_bar() -> None:
    assert all(scenario.number.startswith("R") for scenario in (*LONG, *MORE))
