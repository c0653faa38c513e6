"""Start the simulator: python -m simulators.quickbooks --port 8010 --data books.sqlite3 ..."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from simulators.quickbooks.app import build
from simulators.quickbooks.clock import Clock
from simulators.quickbooks.knobs import Knobs
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Store


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser("simulators.quickbooks")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", default=".data/quickbooks.sqlite3")
    parser.add_argument("--public-url", default="")
    parser.add_argument("--client-id", default="")
    parser.add_argument("--client-secret", default="")
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-verifier", default="")
    parser.add_argument("--no-throttle", action="store_true")
    parser.add_argument(
        "--time-scale", type=float, default=float(os.environ.get("SIMULATOR_TIME_SCALE", "1"))
    )
    parser.add_argument("--speed", type=float, default=1.0)
    return parser


def simulator_from(options: argparse.Namespace, port: int) -> Simulator:
    """The simulator that the command line asks for."""
    Path(options.data).parent.mkdir(parents=True, exist_ok=True)
    public_url = (options.public_url or f"http://localhost:{port}").rstrip("/")
    knobs = Knobs(throttle=not options.no_throttle)
    knobs.update({"time_scale": options.time_scale})
    clock = Clock(speed=options.speed)
    simulator = Simulator(Store(options.data), clock, public_url, knobs)
    if options.client_id:
        app = {
            "client_id": options.client_id,
            "client_secret": options.client_secret,
            "redirect_uris": options.redirect_uri,
            "webhook_url": options.webhook_url,
            "webhook_verifier": options.webhook_verifier,
        }
        simulator.save_app({name: value for name, value in app.items() if value})
    return simulator


class Server(uvicorn.Server):
    """Says in one line that it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            sys.stdout.write(f"QuickBooks simulator listens on port {port}\n")
            sys.stdout.flush()


def end_quietly(_number: int, _frame: FrameType | None) -> None:
    """Uvicorn passes the signal on once it has shut down; that is the end, and no failure."""
    raise SystemExit(0)


def main() -> int:
    """Serve until told to end."""
    options = arguments().parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end_quietly)
    try:
        listener = socket.create_server((options.host, options.port))
    except OSError:
        sys.stderr.write(f"Port {options.port} is in use: end what listens there or pass --port.\n")
        return 1
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    simulator = simulator_from(options, listener.getsockname()[1])
    config = uvicorn.Config(build(simulator), log_level="warning", http="h11", lifespan="on")
    try:
        asyncio.run(Server(config).serve(sockets=[listener]))
    finally:
        simulator.store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
