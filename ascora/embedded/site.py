"""The running site: simulator, web server, worker and beat, each a process with its own log."""

import http.client
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from ascora.embedded.environment import Place, simulator_command
from ascora.embedded.processes import EmbeddedError, Process

ROOT = Path(__file__).resolve().parents[2]
OK = 200
SECONDS_TO_STOP = 6.0
STARTED_ANEW = ("worker", "prompt", "beat")
MOST_RESTARTS = 5
# As ascora.celery says it, among the JSON lines of worker and beat.
READY = '"event": "ready"'


def refuse_used_port(port: int, *, variable: str) -> None:
    """Say in one line that somebody else listens there, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise EmbeddedError(
                f"Port {port} is in use: free it, or choose another with {variable}={port + 1}."
            ) from None


def answers(port: int, path: str) -> bool:
    """Whether the server on this loopback port is well."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{port}"})
        return line.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _says_ready(process: Process) -> bool:
    return READY in process.log.read_text()


@dataclass
class Site:
    """Everything of one place that runs beside PostgreSQL and Redis."""

    place: Place
    env: dict[str, str]
    processes: list[Process] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Ask all of them at once, then insist; together within seconds."""
        for process in self.processes:
            process.ask_to_stop()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in reversed(self.processes):
            process.stop(seconds=max(0.2, deadline - time.monotonic()))

    def manage(self, *commands: str, seconds: float = 900) -> None:
        """Management commands side by side, to their ends; each has a log of its own."""
        started = [
            self._process(command.split()[0], ["manage.py", *command.split()])
            for command in commands
        ]
        try:
            for process in started:
                process.start()
            for process in started:
                if status := process.wait(seconds=seconds):
                    raise EmbeddedError(
                        f"manage.py {process.name} ended with {status}: {process.last_words()}"
                    )
        finally:
            for process in started:
                process.stop()

    def start_simulator(self) -> Process:
        return self._start("simulator", simulator_command(self.place, self.env))

    def wait_for_simulator(self, simulator: Process) -> None:
        port = self.place.simulator_port
        simulator.wait_until(lambda: answers(port, "/_simulator/health"), seconds=60)

    def start_ascora(self) -> None:
        """Web server, workers and beat side by side; returns once each of them is well."""
        port = self.place.web_port
        web = self._start(
            "web",
            ["-m", "gunicorn", "ascora.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
             "--threads", "4", "--graceful-timeout", "3", "--no-control-socket"],
        )  # fmt: skip
        worker = self._start_worker("worker", "--concurrency", "2")
        # As in docker-compose.yml: a place that long work never takes.
        prompt = self._start_worker("prompt", "--concurrency", "1", "--queues", "prompt")
        beat = self._start(
            "beat",
            ["-m", "celery", "-A", "ascora", "--quiet", "beat", "--pidfile=",
             "--schedule", str(self.place.folder / "beat-schedule")],
        )  # fmt: skip
        web.wait_until(lambda: answers(port, "/healthz"), seconds=60)
        for process in (worker, prompt, beat):
            process.wait_until(partial(_says_ready, process), seconds=60)

    def _start_worker(self, name: str, *options: str) -> Process:
        hostname = f"{name}-{self.place.web_port}@localhost"
        return self._start(
            name,
            ["-m", "celery", "-A", "ascora", "--quiet", "worker", *options,
             "--without-gossip", "--without-mingle", "--hostname", hostname],
        )  # fmt: skip

    def refuse_the_dead(self) -> None:
        """A process that ended by itself is told with its last words."""
        for process in self.processes:
            if not process.is_running:
                raise EmbeddedError(f"{process.name} ended by itself: {process.last_words()}")

    def look_after(self) -> None:
        """Workers and beat that ended by themselves are started anew, as Compose does; what keeps
        ending is told.
        """
        for process in self.processes:
            if not process.is_running and self._may_start_anew(process):
                process.start_anew()
        self.refuse_the_dead()

    def _may_start_anew(self, process: Process) -> bool:
        return process.name in STARTED_ANEW and process.restarts < MOST_RESTARTS

    def _start(self, name: str, arguments: Sequence[str]) -> Process:
        process = self._process(name, arguments)
        process.start()
        self.processes.append(process)
        return process

    def _process(self, name: str, arguments: Sequence[str]) -> Process:
        log = self.place.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        return Process(
            name=name, command=[sys.executable, *arguments], log=log, env=self.env, cwd=ROOT
        )
