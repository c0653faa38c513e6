"""`python -m ascora.embedded run`: starts what is missing, stops what it started, loses nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.embedded.conftest import Run

SHOW_ADDRESSES = ("sh", "-c", 'echo "$DATABASE_URL $REDIS_URL"; read answer; exit 0')


def processes_on(folder: Path) -> list[str]:
    """The PostgreSQL servers and Redis servers whose working folder lies under this one."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            works_in = (entry / "cwd").readlink()
            name = (entry / "comm").read_text().strip()
        except OSError:
            continue
        if works_in.is_relative_to(folder) and name in {"postgres", "redis-server"}:
            found.append(name)
    return sorted(found)


def becomes_empty(folder: Path, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while processes_on(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def written_by(process: "subprocess.Popen[str]") -> str:
    return process.stdout.readline().strip()


def test_addresses_that_are_set_are_used_and_nothing_starts(run: Run, tmp_path: Path):
    process = run(*SHOW_ADDRESSES, DATABASE_URL="postgres://a/b", REDIS_URL="redis://c/0")
    said, complaint = process.communicate("go\n", timeout=30)
    assert (process.returncode, said, complaint) == (0, "postgres://a/b redis://c/0\n", "")
    assert not (tmp_path / "data").exists()


def test_one_address_alone_is_refused_in_one_line(run: Run, tmp_path: Path):
    process = run("true", DATABASE_URL="postgres://a/b")
    said, complaint = process.communicate(timeout=30)
    assert (process.returncode, said) == (1, "")
    assert complaint == "ascora: only DATABASE_URL is set: set both addresses or neither.\n"
    assert not (tmp_path / "data").exists()


def test_the_status_of_the_command_is_the_answer_and_the_servers_are_gone(run: Run, tmp_path: Path):
    process = run("sh", "-c", "exit 7")
    process.communicate(timeout=60)
    assert process.returncode == 7
    assert processes_on(tmp_path) == []
    assert not (tmp_path / "data" / "servers.json").exists()


def test_a_second_start_shares_the_servers_and_leaves_them_running(run: Run, tmp_path: Path):
    first = run(*SHOW_ADDRESSES)
    addresses = written_by(first)
    second = run("sh", "-c", 'echo "$DATABASE_URL $REDIS_URL"')
    said, _ = second.communicate(timeout=60)
    assert said.strip() == addresses
    assert processes_on(tmp_path).count("redis-server") == 1
    first.communicate("done\n", timeout=60)
    assert processes_on(tmp_path) == []


def test_a_termination_stops_the_command_and_both_servers(run: Run, tmp_path: Path):
    process = run(*SHOW_ADDRESSES)
    written_by(process)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    assert processes_on(tmp_path) == []


def test_a_killed_launcher_leaves_nothing_behind_and_the_data_survive(run: Run, tmp_path: Path):
    sql = "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']); k = c.cursor(); "
    keep = "k.execute('create table kept as select 42 as n'); c.commit(); print('kept', flush=True)"
    killed = run(sys.executable, "-c", f"{sql}{keep}; import time; time.sleep(60)")
    assert written_by(killed) == "kept"
    killed.kill()
    assert becomes_empty(tmp_path)
    later = run(sys.executable, "-c", f"{sql}k.execute('select n from kept'); print(k.fetchall())")
    said, _ = later.communicate(timeout=60)
    assert said == "[(42,)]\n"


def test_the_pid_of_a_crashed_server_does_not_stand_in_the_way(run: Run, tmp_path: Path):
    run("true").communicate(timeout=60)
    note = tmp_path / "data" / "postgres" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n0\n5432\n/tmp\n127.0.0.1\n0 0\nready\n")
    again = run("true")
    again.communicate(timeout=60)
    assert again.returncode == 0


def test_the_folder_of_another_postgresql_is_refused_in_one_line(run: Run, tmp_path: Path):
    cluster = tmp_path / "data" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("15\n")
    process = run("true")
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert complaint == (
        f"ascora: {cluster} was made by PostgreSQL 15, here is 18: "
        "save what you need, then `make demo-reset`.\n"
    )
    assert processes_on(tmp_path) == []


def test_a_second_start_is_not_led_astray_by_the_note_of_a_killed_owner(run: Run, tmp_path: Path):
    note = tmp_path / "data" / "servers.json"
    note.parent.mkdir()
    note.write_text('{"DATABASE_URL": "postgres://gone", "REDIS_URL": "redis://gone"}')
    first = run(*SHOW_ADDRESSES)
    assert "gone" not in written_by(first)
    assert "gone" not in note.read_text()
    first.communicate("done\n", timeout=60)
