"""Child processes that we start, watch and stop, each in its own session, with its own log."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")


class EmbeddedError(Exception):
    """Something that the person at the terminal is told in one line."""


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tied_to_us(
    command: Sequence[str], *, how: signal.Signals = signal.SIGTERM, user: str = ""
) -> list[str]:
    """The command, wrapped so that it gets a signal when this process ends, even by kill -9."""
    return [
        sys.executable, "-S", "-E", str(CHILD), str(os.getpid()), how.name, user, *command
    ]  # fmt: skip


@dataclass
class Process:
    """One long-lived child process."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    user: str = ""
    config: str = ""
    restarts: int = 0
    _child: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; its own session keeps the terminal's Ctrl-C from reaching it before us."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                tied_to_us(self.command, how=self.stop_signal, user=self.user),
                stdin=subprocess.PIPE if self.config else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )
        if self._child.stdin:
            self._child.stdin.write(self.config.encode())
            self._child.stdin.close()

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start_anew(self) -> None:
        """After it ended by itself; its log goes on."""
        self.restarts += 1
        self.start()

    def ask_to_stop(self) -> None:
        if self._child and self.is_running:
            self._child.send_signal(self.stop_signal)

    def stop(self, *, seconds: float = 8.0) -> None:
        """Ask it to stop, then insist; returns when it is gone."""
        if self._child is None:
            return
        self.ask_to_stop()
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait(seconds)

    def wait(self, *, seconds: float) -> int:
        """Its exit status, once it has ended by itself."""
        if self._child is None:
            return 0
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise EmbeddedError(
                f"{self.name} took longer than {seconds:.0f} s ({self.log})"
            ) from None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once it answers; say why it does not, with the end of its log."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_running:
                raise EmbeddedError(f"{self.name} ended while starting: {self.last_words()}")
            if ready():
                return
            time.sleep(0.05)
        raise EmbeddedError(
            f"{self.name} was not ready within {seconds:.0f} s: {self.last_words()}"
        )

    def last_words(self) -> str:
        """The end of its log, on one line."""
        lines = self.log.read_text(errors="replace").split("\n")[-6:] if self.log.exists() else []
        return " / ".join(line.strip() for line in lines if line.strip()) + f" ({self.log})"
