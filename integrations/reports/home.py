"""What needs doing today; then the income of the last twelve months, and money owed by age."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import TruncMonth

from ascora.common.money import ZERO, total_of
from ascora.common.totals import net_lines
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from integrations.models import Connection, ConnectionState
from jobs.models import Customer, Job, JobStatus
from payments.models import Invoice, InvoiceLine
from payments.selectors import AGES, age_of

SHOWN = 6
MONTHS = 12
BAR = 72
UNTYPED = "No job type"


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
class Part:
    """A part of a whole, with its `share` of the greatest part in per cent."""

    name: str
    amount: Decimal
    share: int


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
    job_types: Sequence[Part]
    ages: Sequence[Part]
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
        job_types=income_by_job_type(organization, until=today),
        ages=owed_by_age(organization, day=today),
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


def income_by_job_type(organization: Organization, *, until: date) -> list[Part]:
    """The same twelve months by job type, the greatest first; the small ones in one."""
    issued = Invoice.objects.filter(
        organization=organization, issued_on__gte=_months_until(until)[0]
    ).issued()
    of_several = Exists(
        InvoiceLine.objects.filter(
            organization=organization, invoice=OuterRef("pk"), job__isnull=False
        )
    )
    whole = issued.exclude(of_several).values_list("job__job_type__name")
    incomes: dict[str, Decimal] = defaultdict(Decimal)
    for kind, income in whole.annotate(Sum("subtotal")):
        incomes[kind or UNTYPED] += income
    for invoice in issued.filter(of_several).select_related("job__job_type"):
        for kind, net in _by_type_of_lines(invoice):
            incomes[kind] += net
    ranked = sorted(incomes.items(), key=lambda each: (-each[1], each[0]))
    named = [(name, income) for name, income in ranked if income]
    first, rest = named[:SHOWN], named[SHOWN:]
    others = [("All others", total_of(income for _, income in rest))] if rest else []
    return _parts([*first, *others])


def _by_type_of_lines(invoice: Invoice) -> list[tuple[str, Decimal]]:
    """An invoice for several jobs: each line before tax under the type of its own job."""
    lines = list(invoice.lines.select_related("job__job_type").order_by("position", "pk"))
    nets = net_lines(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
    jobs = [line.job or invoice.job for line in lines]
    kinds = [job.job_type.name if job and job.job_type else UNTYPED for job in jobs]
    return list(zip(kinds, nets, strict=True))


def owed_by_age(organization: Organization, *, day: date) -> list[Part]:
    """What customers owe now, by days after the due date; tax included."""
    ages = dict.fromkeys(AGES, ZERO)
    owed = Invoice.objects.filter(organization=organization).open()
    for due_on, balance in owed.values_list("due_on", "balance").iterator():
        ages[age_of(day - due_on)] += balance
    return _parts(list(ages.items())) if any(ages.values()) else []


def _parts(amounts: Sequence[tuple[str, Decimal]]) -> list[Part]:
    most = max((amount for _, amount in amounts), default=ZERO) or Decimal(1)
    return [Part(name, amount, max(0, int(amount * 100 / most))) for name, amount in amounts]


def _months_until(day: date) -> list[date]:
    months = [divmod(day.year * MONTHS + day.month - 1 - back, MONTHS) for back in range(MONTHS)]
    return [date(year, month + 1, 1) for year, month in reversed(months)]
