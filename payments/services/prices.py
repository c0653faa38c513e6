"""Claims stay within the fixed price of their job, unless somebody says that more is meant."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from ascora.common.money import ZERO
from jobs.models import Job
from jobs.services.jobs import locked_job
from payments.models import Invoice
from payments.selectors import fixed_price_of
from payments.services.lines import lines_of
from payments.services.refusals import Refused


class OverPrice(Refused):
    """Claims would come to more than the fixed price: the person is asked whether that is meant."""


@contextmanager
def within_fixed_prices(invoice: Invoice, *, allows_more: bool) -> Iterator[None]:
    """What is done inside may claim more than before only within the fixed price of each job.

    The jobs are held, so that two claims at the same moment see each other.
    """
    before = _claimed_by(invoice)
    jobs = {job: locked_job(job) for job in sorted(before, key=lambda job: job.pk)}
    yield
    if allows_more:
        return
    for job, claimed in _claimed_by(invoice).items():
        if claimed > before.get(job, ZERO):
            refuse_over_price(jobs.get(job) or locked_job(job))


def refuse_over_price(job: Job) -> None:
    """Raise OverPrice when more than the price stands claimed."""
    price = fixed_price_of(job)
    if price.left < 0:
        raise OverPrice(
            f"Claims on {job.number} would come to ${price.claimed:,.2f}, which is"
            f" ${-price.left:,.2f} more than the fixed price of ${price.price:,.2f}.",
            code="over_price",
        )


def _claimed_by(invoice: Invoice) -> dict[Job, Decimal]:
    claimed: dict[Job, Decimal] = {}
    for line in lines_of(invoice):
        if line.job is not None and line.claimed is not None:
            claimed[line.job] = claimed.get(line.job, ZERO) + line.claimed
    return claimed
