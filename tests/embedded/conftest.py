"""Embedded servers of these tests' own, apart from those that the test run itself stands on."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ascora.embedded.servers import Servers

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers(temporary=True) as running:
        yield running


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """A machine where no server is named, with the data folder in the test's own."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"ASCORA_DATA": str(tmp_path / "data")}


@pytest.fixture
def run(bare_environment: dict[str, str]) -> Iterator[Run]:
    """Start `python -m ascora.embedded run -- COMMAND`; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*command: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ascora.embedded", "run", "--", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=bare_environment | environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=20)
