"""P9: an outage with a backlog waiting, and how long until it is gone after the return.

What was on its way when the connections broke is in doubt for 150 s and is looked for before it is
sent again, so a backlog that takes less than that says nothing.
"""

import sys
import time
from collections import Counter
from typing import Any

from benchmarks import _rig as rig
from benchmarks._rig import Figure, told
from benchmarks.p2_push import BATCHED, LATENCY, WORKERS, slow_batches


def main() -> int:
    with rig.servers(), rig.simulator(latency_ms=int(LATENCY * 1000)) as running:
        recovered(running, rig.sized(3600, 120), outage=rig.sized(60, 5))
    return 0


def recovered(running: Any, count: int, *, outage: float) -> None:
    from benchmarks import _backlog as invoices

    business = rig.business(running, "Recovery")
    first = invoices.ready(business)
    invoices.backlog(business, first, count, prefix="R")
    asked = len(running.control("/requests"))
    rule = {"effect": "reset", "name": "outage", "matching": {"realm": business.company.realm}}
    slow_batches(running, rule)
    returns_at = time.monotonic() + outage
    least = count / BATCHED * 60
    machine = rig.Machine(running.pid)
    _work_through(running, business, returns_at, until=returns_at + least * 3 + 180)
    took, left = time.monotonic() - returns_at, invoices.left(business)
    ratio = took / least if not left else float("inf")
    valid = machine.is_valid()
    name, limit = f"P9 {count:,} documents after an outage", "the limit"
    told(Figure(name, took, "seconds", limit, ratio, most=1.15, valid=valid))
    requests = running.control("/requests")[asked:]
    struck = Counter(each["path"] for each in requests if each["status"] == 0)
    told(Figure("P9 batches put in doubt", struck["/batch"], "batches"))
    reads = sum(each["metered"] for each in requests)
    told(Figure("P9 reads to look for them", reads, "reads"))


def _work_through(running: Any, business: Any, returns_at: float, *, until: float) -> None:
    """All workers, until nothing is left; the books come back on time, whatever they do."""
    from benchmarks import _backlog as invoices
    from integrations import push

    def work(number: int) -> None:
        if number == WORKERS:
            time.sleep(max(0.0, returns_at - time.monotonic()))
            running.control("/rules", {"remove": ["outage"]})
            return
        while time.monotonic() < until and invoices.left(business):
            if not push.drain(business.organization).handled:
                time.sleep(0.2)

    rig.at_once(WORKERS + 1, work)


if __name__ == "__main__":
    sys.exit(main())
