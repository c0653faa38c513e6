"""What a fault rule does to a request: before, instead of, or after carrying it out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from simulators.quickbooks import faults
from simulators.quickbooks.clock import stamp_precise
from simulators.quickbooks.races import interfere
from simulators.quickbooks.rules import Rule
from simulators.quickbooks.serialise import write
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.wire import cut, reset

CarryOut = Callable[[], Response]
DROPS = 20


class Spoilable(Protocol):
    """A request that a rule may strike: to the accounting API or to the token endpoint."""

    simulator: Simulator
    request: Request
    realm: str
    body: bytes

    @property
    def moment(self) -> float:
        """When it came."""

    @property
    def headers(self) -> dict[str, str]:
        """What every answer carries."""

    def record(self, status: int, code: str, reads: int) -> None:
        """Put it on record."""


def throttled(arrival: Spoilable, rule: Rule) -> Response:
    """429 in the form the rule asks for; Retry-After only where it names one."""
    fault = faults.throttled()
    bodies = {
        "json": (write(fault.body(arrival.moment)), "application/json"),
        "xml": (faults.throttled_xml(stamp_precise(arrival.moment)), "application/xml"),
        "html": (faults.html(429), "text/html"),
        "empty": ("", "text/plain"),
    }
    body, kind = bodies[rule.form]
    headers = arrival.headers
    if rule.retry_after is not None:
        headers["Retry-After"] = str(rule.retry_after)
    arrival.record(429, fault.code, 0)
    return Response(body, 429, headers, kind)


async def spoil(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    """Let a rule have its way with a request that passed the gate."""
    return await SPOILERS[rule.effect](arrival, rule, carry_out)


async def _fail_before(arrival: Spoilable, rule: Rule, _carry_out: CarryOut) -> Response:
    status = rule.code_of_status()
    arrival.record(status, "", 0)
    return Response(faults.html(status), status, arrival.headers, "text/html")


async def _fail_after(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    carry_out()
    status = rule.code_of_status()
    return Response(faults.html(status), status, arrival.headers, "text/html")


async def _refuse(arrival: Spoilable, rule: Rule, _carry_out: CarryOut) -> Response:
    fault = faults.of_item(str(rule.code))
    arrival.record(fault.status, fault.code, 0)
    body = {"Fault": fault.body(), "time": stamp_precise(arrival.moment)}
    return Response(write(body), fault.status, arrival.headers, "application/json")


async def _lose_reply(arrival: Spoilable, _rule: Rule, carry_out: CarryOut) -> Response:
    response = carry_out()
    cut(arrival.request)
    return response


async def _hold(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    await asyncio.sleep(arrival.simulator.pause(rule.length()))
    return carry_out()


async def _reset(arrival: Spoilable, _rule: Rule, _carry_out: CarryOut) -> Response:
    arrival.record(0, "", 0)
    reset(arrival.request)
    return Response(status_code=500)


async def _reset_after(arrival: Spoilable, _rule: Rule, carry_out: CarryOut) -> Response:
    response = carry_out()
    reset(arrival.request)
    return response


async def _truncate(_arrival: Spoilable, _rule: Rule, carry_out: CarryOut) -> Response:
    response = carry_out()
    body = bytes(response.body)
    headers = {key: value for key, value in response.headers.items() if key != "content-length"}
    return Response(body[: len(body) // 2], response.status_code, headers)


async def _drip(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    response = carry_out()
    pause = arrival.simulator.pause(rule.length()) / DROPS
    drops = _drops(bytes(response.body), pause)
    return StreamingResponse(drops, response.status_code, dict(response.headers))


async def _drops(body: bytes, pause: float) -> AsyncIterator[bytes]:
    """A body in pieces, with a pause before each."""
    size = max(1, -(-len(body) // DROPS))
    for start in range(0, len(body), size):
        await asyncio.sleep(pause)
        yield body[start : start + size]


async def _interfere(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    interfere(arrival, rule, arrival.body)
    return carry_out()


async def _interfere_after(arrival: Spoilable, rule: Rule, carry_out: CarryOut) -> Response:
    response = carry_out()
    interfere(arrival, rule, bytes(response.body))
    return response


SPOILERS: dict[str, Callable[[Spoilable, Rule, CarryOut], Awaitable[Response]]] = {
    "fail_before": _fail_before,
    "fail_after": _fail_after,
    "lose_reply": _lose_reply,
    "hold": _hold,
    "reset": _reset,
    "reset_after": _reset_after,
    "truncate": _truncate,
    "drip": _drip,
    "refuse": _refuse,
    "interfere": _interfere,
    "interfere_after": _interfere_after,
}
