"""P2, P2b: a backlog of invoices, singly and in batches, beside what python-quickbooks does.

The answer to a request takes 0.5 s, to a batch of thirty 7.8 s. The limits are QuickBooks' own: 500
requests and 40 batches a minute.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import _rig as rig
from benchmarks._rig import Figure, told

LATENCY, BATCH_LATENCY = 0.5, 7.8
WORKERS = int(os.environ.get("BENCH_WORKERS", "8"))
SINGLES, BATCHED = 500.0, 1200.0
PEER, PEER_BATCH = "python-quickbooks, loop", "its BatchManager"


def main() -> int:
    with rig.servers(), rig.simulator(latency_ms=int(LATENCY * 1000)) as running:
        slow_batches(running)
        loop, managed = naive(running)
        singles(running, loop)
        batched(running, loop, managed)
        safety(running)
    return 0


def slow_batches(running: Any, *stronger: dict[str, Any]) -> None:
    """A batch takes longer than what goes alone; a rule that comes first is obeyed alone."""
    slow = {"effect": "hold", "matching": {"entity": "batch"}, "seconds": BATCH_LATENCY - LATENCY}
    running.control("/rules", {"rules": [*stronger, slow]})


def naive(running: Any) -> tuple[float, float]:
    """Documents a minute of a loop, and of the library's own batches."""
    from quickbooks.batch import batch_create

    from benchmarks import _backlog as invoices

    business = rig.business(running, "Naive")
    first = invoices.ready(business)
    client = invoices.theirs(business)
    count, batches = rig.sized(40, 8), rig.sized(2, 1)
    made = [invoices.their_invoice(business, first, f"LOOP-{n}") for n in range(count)]
    started = time.monotonic()
    for invoice in made:
        invoice.save(qb=client)
    loop = count / (time.monotonic() - started) * 60
    together = [invoices.their_invoice(business, first, f"MANY-{n}") for n in range(30 * batches)]
    started = time.monotonic()
    answer = batch_create(together, qb=client)
    managed = len(answer.successes) / (time.monotonic() - started) * 60
    told(Figure("P2 peer: python-quickbooks, its loop", loop, "documents/min"))
    told(Figure("P2 peer: its BatchManager", managed, "documents/min"))
    return loop, managed


def drained(
    running: Any, business: Any, workers: int, *, seconds: float
) -> tuple[float, float, bool, float]:
    """Documents a minute, share of requests that were throttled, whether the run counts, and our
    processor milliseconds for a document.
    """
    from benchmarks import _backlog as invoices
    from integrations import push

    before, asked = invoices.left(business), len(running.control("/requests"))
    machine, ends_at = rig.Machine(running.pid), time.monotonic() + seconds

    def work(_: int) -> None:
        while time.monotonic() < ends_at and invoices.left(business):
            if not push.drain(business.organization).handled:
                time.sleep(0.2)

    wall, spent = rig.at_once(workers, work)
    done = before - invoices.left(business)
    requests = running.control("/requests")[asked:]
    throttled = sum(each["status"] == 429 for each in requests) / max(len(requests), 1)
    is_valid = machine.is_valid()
    invoices.forget_the_rest(business)
    return done / wall * 60, throttled, is_valid, spent / max(done, 1) * 1000


def singles(running: Any, loop: float) -> None:
    from benchmarks import _backlog as invoices
    from integrations.push import batches

    business = rig.business(running, "Singles")
    first = invoices.ready(business)
    invoices.backlog(business, first, rig.sized(1000, 100), prefix="S")
    kept, batches.BACKLOG = batches.BACKLOG, sys.maxsize
    rate, throttled, is_valid, cost = drained(running, business, WORKERS, seconds=rig.sized(75, 20))
    batches.BACKLOG = kept
    _tell("P2 singles", (rate, throttled, is_valid, cost), SINGLES, 0.95)
    _beside("P2 singles", rate, (PEER, loop), 4, valid=is_valid)


