"""What every benchmark stands on: servers of its own, the simulator as a process, and figures.

Sizes come from BENCH_SIZE: `quick` to try, `full` (the default) for what is written down.
"""

import json
import os
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IS_QUICK = os.environ.get("BENCH_SIZE", "full") == "quick"
FOUND = os.environ.get("BENCH_FOUND", "")
_TICKS = os.sysconf("SC_CLK_TCK")
_LEAST_IDLE, _MOST_SIMULATOR = 0.10, 0.50


def sized(full: int, quick: int) -> int:
    """How much of something: less of it to try."""
    return quick if IS_QUICK else full


@dataclass
class Figure:
    """One line of the table. The ratio to the peer, else the value, is held against the goal."""

    name: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None
    least: float | None = None
    most: float | None = None
    valid: bool = True

    @property
    def goal(self) -> str:
        """In words."""
        if self.least is not None:
            return f">= {self.least:g}"
        return "" if self.most is None else f"<= {self.most:g}"

    @property
    def is_met(self) -> bool | None:
        """None where there is no goal."""
        held = self.value if self.ratio is None else self.ratio
        if self.least is not None:
            return held >= self.least
        return None if self.most is None else held <= self.most


def told(figure: Figure) -> None:
    """Print a figure and hand it to whoever gathers them."""
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} of {figure.peer}"
    met = {None: "", True: "met", False: "MISSED"}[figure.is_met]
    void = "" if figure.valid else " (void: the machine was the limit)"
    line = f"  {figure.name:<44}{figure.value:>11.2f} {figure.unit:<14}{ratio:<36}"
    print(f"{line}{figure.goal:<10}{met}{void}", flush=True)
    if FOUND:
        row = {
            "name": figure.name,
            "value": round(figure.value, 4),
            "unit": figure.unit,
            "peer": figure.peer,
            "ratio": None if figure.ratio is None else round(figure.ratio, 4),
            "goal": figure.goal,
            "met": figure.is_met,
            "valid": figure.valid,
        }
        with Path(FOUND).open("a") as found:
            found.write(json.dumps(row) + "\n")


class Machine:
    """How busy the machine and one process were between two moments."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.begin()

    def begin(self) -> None:
        """From now on."""
        self.wall, self.idle, self.spent = time.monotonic(), _idle(), _spent(self.pid)

    def is_valid(self) -> bool:
        """A tenth of the processors was idle, and the simulator was no bottleneck."""
        wall = time.monotonic() - self.wall
        idle = (_idle() - self.idle) / (wall * (os.cpu_count() or 1))
        return idle >= _LEAST_IDLE and self.simulator_share() <= _MOST_SIMULATOR

    def simulator_share(self) -> float:
        """Of one core."""
        return (_spent(self.pid) - self.spent) / (time.monotonic() - self.wall)


def _idle() -> float:
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / _TICKS


def _spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def servers() -> Iterator[None]:
    """PostgreSQL and Redis thrown away afterwards, Django set up and migrated."""
    from ascora.embedded.servers import Servers

    with Servers(temporary=True) as started:
        os.environ.update(started.urls)
        os.environ["ASCORA_TESTING"] = "1"
        os.environ.setdefault("QUICKBOOKS_ENVIRONMENT", "simulator")
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        os.environ["DJANGO_SETTINGS_MODULE"] = "ascora.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield


@contextmanager
def simulator(**knobs: Any) -> Iterator[Any]:
    """The simulator as a process of its own, like the client of the tests speaks to it."""
    from tests.simulator.client import Running

    class Process(Running):
        def __init__(self, port: int) -> None:
            self.port, self.pid, self.path = port, 0, ""

    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        command = [sys.executable, "-m", "simulators.quickbooks", "--port", str(port)]
        child = subprocess.Popen(
            [*command, "--data", f"{folder}/books.sqlite3"], stdout=subprocess.DEVNULL
        )
        try:
            running = Process(port)
            _until(lambda: running.control("/health"), seconds=20)
            running.pid, running.path = child.pid, f"{folder}/books.sqlite3"
            running.control("/knobs", {"webhooks": {"enabled": False}} | knobs)
            yield running
        finally:
            child.kill()
            child.wait()


def _until(ask: Callable[[], object], *, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    while True:
        try:
            ask()
        except OSError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.05)
        else:
            return


def business(running: Any, name: str) -> Any:
    """An organization that is connected to a company of its own in the simulator."""
    from django.conf import settings

    from integrations.registry import provider_for
    from tests.conftest import an_organization
    from tests.engine.connected import Connected, config_of
    from tests.engine.fake_ledger import FakeLedger
    from tests.simulator.client import Company

    path = "integrations.quickbooks.provider.QuickBooksProvider"
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, config_of(running))}
    provider_for.cache_clear()
    made = Connected(an_organization(name, olive="owner"), FakeLedger())
    company = Company(running, name=name, country="AU")
    made.attach(running, company)
    return made


def full_company(running: Any, customers: int) -> Any:
    """A company that has so many customers."""
    from tests.simulator import client

    kept, client.PATIENCE = client.PATIENCE, 600
    company = client.Company(running, name="Full", country="AU", customers=customers, seed=7)
    client.PATIENCE = kept
    with sqlite3.connect(running.path, timeout=60) as books:
        books.execute("UPDATE objects SET created = created - 86400, updated = updated - 86400")
    return company


def move(business: Any, company: Any) -> None:
    """The business keeps its books in this company from now on."""
    from integrations.models import Connection

    business.company = company
    with business.acting():
        row = Connection.objects.owned_by(business.organization).get()
        row.realm = row.realm_print = company.realm
        row.access_token = company.tokens["access_token"]
        row.refresh_token = company.tokens["refresh_token"]
        row.save()
        business.connection = row


def at_once(count: int, work: Callable[[int], None]) -> tuple[float, float]:
    """So many processes do this work; seconds of wall and of their processors."""
    from django.db import connection

    before, started = _children(), time.monotonic()
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            connection.connection = None
            status = 1
            try:
                work(number)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    ended = [os.waitpid(child, 0)[1] for child in children]
    if any(ended):
        raise SystemExit("a worker of the benchmark failed")
    return time.monotonic() - started, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def own_processor() -> float:
    """Seconds of processor that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def own_peak() -> float:
    """The most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)
