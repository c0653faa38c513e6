"""The accounting API over HTTP: gate, replay, late execution, lost replies, envelopes."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from simulators.quickbooks import faults, gate
from simulators.quickbooks.clock import stamp_precise
from simulators.quickbooks.operations import Call, operation_of, perform
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.simulator import Simulator, new_tid

JSON = "application/json"
HEADERS = {
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Expires": "0",
    "Strict-Transport-Security": "max-age=15552000",
}
LONGEST_REQUEST_ID = 50


@dataclass
class Arrival:
    """One request as it came in."""

    simulator: Simulator
    request: Request
    realm: str
    parts: list[str]
    body: bytes
    tid: str
    moment: float
    started: float

    @property
    def entity(self) -> str:
        """The first part of the path, which names the entity."""
        return self.parts[0].lower() if self.parts else ""

    @property
    def request_id(self) -> str:
        """The idempotency key, if any."""
        return self.request.query_params.get("requestid", "")

    @property
    def is_write(self) -> bool:
        """Whether data goes in."""
        return self.request.method == "POST" and self.entity not in ("query", "")

    @property
    def operation(self) -> str:
        """What a write does, as far as the body says."""
        try:
            body = read(self.body or b"{}")
        except ValueError:
            return "create"
        return operation_of(body if isinstance(body, dict) else {}, self.request.query_params)

    @property
    def fingerprint(self) -> str:
        """What makes two requests the same."""
        asked = self.request.query_params
        parts = (self.request.url.path, asked.get("operation", ""), asked.get("include", ""))
        return hashlib.sha256("|".join(parts).encode() + b"|" + self.body).hexdigest()


async def company(request: Request) -> Response:
    """Every path below /v3/company/{realm}."""
    simulator: Simulator = request.app.state.simulator
    parts = [part for part in request.path_params["rest"].split("/") if part]
    arrival = Arrival(
        simulator,
        request,
        request.path_params["realm"],
        parts,
        await request.body(),
        new_tid(),
        simulator.clock.now(),
        time.perf_counter(),
    )
    if simulator.knobs.latency_ms:
        await asyncio.sleep(simulator.knobs.latency_ms / 1000)
    try:
        gate.authenticate(simulator, arrival.realm, request.headers.get("Authorization", ""))
        gate.throttle(simulator, arrival.realm, batch=arrival.entity == "batch")
        gate.count_reads(simulator, arrival.realm, int(not arrival.is_write))
    except faults.GatewayFault as fault:
        return _gateway(arrival, fault)
    return await _admitted(arrival)


async def _admitted(arrival: Arrival) -> Response:
    knobs = arrival.simulator.knobs
    drop = False
    if arrival.is_write:
        asked = (arrival.entity, arrival.operation)
        if knobs.take("fail_before", *asked):
            _record(arrival, 500, "", 0)
            return Response(faults.HTML_FAILURE, 500, _headers(arrival), "text/html")
        if knobs.take("hold_next", *asked):
            await asyncio.sleep(knobs.hold_seconds)
        drop = knobs.take("drop_reply", *asked)
    if "json" not in _accept(arrival):
        detail = "The simulator answers in JSON only: send Accept: application/json"
        return _answer(arrival, 406, f'"error":{write(detail)}')
    response = _carry_out(arrival)
    if drop:
        cut(arrival.request)
    return response


def _accept(arrival: Arrival) -> str:
    accept = arrival.request.headers.get("Accept", "")
    if (arrival.parts[-1:] == ["pdf"] and "pdf" in accept) or arrival.entity == "download":
        return "application/json"
    return accept


def cut(request: Request) -> None:
    """Close the connection so that the answer never arrives."""
    transport: Any = request.scope.get("qbsim.transport")
    if transport is not None:
        transport.abort()


def _carry_out(arrival: Arrival) -> Response:
    simulator = arrival.simulator
    try:
        books = simulator.books(arrival.realm)
    except KeyError:
        return _gateway(arrival, faults.forbidden())
    method, parameters = arrival.request.method, arrival.request.query_params
    call = Call(simulator, books, method, arrival.parts, parameters, arrival.body)
    call.content_type = arrival.request.headers.get("Content-Type", "")
    try:
        replayed = _replay(arrival)
        if replayed:
            return _answer(arrival, 200, replayed)
        with simulator.store.transaction():
            content = perform(call)
            _keep(arrival, content)
            gate.count_reads(simulator, arrival.realm, call.reads)
    except faults.Fault as fault:
        return _fault(arrival, fault)
    except faults.GatewayFault as fault:
        return _gateway(arrival, fault)
    simulator.publish(books)
    if call.raw:
        _record(arrival, 200, "", 1)
        return Response(call.raw, 200, _headers(arrival), call.raw_type)
    return _answer(arrival, 200, content, reads=call.reads)


def _replay(arrival: Arrival) -> str:
    """The first answer to the same requestid, for as long as it is remembered."""
    if not (arrival.is_write and arrival.request_id):
        return ""
    if len(arrival.request_id) > LONGEST_REQUEST_ID:
        length = len(arrival.request_id)
        raise faults.Fault(faults.too_long("requestid", LONGEST_REQUEST_ID, length))
    row = arrival.simulator.store.row(
        "SELECT * FROM replays WHERE realm = ? AND request_id = ?",
        arrival.realm,
        arrival.request_id,
    )
    now = arrival.simulator.clock.now()
    kept = arrival.simulator.knobs.replay_retention_seconds
    if row is None or not row["at"] <= now <= row["at"] + kept:
        return ""
    if row["fingerprint"] != arrival.fingerprint:
        raise faults.duplicate_request()
    return str(row["body"])


def _keep(arrival: Arrival, content: str) -> None:
    """Remember a successful answer; not atomic, it is known a second too late."""
    if not (arrival.is_write and arrival.request_id):
        return
    late = 0 if arrival.simulator.knobs.replay_atomic else 1
    arrival.simulator.store.execute(
        "INSERT OR REPLACE INTO replays VALUES (?, ?, ?, ?, ?)",
        (
            arrival.realm,
            arrival.request_id,
            arrival.fingerprint,
            content,
            arrival.simulator.clock.now() + late,
        ),
    )


def _headers(arrival: Arrival) -> dict[str, str]:
    return {"intuit_tid": arrival.tid, "X-Spanid": arrival.tid[2:10], **HEADERS}


def _answer(arrival: Arrival, status: int, content: str, reads: int = 0) -> Response:
    spent = int((time.perf_counter() - arrival.started) * 1000)
    headers = _headers(arrival)
    headers["Qbo-Version"] = "2026.75"
    headers["Service-Time"] = f"total={spent}, db={spent}"
    body = f'{{{content},"time":"{stamp_precise(arrival.moment)}"}}'
    _record(arrival, status, "", reads + int(not arrival.is_write))
    return Response(body, status, headers, f"{JSON};charset=utf-8")


def _fault(arrival: Arrival, fault: faults.Fault) -> Response:
    body: dict[str, Any] = {"Fault": fault.body()}
    if fault.timed:
        body["time"] = stamp_precise(arrival.moment)
    _record(arrival, fault.status, fault.code, int(not arrival.is_write))
    return Response(write(body), fault.status, _headers(arrival), JSON)


def _gateway(arrival: Arrival, fault: faults.GatewayFault) -> Response:
    headers = {"intuit_tid": arrival.tid}
    if fault.status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    _record(arrival, fault.status, fault.code, 0)
    return Response(write(fault.body(arrival.moment)), fault.status, headers, JSON)


def _record(arrival: Arrival, status: int, code: str, reads: int) -> None:
    entry = {
        "realm": arrival.realm,
        "method": arrival.request.method,
        "path": "/" + "/".join(arrival.parts),
        "query": arrival.request.url.query,
        "requestid": arrival.request_id,
        "status": status,
        "fault_code": code,
        "intuit_tid": arrival.tid,
        "metered": reads,
    }
    gate.record(arrival.simulator, entry)
