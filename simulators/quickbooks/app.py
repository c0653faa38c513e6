"""The Starlette application: all routes together, and the webhook courier beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulators.quickbooks import api, control, faults, oauth, pages
from simulators.quickbooks.clock import stamp_precise
from simulators.quickbooks.serialise import write
from simulators.quickbooks.simulator import Simulator, new_tid


async def unroutable(request: Request) -> Response:
    """A path below /v3 that names no company."""
    fault = faults.unsupported(request.url.path)
    moment = request.app.state.simulator.clock.now()
    body = write({"Fault": fault.body(), "time": stamp_precise(moment)})
    return Response(body, fault.status, {"intuit_tid": new_tid()}, "application/json")


ROUTES = [
    *control.ROUTES,
    *oauth.ROUTES,
    Route("/v3/company/{realm}/{rest:path}", api.company, methods=["GET", "POST"]),
    Route("/v3/{rest:path}", unroutable, methods=["GET", "POST"]),
    *pages.ROUTES,
]


def build(simulator: Simulator) -> "Wire":
    """The application for one simulator."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        courier = asyncio.create_task(simulator.courier.run())
        yield
        courier.cancel()
        with suppress(asyncio.CancelledError):
            await courier
        for task in list(simulator.courier.tasks):
            task.cancel()

    starlette = Starlette(routes=ROUTES, lifespan=lifespan)
    starlette.state.simulator = simulator
    return Wire(starlette)


class Wire:
    """Keeps the connection at hand, so that an answer can be cut off."""

    def __init__(self, inner: Starlette) -> None:
        self.inner = inner
        self.state = inner.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with uvicorn's transport in the scope."""
        scope["qbsim.transport"] = getattr(getattr(send, "__self__", None), "transport", None)
        await self.inner(scope, receive, send)
