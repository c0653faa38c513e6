"""Whatever two businesses, their bookkeepers, the network and dying workers do, in whatever order:
when it has become quiet, everything stands over there once, to the cent, and each at its own.

A failing sequence is printed as a story, one line for each step. ASCORA_STORIES and ASCORA_STEPS
make it longer, ASCORA_SHORTEST looks for the shortest sequence that fails (it takes minutes).
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ascora.tenancy.models import Organization
from integrations import connections
from tests.engine.bothsides import DEATHS, Side, dying_at
from tests.engine.connected import Connected, running
from tests.engine.fake_ledger import FakeLedger
from tests.simulator.client import Company, Running

__all__ = ["running"]

STORIES = int(os.environ.get("ASCORA_STORIES", "5"))
STEPS = int(os.environ.get("ASCORA_STEPS", "35"))
MARKS = ("CANARY-1", "CANARY-2")
PHASES = [Phase.generate, *([Phase.shrink] if "ASCORA_SHORTEST" in os.environ else [])]
FAULTS = ("drop_reply", "fail_before", "throttle_next")

cents = st.integers(min_value=1, max_value=40_000).map(lambda n: Decimal(n) / 100)
whom = st.integers(min_value=0, max_value=len(MARKS) - 1)
which = st.integers(min_value=0, max_value=9)
modes = st.sampled_from(["exclusive", "inclusive"])
HERE = (
    "invoices", "amends", "voids", "is_paid", "is_paid", "takes_back", "credits", "uses_credit",
    "buys", "sends_back", "is_called_otherwise",
)  # fmt: skip
THERE = ("paid_there", "unpaid_there", "edited_there")
ENGINE = ("pushes", "pushes", "pushes", "reads", "reads", "waits", "dies")
ACTS = (*HERE, *THERE, *ENGINE, *FAULTS)


class Story(RuleBasedStateMachine):
    """Two businesses in one simulator; whatever was done is undone at the end."""

    running: ClassVar[Running]
    organizations: ClassVar[list[Organization]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.turn(**dict.fromkeys(FAULTS, 0))
        self.sides = [
            Side(self.business(organization, mark), mark)
            for organization, mark in zip(self.organizations, MARKS, strict=True)
        ]
        for side in self.sides:
            side.set_up()

    def business(self, organization: Organization, mark: str) -> Connected:
        business = Connected(organization, FakeLedger())
        business.attach(self.running, Company(self.running, name=mark, country="AU"))
        BUSINESSES[organization.pk] = business
        return business

    def turn(self, **knobs: object) -> None:
        self.running.control("/knobs", knobs)

    @initialize(amounts=st.lists(cents, min_size=4, max_size=4), mode=modes)
    def there_is_work(self, amounts: list[Decimal], mode: str) -> None:
        for which, amount in enumerate(amounts):
            self.sides[which % 2].invoices(2 * which, amount, mode)
        self.sides[0].business.drain()

    @rule(whom=whom, what=st.sampled_from(ACTS), which=which, amount=cents, mode=modes)
    def happens(self, whom: int, what: str, which: int, amount: Decimal, mode: str) -> None:
        """One rule for everything: Hypothesis would leave some of several out of a story."""
        side = self.sides[whom]
        if what in FAULTS:
            self.turn(**{what: 1 + which % 2})
        elif what == "dies":
            with dying_at(DEATHS[which % len(DEATHS)]):
                side.business.drain()
        else:
            getattr(side, what)(which, amount, mode)

    def teardown(self) -> None:
        try:
            self.turn(**dict.fromkeys(FAULTS, 0))
            for side in self.sides:
                side.becomes_quiet()
            for side in self.sides:
                side.proves([mark for mark in MARKS if mark != side.mark])
        finally:
            transaction.savepoint_rollback(self.savepoint)


BUSINESSES: dict[Any, Connected] = {}


@pytest.fixture
def stories(
    db: None,
    running: Running,
    bright_spark: Organization,
    drain_co: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[type[Story]]:
    """The machine, with the books of both businesses in the simulator."""
    Story.running = running
    Story.organizations = [bright_spark, drain_co]
    monkeypatch.setattr(
        connections, "open_ledger", lambda c, **_: BUSINESSES[c.organization_id].open()
    )
    yield Story
    running.control("/knobs", dict.fromkeys(FAULTS, 0))
    BUSINESSES.clear()


def test_each_stands_once_to_the_cent_and_at_its_own(stories: type[Story]) -> None:
    run_state_machine_as_test(
        stories,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
