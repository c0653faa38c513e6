"""R21: PostgreSQL on a disk of its own, small enough to be filled. Only root can mount one."""

import contextlib
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

from ascora.embedded.processes import EmbeddedError
from tests.faults.machines import listens, strike_postgres
from tests.faults.world import SPEED, World

# What people and the engine may still write before it is full.
FREE = 96 * 1024 * 1024
_FULL_SECONDS = 60
_CHUNK = bytes(1024 * 1024)


def moves_to_a_small_disk(world: World) -> None:
    """While PostgreSQL is down its folder is copied to a disk in memory, and stays there."""
    data = _data(world)
    before = data.with_name("on-the-large-disk")

    def move() -> None:
        data.rename(before)
        data.mkdir()
        used = int(_told("du", "--summarize", "--bytes", str(before)).split()[0])
        _told("mount", "-t", "tmpfs", "-o", f"size={used + FREE}", "tmpfs", str(data))
        world.at_the_end(lambda: _told("umount", "--lazy", str(data)))
        shutil.copystat(before, data)
        os.chown(data, before.stat().st_uid, before.stat().st_gid)
        _told("cp", "--archive", f"{before}/.", str(data))
        shutil.rmtree(before)

    strike_postgres(world, meanwhile=move)


def is_full_for_a_minute(world: World, chance: random.Random) -> None:
    """People and engine go on meanwhile; what they are refused is not done at all."""
    filler = _data(world) / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(_CHUNK):
            pass
    with contextlib.suppress(EmbeddedError):
        world.clerk("work", chance.random(), 6)
    time.sleep(_FULL_SECONDS / SPEED)
    filler.unlink()
    if not listens(world.env["DATABASE_URL"]):
        strike_postgres(world, meanwhile=lambda: None)


def was_full(world: World) -> list[str]:
    """By what PostgreSQL wrote down: otherwise nothing was tried."""
    told = (world.place.logs / "postgres.log").read_text(errors="replace")
    return [] if "No space left on device" in told else ["the disk was never full"]


def _data(world: World) -> Path:
    return world.servers.folder / "postgres"


def _told(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EmbeddedError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout
