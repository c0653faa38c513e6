"""The reports: each a title, columns and rows, for the screen and for CSV alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from ascora.common.money import ZERO, total_of
from ascora.common.wording import plain_money
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from integrations.reconcile import own_figures
from payments.models import Invoice, InvoiceLine, LineKind, Payment
from payments.models.invoices import InvoiceQuerySet

Cell = str | int | Decimal | date
Table = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """For the screen each cell says whether it is a number; `total` is the last row or nothing."""

    slug: str
    title: str
    explanation: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = field(default_factory=tuple)

    @property
    def shown_columns(self) -> list[tuple[str, bool]]:
        """The heads, aligned as what stands below them."""
        first = self.rows[0] if self.rows else ("",) * len(self.columns)
        return [(head, _is_number(cell)) for head, cell in zip(self.columns, first, strict=True)]

    @property
    def shown_rows(self) -> list[list[tuple[str, bool]]]:
        """The rows as a person reads them."""
        return [[(_shown(cell), _is_number(cell)) for cell in row] for row in self.rows]

    @property
    def shown_total(self) -> list[str]:
        """The last row as a person reads it."""
        return [_shown(cell) for cell in self.total]


def financial_year_of(day: date) -> Period:
    """July to June."""
    first = date(day.year if day.month >= 7 else day.year - 1, 7, 1)  # noqa: PLR2004 - July
    return Period(first, date(first.year + 1, 6, 30))


def invoices_by_month(organization: Organization, period: Period) -> Report:
    """Issued invoices that are not void, by the month of their date."""
    rows = (
        _issued_in(organization, period)
        .annotate(month=TruncMonth("issued_on"))
        .values("month")
        .annotate(
            number=Count("pk"), net=Sum("subtotal"), gst=Sum("tax"), gross=Sum("total"),
            open=Sum("balance"),
        )
        .order_by("month")
    )  # fmt: skip
    table: Table = [
        (f"{r['month']:%B %Y}", r["number"], r["net"], r["gst"], r["gross"], r["open"])
        for r in rows
    ]
    return Report(
        slug="invoices",
        title="Invoices by month",
        explanation="Issued invoices by invoice date; void ones and drafts are left out.",
        columns=("Month", "Invoices", "Before tax", "Tax", "Total", "Still owed"),
        rows=table,
        total=_sums("Total", table),
    )


def receivables_by_age(organization: Organization, _period: Period) -> Report:
    """What customers owe today, by how long it is overdue."""
    today = today_for(organization)
    open_invoices = Invoice.objects.filter(organization=organization).open()
    owed = open_invoices.values_list("customer__name", "due_on", "balance")
    by_customer: dict[str, list[Decimal]] = {}
    for name, due_on, balance in owed.order_by("customer__name").iterator():
        ages = by_customer.setdefault(name, [ZERO] * 5)
        ages[_age(today - due_on)] += balance
    table: Table = [(name, *ages, total_of(ages)) for name, ages in by_customer.items()]
    return Report(
        slug="receivables",
        title="Money owed by age",
        explanation=f"Open invoices as of {today:%-d %b %Y}, by days after the due date.",
        columns=("Customer", "Not due", "1-30 days", "31-60 days", "61-90 days", "Over 90", "Owed"),
        rows=table,
        total=_sums("Total", table),
    )


def income_by_kind(organization: Organization, period: Period) -> Report:
    """What was charged, by job type and kind of line, before or including tax as the invoice is."""
    lines = InvoiceLine.objects.filter(organization=organization, released_at=None)
    rows = (
        lines.filter(invoice__in=_issued_in(organization, period))
        .values("invoice__job__job_type__name", "kind")
        .annotate(amount=Sum("amount"))
        .order_by("invoice__job__job_type__name", "kind")
    )
    table = [
        (r["invoice__job__job_type__name"] or "No job type", LineKind(r["kind"]).label, r["amount"])
        for r in rows
    ]
    return Report(
        slug="income",
        title="Charged by job type",
        explanation="Lines of issued invoices, in the prices of their invoices.",
        columns=("Job type", "Kind", "Amount"),
        rows=table,
        total=("Total", "", total_of(row[2] for row in table)),
    )


def payments_by_method(organization: Organization, period: Period) -> Report:
    """Payments received and not reversed, by method."""
    rows = (
        Payment.objects.filter(organization=organization)
        .standing()
        .filter(received_on__range=(period.begins_on, period.ends_on))
        .values("method__name")
        .annotate(number=Count("pk"), amount=Sum("amount"), surcharge=Sum("surcharge"))
        .order_by("method__name")
    )
    table = [
        (r["method__name"] or "Not said", r["number"], r["amount"], r["surcharge"]) for r in rows
    ]
    return Report(
        slug="payments",
        title="Payments by method",
        explanation="Payments by the day they were received; reversed ones are left out.",
        columns=("Method", "Payments", "Received", "Of which surcharge"),
        rows=table,
        total=_sums("Total", table),
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, Decimal | int)


def _shown(cell: Cell) -> str:
    return plain_money(cell) if isinstance(cell, Decimal) else str(cell)


def ledger_balances(organization: Organization, _period: Period) -> Report:
    """What Ascora's documents come to in each account, whatever the books say; debit positive."""
    figures = own_figures(organization)
    table = [(figure.code, figure.name, figure.amount) for figure in figures]
    return Report(
        slug="ledger",
        title="Books, account by account",
        explanation="Worked out from Ascora's own documents since the cut-off, debit positive. "
        "QuickBooks must show the same movements.",
        columns=("Account", "Name", "Balance"),
        rows=table,
        total=("Total", "", total_of(figure.amount for figure in figures)),
    )


REPORTS: dict[str, Callable[[Organization, Period], Report]] = {
    "invoices": invoices_by_month,
    "receivables": receivables_by_age,
    "income": income_by_kind,
    "payments": payments_by_method,
    "ledger": ledger_balances,
}


def _issued_in(organization: Organization, period: Period) -> InvoiceQuerySet:
    dated = Invoice.objects.filter(
        organization=organization, issued_on__range=(period.begins_on, period.ends_on)
    )
    return dated.issued()


def _age(overdue: timedelta) -> int:
    return 0 if overdue.days <= 0 else min((overdue.days - 1) // 30 + 1, 4)


def _sums(label: str, table: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
    """The sum of every column but the first; nothing when there are no rows."""
    if not table:
        return ()
    columns = list(zip(*table, strict=True))[1:]
    return (label, *(sum(column, start=type(column[0])(0)) for column in columns))