def batched(running: Any, loop: float, managed: float) -> None:
    from benchmarks import _backlog as invoices

    business = rig.business(running, "Batches")
    first = invoices.ready(business)
    invoices.backlog(business, first, rig.sized(4500, 300), prefix="B")
    # Long enough that the first and the last eight seconds, with no answer yet, weigh little.
    found = drained(running, business, WORKERS, seconds=rig.sized(180, 25))
    _tell("P2 batches", found, BATCHED, 0.90)
    _beside("P2 batches", found[0], (PEER, loop), 9, valid=found[2])
    _beside("P2 batches", found[0], (PEER_BATCH, managed), 1, valid=found[2])


def _tell(name: str, found: tuple[float, float, bool, float], allowed: float, goal: float) -> None:
    rate, throttled, valid, cost = found
    limit, share = "what the limits allow", rate / allowed
    told(Figure(name, rate, "documents/min", limit, share, least=goal, valid=valid))
    name = f"{name}, throttled requests"
    told(Figure(name, throttled * 100, "percent", most=0.1, valid=valid))
    name = name.removesuffix(", throttled requests")
    told(Figure(f"{name}, our processor", cost, "ms/document", valid=valid))


def _beside(name: str, rate: float, peer: tuple[str, float], goal: float, *, valid: bool) -> None:
    what, theirs = peer
    told(Figure(name, rate, "documents/min", what, rate / theirs, least=goal, valid=valid))


# --- P2b ------------------------------------------------------------------------------------------


def safety(running: Any) -> None:
    """The same documents by one worker, with the protocol and without outbox, lease and intent."""
    from benchmarks import _backlog as invoices
    from integrations import push
    from integrations.push import batches

    business = rig.business(running, "Safety")
    first = invoices.ready(business)
    count, kept = rig.sized(25, 10), batches.BACKLOG
    batches.BACKLOG = sys.maxsize

    def ours() -> None:
        while invoices.left(business):
            push.drain(business.organization)

    walls, costs, machine = [], [], rig.Machine(running.pid)
    for turn in range(rig.sized(3, 1)):
        invoices.backlog(business, first, count, prefix=f"O{turn}")
        wall, cost = _measured(ours)
        invoices.backlog(business, first, count, prefix=f"P{turn}")
        bare_wall, bare_cost = _measured(lambda: _without(business))
        walls.append(wall / bare_wall)
        costs.append((cost - bare_cost) / count * 1000)
    batches.BACKLOG = kept
    valid, ratio, cost = machine.is_valid(), rig.median(walls), rig.median(costs)
    peer = "no outbox, lease, intent"
    added = (ratio - 1) * 100
    told(
        Figure("P2b wall of one worker", added, "percent more", peer, ratio, most=1.1, valid=valid)
    )
    told(Figure("P2b processor that safety adds", cost, "ms/document", most=4, valid=valid))


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    started, before = time.monotonic(), rig.own_processor()
    work()
    return time.monotonic() - started, rig.own_processor() - before


def _without(business: Any) -> None:
    """Build each document, send it, keep the link: no more."""
    from ascora.outbox.models import OutboxEntry
    from integrations import connections
    from integrations.links import document_at, remember
    from integrations.snapshots import books_of, snapshot

    ledger = connections.open_ledger(business.connection)
    with business.acting():
        entries = OutboxEntry.objects.owned_by(business.organization).exclude(state="done")
        waiting = list(entries)
    for entry in waiting:
        with business.acting():
            document: Any = document_at(business.connection, label=entry.label, pk=entry.object_pk)
            draft: Any = snapshot(books_of(business.connection), document, entry)
            draft = draft.draft
        written = ledger.create(
            draft.kind, ledger.payload(draft), key=entry.operation.hex, send_before=float("inf")
        )
        with business.acting():
            remember(business.connection, document, written.record)
            OutboxEntry.objects.owned_by(business.organization).filter(pk=entry.pk).update(
                state="done"
            )


# --- P9 -------------------------------------------------------------------------------------------


if __name__ == "__main__":
    sys.exit(main())
