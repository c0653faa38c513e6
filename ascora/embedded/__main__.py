"""`python -m ascora.embedded`: run a command on both servers, or the demonstration, or the tour."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from ascora.embedded.demo import demonstrate, open_shell
from ascora.embedded.processes import EmbeddedError, tied_to_us
from ascora.embedded.servers import Servers, addresses_given
from ascora.embedded.tour import tour


def main() -> int:
    chosen = arguments()
    actions: dict[str, Callable[[], int]] = {
        "run": lambda: run(chosen.command, temporary=chosen.temporary),
        "demo": lambda: demonstrate(afresh=chosen.reset),
        "tour": tour,
        "shell": open_shell,
    }
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return actions[chosen.action]()
    except EmbeddedError as error:
        print(f"ascora: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if chosen.action == "demo" else 128 + signal.SIGINT


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ascora.embedded", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    runs = actions.add_parser("run", help="run a command with DATABASE_URL and REDIS_URL set")
    runs.add_argument("--temporary", action="store_true", help="a folder thrown away afterwards")
    runs.add_argument("command", nargs="+", help="after --, the command and its arguments")
    demo = actions.add_parser("demo", help="the demonstration, until Ctrl-C")
    demo.add_argument("--reset", action="store_true", help="throw its data away first")
    actions.add_parser("tour", help="the whole story on processes and data of its own")
    actions.add_parser("shell", help="a Django shell on the demonstration's data")
    return parser.parse_args()


def run(command: list[str], *, temporary: bool) -> int:
    """Run the command between start and stop of both servers, and answer with its exit status."""
    if addresses_given():
        os.execvp(command[0], command)
    with Servers(temporary=temporary) as servers:
        return _run(command, dict(os.environ) | servers.urls)


def _leave(number: int, _frame: FrameType | None) -> None:
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _run(command: list[str], env: dict[str, str]) -> int:
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
