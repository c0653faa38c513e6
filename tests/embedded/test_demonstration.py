"""What `make demo` tells its processes, refuses, keeps and throws away."""

import json
import socket
import sys
from pathlib import Path

import pytest
from django.urls import resolve

from ascora.embedded.demo import forget, invitation
from ascora.embedded.environment import (
    CALLBACK,
    WEBHOOK,
    Place,
    environment_of,
    secrets_kept_in,
    simulator_command,
)
from ascora.embedded.processes import EmbeddedError, Process
from ascora.embedded.site import Site, refuse_used_port


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, web_port=18000, simulator_port=18010)


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path):
    path = tmp_path / "secrets.env"
    first = secrets_kept_in(path)
    assert secrets_kept_in(path) == first
    assert len(first["SECRET_KEY"]) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(first) == [
        "FIELD_ENCRYPTION_KEYS",
        "QUICKBOOKS_CLIENT_ID",
        "QUICKBOOKS_CLIENT_SECRET",
        "QUICKBOOKS_WEBHOOK_VERIFIER",
        "SECRET_KEY",
    ]


def test_every_process_hears_of_the_same_places(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASCORA_TESTING", "1")
    env = environment_of(place, {"DATABASE_URL": "postgres://here", "REDIS_URL": "redis://here"})
    assert "ASCORA_TESTING" not in env
    assert env["SITE_URL"] == "http://localhost:18000"
    assert env["QUICKBOOKS_API_URL"] == "http://localhost:18010"
    assert (env["DEBUG"], env["DATABASE_URL"]) == ("0", "postgres://here")
    command = simulator_command(place, env)
    assert command[-1] == "--no-throttle", "limits by real seconds against a clock ten times faster"
    told = dict(zip(command[2:-1:2], command[3:-1:2], strict=True))
    assert told["--client-secret"] == env["QUICKBOOKS_CLIENT_SECRET"]
    assert told["--redirect-uri"].startswith(env["SITE_URL"])
    assert told["--webhook-verifier"] == env["QUICKBOOKS_WEBHOOK_VERIFIER"]


def test_a_port_in_use_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError) as refused:
            refuse_used_port(port, variable="PORT")
    assert str(refused.value) == (
        f"Port {port} is in use: free it, or choose another with PORT={port + 1}."
    )
    refuse_used_port(port, variable="PORT")


def test_a_reset_takes_what_the_demonstration_left_and_nothing_else(tmp_path: Path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")
    for name in ("demonstration.json", "quickbooks.sqlite3", "quickbooks.sqlite3-wal", "lock"):
        (tmp_path / name).write_text("")
    (tmp_path / "somebody's notes.txt").write_text("mine")
    forget(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "somebody's notes.txt"]


def test_the_invitation_has_one_address_the_log_in_and_three_things_to_try(place: Place):
    told = {"login": "olive@example.com", "password": "a b", "lines": ["one", "two", "three"]}
    (place.folder / "demonstration.json").write_text(json.dumps(told))
    said = invitation(place)
    assert "Ascora runs at http://localhost:18000\n" in said
    assert "Log in as olive@example.com with the password a b\n" in said
    assert [line for line in said.split("\n") if line.startswith("  - ")] == [
        "  - one",
        "  - two",
        "  - three",
    ]


def test_a_process_that_ends_by_itself_is_told_with_its_last_words(place: Place, tmp_path: Path):
    dying = Process(
        name="worker",
        command=[sys.executable, "-c", "raise SystemExit('no bread left')"],
        log=tmp_path / "worker.log",
    )
    dying.start()
    with Site(place, env={}, processes=[dying]) as site:
        with pytest.raises(EmbeddedError, match="worker ended while starting: no bread left"):
            dying.wait_until(lambda: False, seconds=20)
        with pytest.raises(EmbeddedError, match="worker ended by itself: no bread left"):
            site.refuse_the_dead()


def test_a_process_that_will_not_stop_is_made_to(tmp_path: Path):
    stubborn = Process(
        name="stubborn",
        command=[
            sys.executable,
            "-c",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            " print('deaf', flush=True); time.sleep(60)",
        ],
        log=tmp_path / "stubborn.log",
    )
    stubborn.start()
    stubborn.wait_until(lambda: "deaf" in stubborn.log.read_text(), seconds=20)
    stubborn.stop(seconds=0.5)
    assert not stubborn.is_running


def test_the_addresses_that_the_simulator_is_told_are_served():
    assert resolve(CALLBACK, "integrations.urls").view_name == "callback"
    assert resolve(WEBHOOK, "integrations.urls").view_name == "webhook"
