"""The accounting API over HTTP: gate, replay, late execution, lost replies, envelopes."""

import asyncio
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from simulators.quickbooks import effects, faults, gate, rules
from simulators.quickbooks.arrivals import Arrival
from simulators.quickbooks.clock import stamp_precise
from simulators.quickbooks.operations import Call, perform
from simulators.quickbooks.serialise import write
from simulators.quickbooks.simulator import Simulator, new_tid
from simulators.quickbooks.wire import cut

JSON = "application/json"
HEADERS = {
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Expires": "0",
    "Strict-Transport-Security": "max-age=15552000",
}
LONGEST_REQUEST_ID = 50


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
    with simulator.tally.in_flight(arrival.realm):
        return await _answered(arrival)


async def _answered(arrival: Arrival) -> Response:
    """Through the gate, then carried out, or whatever a rule makes of it."""
    simulator, request = arrival.simulator, arrival.request
    latency = simulator.knobs.latency()
    if latency:
        await asyncio.sleep(simulator.pause(latency))
    try:
        gate.authenticate(simulator, arrival.realm, request.headers.get("Authorization", ""))
        storm = _rule(arrival, rules.GATES)
        if storm is not None:
            return effects.throttled(arrival, storm)
        gate.throttle(simulator, arrival.realm, batch=arrival.entity == "batch")
        gate.count_reads(simulator, arrival.realm, int(not arrival.is_write))
    except faults.GatewayFault as fault:
        return _gateway(arrival, fault)
    return await _admitted(arrival)


def _rule(arrival: Arrival, known: tuple[str, ...]) -> rules.Rule | None:
    if not arrival.simulator.rules.rules:
        return None
    rule = arrival.simulator.strike(arrival.scene, known)
    if rule is not None:
        arrival.effects.append(rule.effect)
    return rule


async def _admitted(arrival: Arrival) -> Response:
    if "json" not in _accept(arrival):
        detail = "The simulator answers in JSON only: send Accept: application/json"
        return _answer(arrival, 406, f'"error":{write(detail)}')
    rule = _rule(arrival, rules.ON_REQUESTS)
    if rule is not None:
        return await effects.spoil(arrival, rule, lambda: _carry_out(arrival))
    return await _turned(arrival) if arrival.is_write else _carry_out(arrival)


async def _turned(arrival: Arrival) -> Response:
    """A write under the next-n knobs."""
    knobs, asked = arrival.simulator.knobs, (arrival.entity, arrival.operation)
    if knobs.take("fail_before", *asked):
        arrival.record(500, "", 0)
        return Response(faults.html(500), 500, _headers(arrival), "text/html")
    if knobs.take("hold_next", *asked):
        await asyncio.sleep(arrival.simulator.pause(knobs.hold_seconds))
    drop = knobs.take("drop_reply", *asked)
    response = _carry_out(arrival)
    if drop:
        cut(arrival.request)
    return response


def _accept(arrival: Arrival) -> str:
    accept = arrival.request.headers.get("Accept", "")
    if (arrival.parts[-1:] == ["pdf"] and "pdf" in accept) or arrival.entity == "download":
        return "application/json"
    return accept


def _carry_out(arrival: Arrival) -> Response:
    simulator = arrival.simulator
    try:
        books = simulator.books(arrival.realm)
    except KeyError:
        return _gateway(arrival, faults.forbidden())
    method, parameters = arrival.request.method, arrival.request.query_params
    call = Call(simulator, books, method, arrival.parts, parameters, arrival.body)
    call.content_type = arrival.request.headers.get("Content-Type", "")
    books.request_id, books.by = arrival.request_id, "api"
    try:
        replayed = _replay(arrival)
        if replayed:
            arrival.is_replay = True
            return _answer(arrival, 200, replayed)
        with simulator.store.transaction():
            content = perform(call)
            arrival.items = call.items
            _keep(arrival, content)
            gate.count_reads(simulator, arrival.realm, call.reads)
    except faults.Fault as fault:
        return _fault(arrival, fault)
    except faults.GatewayFault as fault:
        return _gateway(arrival, fault)
    simulator.publish(books)
    if call.raw:
        arrival.record(200, "", 1)
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
    kept = arrival.simulator.knobs.scaled(arrival.simulator.knobs.replay_retention_seconds)
    if row is None or not row["at"] <= now <= row["at"] + kept:
        return ""
    if row["fingerprint"] != arrival.fingerprint:
        raise faults.duplicate_request()
    return str(row["body"])


def _keep(arrival: Arrival, content: str) -> None:
    """Remember a successful answer; not atomic, it is known a second too late."""
    if not (arrival.is_write and arrival.request_id):
        return
    late = 0 if arrival.simulator.knobs.replay_atomic else arrival.simulator.knobs.scaled(1)
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
    arrival.record(status, "", reads + int(not arrival.is_write))
    return Response(body, status, headers, f"{JSON};charset=utf-8")


def _fault(arrival: Arrival, fault: faults.Fault) -> Response:
    body: dict[str, Any] = {"Fault": fault.body()}
    if fault.timed:
        body["time"] = stamp_precise(arrival.moment)
    arrival.record(fault.status, fault.code, int(not arrival.is_write))
    return Response(write(body), fault.status, _headers(arrival), JSON)


def _gateway(arrival: Arrival, fault: faults.GatewayFault) -> Response:
    headers = {"intuit_tid": arrival.tid}
    if fault.status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    arrival.record(fault.status, fault.code, 0)
    return Response(write(fault.body(arrival.moment)), fault.status, headers, JSON)
