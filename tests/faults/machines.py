"""PostgreSQL and Redis struck down and started anew where they were; the web server beside them."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import redis

from ascora.embedded.environment import WEBHOOK
from ascora.embedded.postgres import ORDINARY_USER, plain_environment, program
from ascora.embedded.processes import EmbeddedError, Process
from ascora.embedded.redis import Redis
from ascora.embedded.site import ROOT, answers
from simulators.quickbooks.webhooks import sign
from tests.faults.world import World, _members


def strike_postgres(world: World, *, meanwhile: Callable[[], object]) -> None:
    """As `pg_ctl restart -m immediate`: nothing is written down first. `meanwhile` it is away."""
    command = _command_of_postgres(world)
    _end_postgres(world)
    meanwhile()
    again = Process(
        name="PostgreSQL",
        command=command,
        log=world.place.logs / "postgres.log",
        env=plain_environment(),
        stop_signal=signal.SIGINT,
        user=ORDINARY_USER if os.geteuid() == 0 else "",
    )
    again.start()
    world.at_the_end(again.stop)
    _wait(lambda: listens(world.env["DATABASE_URL"]), "PostgreSQL does not come back")


def _command_of_postgres(world: World) -> list[str]:
    """How it was started the first time: it may be gone by now."""
    if not world.postgres:
        told = Path(f"/proc/{_pid_of_postgres(world)}/cmdline").read_bytes().decode()
        world.postgres = told.rstrip("\0").split("\0")
    return world.postgres


def _pid_of_postgres(world: World) -> int:
    file = world.servers.folder / "postgres" / "postmaster.pid"
    return int(file.read_text().split("\n", 1)[0]) if file.exists() else 0


def _end_postgres(world: World) -> None:
    pid = _pid_of_postgres(world)
    if pid and _members(pid):
        os.kill(pid, signal.SIGQUIT)
    _wait(lambda: not pid or not _members(pid), "PostgreSQL does not end")


def restore_or_copy(world: World) -> None:
    """The first time the database is copied away; the next time the copy is put in its place."""
    data = world.servers.folder / "postgres"
    yesterday = data.with_name("yesterday")

    def copy() -> None:
        subprocess.run(["cp", "-a", str(data), str(yesterday)], check=True)
        (yesterday / "postmaster.pid").unlink(missing_ok=True)

    def put_back() -> None:
        shutil.rmtree(data)
        yesterday.rename(data)

    if not yesterday.exists():
        strike_postgres(world, meanwhile=copy)
        return
    world.becomes_quiet(seconds=120)
    world.kill_all_workers()
    strike_postgres(world, meanwhile=put_back)


def strike_redis(world: World, *, seconds: float) -> None:
    """Killed with all it knew, and away for so long."""
    url = world.env["REDIS_URL"]
    pid = int(redis.Redis.from_url(url).info("server")["process_id"])
    os.kill(pid, signal.SIGKILL)
    time.sleep(seconds)
    told = urlsplit(url)
    again = Redis(
        data=world.servers.folder / "redis",
        log=world.place.logs / "redis.log",
        password=str(told.password),
        port=int(told.port or 0),
    )
    again.start()
    world.at_the_end(again.stop)


def start_web(world: World) -> None:
    """The web server of the site, where announcements are received."""
    port = world.place.web_port
    command = [
        sys.executable, "-m", "gunicorn", "ascora.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "4", "--graceful-timeout", "3", "--no-control-socket",
    ]  # fmt: skip
    log = world.place.logs / "web.log"
    web = Process(name="web", command=command, log=log, env=world.env | {"DEBUG": "1"}, cwd=ROOT)
    web.start()
    world.processes.append(web)
    web.wait_until(lambda: answers(port, "/healthz"), seconds=60)


def announcement(world: World, realm: str) -> tuple[int, float]:
    """Something of this company changed, signed: how it is answered, and after how many seconds."""
    event = {
        "specversion": "1.0", "id": secrets.token_hex(8), "source": "intuit.test",
        "type": "qbo.customer.updated.v1", "datacontenttype": "application/json",
        "time": datetime.now(UTC).isoformat(), "intuitentityid": "1", "intuitaccountid": realm,
        "data": {},
    }  # fmt: skip
    body = json.dumps([event]).encode()
    signature = sign(world.env["QUICKBOOKS_WEBHOOK_VERIFIER"], body)
    headers = {"intuit-signature": signature, "Content-Type": "application/cloudevents+json"}
    began = time.monotonic()
    line = http.client.HTTPConnection("localhost", world.place.web_port, timeout=10)
    try:
        line.request("POST", WEBHOOK, body, headers)
        status = line.getresponse().status
    finally:
        line.close()
    return status, time.monotonic() - began


def replace_workers(world: World) -> None:
    """A new version goes out: one group after another is asked to end and started anew."""
    for process in world.workers():
        process.ask_to_stop()
        with contextlib.suppress(EmbeddedError):
            process.wait(seconds=30)
        world.look_after()


def listens(url: str) -> bool:
    """Whether this PostgreSQL takes connections."""
    asked = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(urlsplit(url).port)]
    return subprocess.run(asked, check=False, env=plain_environment()).returncode == 0


def _wait(is_so: Callable[[], bool], otherwise: str, *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if is_so():
            return
        time.sleep(0.1)
    raise EmbeddedError(otherwise)
