"""P3: what comes back: a company in which nothing happened, and one with a thousand payments."""

import sys
import time
from typing import Any

from benchmarks import _rig as rig
from benchmarks._rig import Figure, told

KINDS = 10


def main() -> int:
    with rig.servers(), rig.simulator(throttle=False) as running:
        business = rig.business(running, "Inbound")
        from benchmarks import _backlog as invoices

        first = invoices.ready(business)
        _counted(running, business)
        idle(running, business)
        for payments in (rig.sized(1001, 40),):
            paid(running, business, first, payments)
    return 0


def _counted(running: Any, business: Any) -> tuple[int, int, float, float, Any]:
    """One pass over the changes: reads there, statements here, processor and wall seconds."""
    from django.db import connection

    from integrations.models import Connection
    from integrations.pull import pull

    with business.acting():
        Connection.objects.owned_by(business.organization).update(next_pull_at=None)
    asked, statements = len(running.control("/requests")), 0

    def counted(execute: Any, *rest: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*rest)

    before, started = rig.own_processor(), time.monotonic()
    with connection.execute_wrapper(counted):
        pulled = pull(business.organization)
    wall, spent = time.monotonic() - started, rig.own_processor() - before
    return len(running.control("/requests")) - asked, statements, spent, wall, pulled


def idle(running: Any, business: Any) -> None:
    """Nothing happened there."""
    turns = [_counted(running, business) for _ in range(rig.sized(50, 5))]
    reads = max(turn[0] for turn in turns)
    told(Figure("P3 reads of an idle poll", reads, "reads", most=1))
    told(Figure("P3 reads, kind by kind", KINDS, "reads", "ours", KINDS / reads))
    statements = rig.median([float(turn[1]) for turn in turns])
    told(Figure("P3 statements of an idle poll", statements, "statements", most=3))
    cost = rig.median([turn[2] for turn in turns]) * 1000
    told(Figure("P3 processor of an idle poll", cost, "ms", most=10))


def paid(running: Any, business: Any, first: Any, payments: int) -> None:
    """So many payments of a dollar were received there since."""
    from payments.models import Payment

    with business.acting():
        before = Payment.objects.owned_by(business.organization).count()
        line = first.lines.get()
        line.unit_price = line.amount = payments * 3
        line.save()
        first.refresh_from_db()
        business.total(first)
    _raise_there(business, first)
    invoice = business.link(first).remote_id
    for _ in range(payments):
        wish = {"invoice_ids": [invoice], "amount": "1.00", "account_number": "1100"}
        business.company.bookkeeper("receive_payment", **wish)
    machine = rig.Machine(running.pid)
    reads, statements, _, wall, pulled = _counted(running, business)
    valid = machine.is_valid()
    with business.acting():
        arrived = Payment.objects.owned_by(business.organization).count() - before
    if pulled.bad or arrived != payments:
        raise SystemExit(f"{arrived} of {payments} payments arrived: {pulled.bad[:2]}")
    name = f"P3 {payments:,} payments"
    told(Figure(f"{name}: reads", reads, "reads", most=3))
    each = statements / payments * 100
    told(Figure(f"{name}: statements", each, "per hundred", most=3))
    told(Figure(f"{name}: taken over in", wall, "seconds", most=3 * payments / 1000, valid=valid))


def _raise_there(business: Any, first: Any) -> None:
    """The invoice is large enough for all of them, on both sides."""
    from ascora.outbox.services import record_change
    from integrations import push

    with business.acting():
        record_change(first, by=None)
    push.drain(business.organization)


if __name__ == "__main__":
    sys.exit(main())
