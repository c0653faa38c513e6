"""The simulator as the process that demonstration and tour start."""

import json
import os
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection

import pytest


def started(folder, *more, **environment):
    command = [sys.executable, "-m", "simulators.quickbooks", "--port", "0", "--no-throttle"]
    command += ["--data", str(folder / "new" / "books.sqlite3")]
    command += [
        "--client-id",
        "demo",
        "--client-secret",
        "s",
        "--redirect-uri",
        "http://localhost/",
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*command, *more], env={**os.environ, **environment}, **pipes)
    return process, int(process.stdout.readline().rsplit(" ", 1)[1])


def ask(port, method, path, body=None):
    connection = HTTPConnection("localhost", port, timeout=20)
    connection.request(method, path, json.dumps(body) if body else None)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def ended(process):
    process.terminate()
    output = process.communicate(timeout=10)
    return process.returncode, output[1]


def test_it_says_that_it_listens_ends_cleanly_and_keeps_its_books(tmp_path):
    process, port = started(tmp_path)
    try:
        assert ask(port, "GET", "/_simulator/health") == {"ok": True}
        made = ask(port, "POST", "/_simulator/companies", {"name": "Kept", "customers": 25})
    finally:
        assert ended(process) == (0, "")
    process, port = started(tmp_path)
    try:
        [company] = ask(port, "GET", "/_simulator/companies")
        kept = ask(port, "GET", f"/_simulator/companies/{made['realm']}/documents?kind=Customer")
    finally:
        assert ended(process) == (0, "")
    assert company == {**made, "country": "AU"}
    assert len({each["DisplayName"] for each in kept}) == 25


def test_a_port_in_use_is_one_clear_line(tmp_path):
    process, port = started(tmp_path)
    try:
        command = [sys.executable, "-m", "simulators.quickbooks", "--port", str(port)]
        command += ["--data", str(tmp_path / "other.sqlite3")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    finally:
        ended(process)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use: end what listens there or pass --port.\n"


@pytest.mark.parametrize(
    ("more", "environment"), [(("--time-scale", "20"), {}), ((), {"SIMULATOR_TIME_SCALE": "20"})]
)
def test_one_setting_hurries_it(tmp_path, more, environment):
    process, port = started(tmp_path, *more, **environment)
    try:
        made = ask(port, "POST", "/_simulator/companies", {"name": "Hurried"})
        tokens = ask(port, "POST", "/_simulator/tokens", {"realm": made["realm"]})
    finally:
        assert ended(process) == (0, "")
    assert tokens["expires_in"] == 180


def test_a_file_of_an_earlier_version_is_read_on(tmp_path):
    process, port = started(tmp_path)
    assert ended(process) == (0, "")
    with sqlite3.connect(tmp_path / "new" / "books.sqlite3") as file:
        file.execute("ALTER TABLE requests DROP COLUMN effect")
    file.close()
    process, port = started(tmp_path)
    try:
        assert ask(port, "GET", "/_simulator/requests") == []
    finally:
        assert ended(process) == (0, "")
