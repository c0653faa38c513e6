"""What needs doing today, and the income of the last twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from ascora.common.money import ZERO
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from integrations.models import Connection, ConnectionState
from jobs.models import Customer, Job, JobStatus
from payments.models import Invoice

SHOWN = 6
MONTHS = 12
BAR = 72


@dataclass(frozen=True, slots=True)
class Month:
    """Income before tax of the invoices dated in a month; `share` of the best month in per cent."""

    begins_on: date
    income: Decimal
    share: int

    @property
    def height(self) -> int:
        """Of its bar, in a drawing 72 high; a month without income shows a line."""
        return max(1, self.share * BAR // 100)

    @property
    def top(self) -> int:
        """Where its bar begins, from above."""
        return BAR - self.height


@dataclass(frozen=True, slots=True)
class Today:
    """The figures of the Home page. Amounts include tax unless they are income."""

    jobs_to_invoice: Sequence[Job]
    jobs_to_invoice_count: int
    overdue: Sequence[Invoice]
    overdue_count: int
    overdue_total: Decimal
    held_count: int
    waiting_count: int
    connection: Connection | None
    months: Sequence[Month]
    is_new: bool


def today_at(organization: Organization) -> Today:
    """Everything that Home shows, in a fixed number of queries."""
    today = today_for(organization)
    to_invoice = Job.objects.filter(organization=organization, status=JobStatus.READY_TO_INVOICE)
    overdue = Invoice.objects.filter(organization=organization).open().filter(due_on__lt=today)
    owed = overdue.aggregate(count=Count("pk"), total=Sum("balance"))
    entries = OutboxEntry.objects.filter(organization=organization)
    return Today(
        jobs_to_invoice=list(to_invoice.select_related("customer").order_by("created_at")[:SHOWN]),
        jobs_to_invoice_count=to_invoice.count(),
        overdue=list(overdue.select_related("customer").order_by("due_on", "pk")[:SHOWN]),
        overdue_count=owed["count"],
        overdue_total=owed["total"] or ZERO,
        held_count=entries.held().count(),
        waiting_count=entries.waiting().count(),
        connection=live_connection_of(organization),
        months=income_by_month(organization, until=today),
        is_new=not Customer.objects.filter(organization=organization).exists(),
    )


def live_connection_of(organization: Organization) -> Connection | None:
    """The connection that stands, or None."""
    connections = Connection.objects.filter(organization=organization)
    return connections.exclude(state=ConnectionState.DISCONNECTED).first()


def income_by_month(organization: Organization, *, until: date) -> list[Month]:
    """Twelve months, the oldest first, months without invoices included."""
    begins = _months_until(until)
    rows = (
        Invoice.objects.filter(organization=organization, issued_on__gte=begins[0])
        .issued()
        .annotate(month=TruncMonth("issued_on"))
        .values("month")
        .annotate(income=Sum("subtotal"))
    )
    incomes = {row["month"]: row["income"] for row in rows}
    best = max(incomes.values(), default=ZERO) or Decimal(1)
    return [
        Month(day, incomes.get(day, ZERO), int(incomes.get(day, ZERO) * 100 / best))
        for day in begins
    ]


def _months_until(day: date) -> list[date]:
    months = [divmod(day.year * MONTHS + day.month - 1 - back, MONTHS) for back in range(MONTHS)]
    return [date(year, month + 1, 1) for year, month in reversed(months)]
