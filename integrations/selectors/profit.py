"""What a job brought in and what it cost: the lines of the books that carry its number."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from ascora.common.money import ZERO, line_amount, to_places, total_of
from jobs.models import Expense, Job
from jobs.selectors import supplier_cost_of
from payments.models import CreditNote, Invoice

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Booked:
    """One kind of document that costs the job something, before tax."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class JobProfit:
    """All before tax. Charged and cost are what the books hold; supplies used are an estimate at
    today's cost price and hours have no cost, so neither is part of the margin.
    """

    invoiced: Decimal
    credited: Decimal
    costs: list[Booked]
    supplies_used: Decimal
    hours: Decimal
    waiting: int

    @property
    def charged(self) -> Decimal:
        """Invoices less credit notes."""
        return self.invoiced - self.credited

    @property
    def cost(self) -> Decimal:
        """What was bought for the job."""
        return total_of(cost.amount for cost in self.costs)

    @property
    def margin(self) -> Decimal:
        """What is left."""
        return self.charged - self.cost

    @property
    def margin_percent(self) -> Decimal | None:
        """Of what was charged; nothing to say while nothing was."""
        return to_places(self.margin * _HUNDRED / self.charged, 1) if self.charged > 0 else None


def profit_of(job: Job) -> JobProfit:
    """The profit of one job as its documents stand."""
    supplies = job.supplies.select_related("supply")
    return JobProfit(
        invoiced=_sum(Invoice.objects.filter(organization=job.organization).issued(), job=job),
        credited=_sum(
            CreditNote.objects.filter(organization=job.organization).issued(), invoice__job=job
        ),
        costs=[Booked(label, amount_of(job)) for label, amount_of in COSTS],
        supplies_used=total_of(
            line_amount(use.quantity, use.supply.cost_price) for use in supplies
        ),
        hours=job.labour_entries.aggregate(sum=Sum("hours"))["sum"] or ZERO,
        waiting=Expense.objects.filter(organization=job.organization, job=job)
        .exclude(status__in=["approved", "void"])
        .count(),
    )


def _sum(documents: QuerySet[Any], **of_job: Job) -> Decimal:
    subtotal: Decimal | None = documents.filter(**of_job).aggregate(sum=Sum("subtotal"))["sum"]
    return subtotal or ZERO


def _expenses(job: Job) -> Decimal:
    rows = Expense.objects.filter(organization=job.organization, job=job).approved()
    cost: Decimal | None = rows.aggregate(sum=Sum("net"))["sum"]
    return cost or ZERO


# Each kind of document that is bought for jobs says what it cost one.
COSTS: tuple[tuple[str, Callable[[Job], Decimal]], ...] = (
    ("Expenses", _expenses),
    ("Supplier invoices", supplier_cost_of),
)
