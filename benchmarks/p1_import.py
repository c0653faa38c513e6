"""P1: the first import of the customers, beside python-quickbooks' own loop over pages of 100.

A page takes 0.3 s and 1.5 ms a row, as the bar has it: the simulator holds each request so long.
"""

import sys
import time
from typing import Any

from benchmarks import _rig as rig
from benchmarks._rig import Figure, told

BASE, PER_ROW = 0.3, 0.0015
PAGE, THEIR_PAGE, AT_ONCE = 1000, 100, 4


def main() -> int:
    customers = rig.sized(100_000, 3_000)
    with rig.servers(), rig.simulator() as running:
        business = rig.business(running, "Import")
        rig.move(business, rig.full_company(running, customers))
        theirs = naive(running, business, rig.sized(40, 5))
        imported(running, business, customers, theirs)
    return 0


def naive(running: Any, business: Any, pages: int) -> float:
    """Seconds that a customer takes in `Customer.all()`, which reads 100 at a time."""
    from quickbooks.objects import Customer

    from benchmarks import _backlog as invoices

    client = invoices.theirs(business)
    slow(running, THEIR_PAGE)
    started, seen = time.monotonic(), 0
    for page in range(pages):
        found = Customer.all(
            start_position=page * THEIR_PAGE + 1, max_results=THEIR_PAGE, qb=client
        )
        seen += len(found)
    took = (time.monotonic() - started) / seen
    told(Figure("P1 peer: python-quickbooks, pages of 100", 1 / took, "customers/s"))
    return took


def slow(running: Any, rows: int, *, without: tuple[str, ...] = ()) -> float:
    """Let every read take as long as so many rows do, and those that say this as long as none."""
    seconds = BASE + PER_ROW * rows
    bare = [hold(BASE, {"text": text}) for text in without]
    running.control("/rules", {"rules": [*bare, hold(seconds, {})]})
    return seconds


def hold(seconds: float, matching: dict[str, str]) -> dict[str, Any]:
    return {"effect": "hold", "matching": {"entity": "query"} | matching, "seconds": seconds}


def imported(running: Any, business: Any, customers: int, theirs: float) -> None:
    from integrations import customer_import
    from integrations.models import ImportRun
    from jobs.models import Customer

    rowless = ("count(*)", f"startposition {customers + 1} ")
    latency = slow(running, PAGE, without=rowless)
    asked = len(running.control("/requests"))
    with business.acting():
        customer_import.start_import(connection=business.connection, by=None)
    machine, started, before = rig.Machine(running.pid), time.monotonic(), rig.own_processor()
    peaks = [rig.own_peak()]
    while customer_import.run(business.organization):
        peaks.append(rig.own_peak())
    took, spent = time.monotonic() - started, rig.own_processor() - before
    valid = machine.is_valid()
    calls = len(running.control("/requests")) - asked
    with business.acting():
        (run,) = ImportRun.objects.owned_by(business.organization)
        kept = Customer.objects.owned_by(business.organization).count()
    if run.state != "done" or kept != customers:
        raise SystemExit(f"{kept} of {customers} customers, {run.state}: {run.message}")
    pages = customers // PAGE
    least = latency * -(-pages // AT_ONCE)
    rate = customers / took
    limit, peer = "the limit, 4 in flight", "python-quickbooks, .all()"
    told(Figure("P1 import", rate, "customers/s", limit, least / took, least=0.8, valid=valid))
    told(Figure("P1 import", rate, "customers/s", peer, theirs * rate, least=8, valid=valid))
    told(Figure("P1 reads beyond the pages", calls - pages, "reads", most=3))
    told(Figure("P1 our processor", spent / pages * 1000, "ms/page", valid=valid))
    told(Figure("P1 most memory", rig.own_peak(), "MB", most=250, valid=valid))
    grown = (rig.own_peak() / peaks[:2][-1] - 1) * 100
    told(Figure("P1 memory that grows after 20 s", grown, "percent", most=10, valid=valid))


if __name__ == "__main__":
    sys.exit(main())
