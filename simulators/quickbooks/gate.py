"""What stands in front of the API: tokens, throttle, meter, and the list of requests."""

from collections import deque
from datetime import UTC, datetime

from simulators.quickbooks import faults
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document

MINUTE = 60.0
SECOND = 1.0


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
    window = simulator.windows.setdefault(realm, deque())
    while window and window[0] <= now - MINUTE:
        window.popleft()
    recent = sum(1 for moment in list(window)[-knobs.per_second :] if moment > now - SECOND)
    if len(window) >= knobs.per_minute or recent >= knobs.per_second:
        raise faults.throttled()
    window.append(now)
    if batch:
        _throttle_batch(simulator, realm, now)


def _throttle_batch(simulator: Simulator, realm: str, now: float) -> None:
    window = simulator.windows.setdefault(f"batch:{realm}", deque())
    while window and window[0] <= now - MINUTE:
        window.popleft()
    if len(window) >= simulator.knobs.batch_per_minute:
        raise faults.throttled()
    window.append(now)


def count_reads(simulator: Simulator, realm: str, reads: int) -> None:
    """Meter what comes out; past the month's allowance reads are refused (field guide 6.2)."""
    if not reads:
        return
    month = datetime.fromtimestamp(simulator.clock.now(), UTC).strftime("%Y-%m")
    row = simulator.store.row("SELECT sum(reads) AS n FROM meter WHERE month = ?", month)
    if row and (row["n"] or 0) + reads > simulator.knobs.monthly_reads:
        raise faults.throttled()
    simulator.store.execute(
        "INSERT INTO meter VALUES (?, ?, ?) "
        "ON CONFLICT (month, realm) DO UPDATE SET reads = reads + excluded.reads",
        (month, realm, reads),
    )


def meter(simulator: Simulator) -> Document:
    """What was read so far, by month and company."""
    rows = simulator.store.rows("SELECT * FROM meter ORDER BY month, realm")
    return {"allowance": simulator.knobs.monthly_reads, "reads": [dict(row) for row in rows]}


def record(simulator: Simulator, entry: Document) -> None:
    """Keep a request in the list that tests read."""
    simulator.store.execute(
        "INSERT INTO requests (realm, method, path, query, request_id, status, fault_code, "
        "intuit_tid, metered, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        entries.append({**entry, "metered": row["metered"]})
    return entries
