"""PostgreSQL, Redis, the simulator, two beats and groups of workers, each a process that may be
killed at any moment.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import redis

from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import EmbeddedError, Process, free_port
from ascora.embedded.servers import ADDRESSES, Servers
from ascora.embedded.site import READY, ROOT, Site

SPEED = 25
OF_THE_TESTS = (*ADDRESSES, "ASCORA_TESTING", "DJANGO_SETTINGS_MODULE", "ASCORA_WEAKENED")
# As the bar says: every window divided by one setting, here and over there.
SCALED = {"ENGINE_SPEED": str(SPEED), "SIMULATOR_TIME_SCALE": str(SPEED), "LOG_LEVEL": "INFO"}


class World:
    """Everything that runs. What ends is started anew, as Compose does, until the world ends."""

    def __init__(self, *, groups: int = 2, children: int = 2) -> None:
        self.groups, self.children = groups, children
        self.processes: list[Process] = []
        self.postgres: list[str] = []
        self._kills = 0
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.processes:
            self._kill_session(process)
        self._cleanup.close()

    def _start(self) -> None:
        self._cleanup.enter_context(_without(OF_THE_TESTS))
        self.servers = self._cleanup.enter_context(Servers(temporary=True))
        self.place = Place(self.servers.folder, web_port=free_port(), simulator_port=free_port())
        env = environment_of(self.place, self.servers.urls)
        self.env = env | SCALED
        site = self._cleanup.enter_context(Site(self.place, self.env))
        simulator = site.start_simulator()
        site.manage("migrate --noinput")
        site.wait_for_simulator(simulator)

    def at_the_end(self, act: Callable[[], object]) -> None:
        """Whatever was begun last is ended first."""
        self._cleanup.callback(act)

    # --- The engine -------------------------------------------------------------------------------

    def start_engine(self, **told: object) -> None:
        """Groups of workers and two beats. `told` is for `worker`: dies_at, sleeps_at, chance,
        seed, weakened.
        """
        said = {f"ASCORA_{name.upper()}": str(value) for name, value in told.items()}
        for number in range(self.groups):
            module = ["tests.faults.worker", str(self.children)]
            self._run(f"worker-{number}", module, self.env | said | {"ASCORA_GROUP": str(number)})
        for number in range(2):
            schedule = str(self.place.folder / f"beat-{number}")
            beat = ["celery", "-A", "ascora", "--quiet", "beat", "--pidfile="]
            self._run(f"beat-{number}", [*beat, "--schedule", schedule], self.env)
        for process in self.processes:
            process.wait_until(lambda p=process: READY in p.log.read_text(), seconds=90)

    def stop_engine(self) -> None:
        """All of it at once, without a word."""
        for process in self.processes:
            self._kill_session(process)
        self.processes.clear()

    def _run(self, name: str, module: list[str], env: dict[str, str]) -> None:
        log = self.place.logs / f"{name}.log"
        command = [sys.executable, "-m", *module]
        process = Process(name=name, command=command, log=log, env=env, cwd=ROOT)
        process.start()
        self.processes.append(process)

    def look_after(self) -> None:
        """Start anew what ended."""
        for process in self.processes:
            if not process.is_running:
                self._kill_session(process)
                process.start_anew()

    # --- The killer -------------------------------------------------------------------------------

    @property
    def kills(self) -> int:
        """From outside, and at the places where workers die by themselves."""
        deaths = self.place.folder / "deaths"
        return self._kills + (len(deaths.read_text().splitlines()) if deaths.exists() else 0)

    def workers(self) -> list[Process]:
        return [process for process in self.processes if process.name.startswith("worker")]

    def kill_one(self, chance: random.Random) -> None:
        """One process of a group of workers, its first process among them."""
        members = _members(chance.choice(self.workers()).pid)
        if members:
            self._signal(chance.choice(members), signal.SIGKILL)

    def kill_all_workers(self) -> None:
        for process in self.workers():
            self._kill_session(process)

    @contextlib.contextmanager
    def frozen(self, chance: random.Random) -> Iterator[None]:
        """A group of workers sleeps, wherever it is, and wakes up again."""
        members = _members(chance.choice(self.workers()).pid)
        for pid in members:
            self._signal(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in members:
                self._signal(pid, signal.SIGCONT)

    def _kill_session(self, process: Process) -> None:
        for pid in _members(process.pid):
            self._signal(pid, signal.SIGKILL)
        process.stop(seconds=5)

    def _signal(self, pid: int, how: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
            self._kills += how == signal.SIGKILL

    def forget_in_redis(self) -> None:
        """Whatever Redis knew, it knows no more."""
        redis.Redis.from_url(self.env["REDIS_URL"]).flushall()

    # --- People and books -------------------------------------------------------------------------

    def control(self, path: str, body: object = None) -> Any:
        """The simulator's control interface."""
        line = http.client.HTTPConnection("localhost", self.place.simulator_port, timeout=60)
        try:
            data = None if body is None else json.dumps(body)
            line.request("GET" if body is None else "POST", f"/_simulator{path}", data)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        if answer.status != http.client.OK:
            raise EmbeddedError(f"the simulator says {answer.status}: {text[:300]}")
        return json.loads(text)

    def only(self, marks: list[str]) -> None:
        """From now on the clerk works for these businesses alone."""
        self.env["ASCORA_MARKS"] = " ".join(marks)

    def clerk(self, *words: object, dies: bool = False) -> Any:
        """Somebody works, in a process of its own; what it answers. `dies`: it is killed at it."""
        command = [sys.executable, "-m", "tests.faults.clerk", *map(str, words)]
        done = subprocess.run(
            command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        if dies and done.returncode == -signal.SIGKILL:
            return None
        if done.returncode:
            raise EmbeddedError(f"the clerk fell ill: {done.stderr[-1500:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def becomes_quiet(self, *, seconds: float) -> float:
        """Wait until nothing is on its way any more; how long it took. It must not take longer."""
        began = time.monotonic()
        left: object = None
        while time.monotonic() - began < seconds:
            self.look_after()
            left = self.clerk("waiting")
            if not left:
                return time.monotonic() - began
            time.sleep(0.5)
        raise EmbeddedError(f"after {seconds:.0f} s there still waits: {left}")


def _members(session: int) -> list[int]:
    """The processes of a session, by what the kernel says."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if session and int(fields[3]) == session and fields[0] != "Z":
                found.append(int(path.parent.name))
    return sorted(found)


@contextlib.contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """The world's processes must not find what the tests around it were told."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
