"""Both servers on one data folder: started once, shared with whoever comes second, stopped once."""

import fcntl
import json
import os
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ascora.embedded.postgres import Postgres
from ascora.embedded.processes import EmbeddedError
from ascora.embedded.redis import Redis

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def data_folder() -> Path:
    """`.data` in the current folder, or what ASCORA_DATA says."""
    return Path(os.environ.get("ASCORA_DATA") or ".data").resolve()


def addresses_given() -> dict[str, str]:
    """The servers that the environment names: both, or none; one alone is a mistake."""
    given = {name: os.environ[name] for name in ADDRESSES if os.environ.get(name)}
    if len(given) == 1:
        raise EmbeddedError(f"only {next(iter(given))} is set: set both addresses or neither.")
    return given


class Servers:
    """PostgreSQL and Redis under one folder; `urls` is the environment that a command needs.

    Whoever holds the folder's lock started them and stops them. A second start on the same folder
    uses those that run and leaves them alone. Where the environment names servers, nothing starts.
    """

    def __init__(self, folder: Path | None = None, *, temporary: bool = False) -> None:
        self.temporary = temporary
        self.folder = (
            Path(tempfile.mkdtemp(prefix="ascora-")) if temporary else folder or data_folder()
        )
        self.urls: dict[str, str] = {}
        self.is_owner = False
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def is_held_elsewhere(self) -> bool:
        """Whether another process has these servers now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            return not self._take(lock)

    def _start(self) -> None:
        if self.temporary:
            self._cleanup.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self._cleanup.enter_context((self.folder / "lock").open("w"))
        self.is_owner = self._take(lock)
        if given := addresses_given():
            self.urls = given
        elif self.is_owner:
            self._start_both()
        else:
            self.urls = self._of_the_owner()

    def _take(self, lock: IO[str]) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _start_both(self) -> None:
        logs = self.folder / "log"
        postgres = Postgres(
            data=self.folder / "postgres",
            log=logs / "postgres.log",
            throw_away=self.temporary,
        )
        redis = Redis(data=self.folder / "redis", log=logs / "redis.log")
        self._note.unlink(missing_ok=True)  # of an owner that was killed
        self._cleanup.callback(self._note.unlink, missing_ok=True)
        for server in (redis, postgres):
            self._cleanup.callback(server.stop)
            server.start()
        self.urls = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        self._note.touch(mode=0o600)
        self._note.write_text(json.dumps(self.urls))

    @property
    def _note(self) -> Path:
        return self.folder / "servers.json"

    def _of_the_owner(self, *, seconds: float = 60) -> dict[str, str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                urls: dict[str, str] = json.loads(self._note.read_text())
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.1)
            else:
                return urls
        raise EmbeddedError(f"Another process holds {self.folder} but starts no servers.")
