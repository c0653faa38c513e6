"""What stands in front of the API: tokens, throttle, meter, and the list of requests."""

from collections import deque
from datetime import UTC, datetime

from simulators.quickbooks import faults
from simulators.quickbooks.knobs import BLOCKING
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document

MINUTE = 60.0
SECOND = 1.0
ELSEWHERE = "elsewhere"


def authenticate(simulator: Simulator, realm: str, header: str) -> None:
    """401 without a living token, 403 for another company or an app that was disconnected."""
    kind, _space, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise faults.unauthorized("Token missing")
    row = simulator.store.row(
        "SELECT t.realm, t.expires, g.revoked FROM access_tokens t "
        "JOIN grants g ON g.id = t.grant_id WHERE t.token = ?",
        token,
    )
    if row is None or row["revoked"]:
        raise faults.unauthorized("Token invalid")
    if row["expires"] <= simulator.clock.now():
        raise faults.unauthorized(f"Token expired: {token[:12]}...")
    if row["realm"] != realm:
        raise faults.forbidden()


def throttle(simulator: Simulator, realm: str, *, batch: bool) -> None:
    """500 a minute, 10 a second, 40 batches a minute, each per company."""
    knobs = simulator.knobs
    if knobs.throttle_next > 0:
        knobs.throttle_next -= 1
        raise faults.throttled()
    if not knobs.throttle:
        return
    now = simulator.clock.now()
    window = _window(simulator, realm, now)
    burst = now - knobs.scaled(SECOND)
    is_burst = len(window) >= knobs.per_second and window[-knobs.per_second] > burst
    if is_burst or len(window) >= knobs.left_by_others(realm):
        raise faults.throttled()
    batches = _window(simulator, f"batch:{realm}", now) if batch else None
    window.append(now)
    if batches is not None:
        if len(batches) >= knobs.batch_per_minute:
            raise faults.throttled()
        batches.append(now)


def _window(simulator: Simulator, name: str, now: float) -> deque[float]:
    """What passed in the last minute."""
    window = simulator.windows.setdefault(name, deque())
    oldest = now - simulator.knobs.scaled(MINUTE)
    while window and window[0] <= oldest:
        window.popleft()
    return window


def count_reads(simulator: Simulator, realm: str, reads: int) -> None:
    """Meter what comes out; past the month's allowance reads are refused (field guide 6.2)."""
    if not reads:
        return
    month, knobs = _month(simulator), simulator.knobs
    if knobs.plan == BLOCKING and used(simulator) + reads > knobs.monthly_reads:
        raise faults.throttled()
    simulator.store.execute(
        "INSERT INTO meter VALUES (?, ?, ?) "
        "ON CONFLICT (month, realm) DO UPDATE SET reads = reads + excluded.reads",
        (month, realm, reads),
    )


def _month(simulator: Simulator) -> str:
    return datetime.fromtimestamp(simulator.clock.now(), UTC).strftime("%Y-%m")


def used(simulator: Simulator) -> int:
    """What all companies together read this month."""
    month = _month(simulator)
    row = simulator.store.row("SELECT sum(reads) AS n FROM meter WHERE month = ?", month)
    return int(row["n"] or 0) if row else 0


def set_meter(simulator: Simulator, reads: int) -> None:
    """Let this month's reads be so many, as if other companies of the app had read them."""
    month = _month(simulator)
    if reads < used(simulator):
        simulator.store.execute("DELETE FROM meter WHERE month = ?", (month,))
    simulator.store.execute(
        "INSERT INTO meter VALUES (?, ?, ?) "
        "ON CONFLICT (month, realm) DO UPDATE SET reads = reads + excluded.reads",
        (month, ELSEWHERE, reads - used(simulator)),
    )


def meter(simulator: Simulator) -> Document:
    """What was read so far, by month and company."""
    rows = simulator.store.rows("SELECT * FROM meter ORDER BY month, realm")
    return {
        "plan": simulator.knobs.plan,
        "allowance": simulator.knobs.monthly_reads,
        "used": used(simulator),
        "reads": [dict(row) for row in rows],
    }


def record(simulator: Simulator, entry: Document) -> None:
    """Keep a request in the list that tests read, and count it."""
    simulator.tally.request(entry, simulator.clock.now())
    simulator.store.execute(
        "INSERT INTO requests (realm, method, path, query, request_id, status, fault_code, "
        "intuit_tid, metered, at, effect, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry["realm"],
            entry["method"],
            entry["path"],
            entry["query"],
            entry["requestid"],
            entry["status"],
            entry["fault_code"],
            entry["intuit_tid"],
            entry["metered"],
            simulator.clock.now(),
            entry["effect"],
            entry["body"] if simulator.knobs.keep_bodies else "",
        ),
    )


def requests(simulator: Simulator, realm: str, after: int) -> list[Document]:
    """Recorded requests, oldest first."""
    rows = simulator.store.rows(
        "SELECT * FROM requests WHERE sequence > ? AND (? = '' OR realm = ?) ORDER BY sequence",
        after,
        realm,
        realm,
    )
    entries = []
    for row in rows:
        entry = {key: row[key] for key in ("sequence", "realm", "method", "path", "query")}
        entry.update(requestid=row["request_id"], status=row["status"], at=row["at"])
        entry.update(fault_code=row["fault_code"], intuit_tid=row["intuit_tid"])
        entries.append({**entry, "metered": row["metered"], "effect": row["effect"]})
    return entries
