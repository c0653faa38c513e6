"""Somebody at work in a world, in a process of its own: `python -m tests.faults.clerk WHAT ...`.

Answers one line of JSON at its end.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django

ACTS = (
    "invoices", "invoices", "invoices", "is_paid", "is_paid", "credits", "uses_credit", "buys",
    "buys",
)  # fmt: skip
# Payments have no number by which the books could refuse a second one.
PAYING = 9
CHANGES = ("amends", "voids", "takes_back", "sends_back", "is_called_otherwise")


def found(count: str) -> object:
    """So many more businesses; their marks."""
    from tests.faults import businesses

    return businesses.found(int(count))


def work(seed: str, times: str, *kinds: str) -> object:
    """So many acts of the people of all businesses; `changes` and `pays` mix others in."""
    from tests.faults.businesses import sides

    chance = random.Random(seed)
    everybody = list(sides())
    acts = [*ACTS, *(CHANGES if "changes" in kinds else ())]
    acts += ["is_paid"] * PAYING if "pays" in kinds else []
    for _ in range(int(times)):
        side = chance.choice(everybody)
        amount = Decimal(chance.randint(1, 40_000)) / 100
        mode = chance.choice(["exclusive", "inclusive"])
        getattr(side, chance.choice(acts))(chance.randint(0, 99), amount, mode)
    return times


def dies_before_the_commit() -> object:
    """k1: killed in the middle of the business's own transaction."""
    from tests.faults.businesses import sides

    side = next(sides())
    side.press = _then_dies(side)  # type: ignore[method-assign]
    side.invoices(1, Decimal("66.60"), "exclusive")
    return "survived"


def _then_dies(side: Any) -> Callable[[Callable[[], object]], None]:
    def press(act: Callable[[], object]) -> None:
        with side.business.acting():
            act()
            os.kill(os.getpid(), signal.SIGKILL)

    return press


def dies_before_the_bell() -> object:
    """k2: killed after the commit, before anybody was told."""
    from integrations import tasks
    from tests.faults.businesses import sides

    tasks.ring = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    next(sides()).invoices(1, Decimal("77.70"), "exclusive")
    return "survived"


def waiting() -> object:
    """What is on its way, of everybody: empty when it is quiet."""
    from tests.faults.businesses import sides
    from tests.faults.judge import on_its_way

    left = [(side.mark, entry) for side in sides() for entry in on_its_way(side)]
    return [f"{mark}: {entry.label} {entry.message}" for mark, entry in left[:5]]


def judgement() -> object:
    """The verdict on the whole world."""
    from tests.faults.businesses import sides
    from tests.faults.judge import judge

    return judge(list(sides())).as_dict()


def cut() -> object:
    """Every connection to the database ends but this one, as when it is restarted at once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND usename = current_user"
        )
        return cursor.fetchone()[0]


COMMANDS: dict[str, Callable[..., object]] = {
    command.__name__: command
    for command in (found, work, dies_before_the_commit, dies_before_the_bell, waiting,
                    judgement, cut)
}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ascora.settings")
    django.setup()
    from tests.faults import keeper

    print(json.dumps((COMMANDS | keeper.COMMANDS)[sys.argv[1]](*sys.argv[2:]), default=str))
