"""`python -m ascora.embedded run [--temporary] -- COMMAND`: a command with PostgreSQL and Redis."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from ascora.embedded.processes import EmbeddedError, tied_to_us
from ascora.embedded.servers import Servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ascora.embedded", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="run a command with DATABASE_URL and REDIS_URL set")
    run.add_argument("--temporary", action="store_true", help="a folder thrown away afterwards")
    run.add_argument("command", nargs="+", help="after --, the command and its arguments")
    chosen = parser.parse_args()
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(given) == 1:
        print(f"ascora: only {given[0]} is set: set both addresses or neither.", file=sys.stderr)
        return 1
    if given:
        os.execvp(chosen.command[0], chosen.command)
    return with_servers(chosen.command, temporary=chosen.temporary)


def with_servers(command: Sequence[str], *, temporary: bool) -> int:
    """Run the command between start and stop of both servers, and answer with its exit status."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        with Servers(temporary=temporary) as servers:
            return _run(command, dict(os.environ) | servers.urls)
    except EmbeddedError as error:
        print(f"ascora: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _run(command: Sequence[str], env: dict[str, str]) -> int:
    """Wait for the command; every signal is its to answer, and the terminal's Ctrl-C reaches it."""
    child = subprocess.Popen(tied_to_us(command), env=env)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, pass_on)
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
