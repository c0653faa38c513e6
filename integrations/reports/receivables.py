"""What customers owe at the end of a day, by how long it is overdue.

Worked out backwards from what is owed now, so that today's figures are those of the invoices
themselves, and an earlier day differs by exactly the money that moved since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from ascora.common.money import ZERO, total_of
from ascora.tenancy.models import Organization
from integrations.reports.credit import parts_standing_on, unused_credit_on
from integrations.reports.sales import link_to_invoice
from integrations.reports.tables import Period, Report, Table, sums
from payments.models import Allocation, CreditPart, Invoice
from payments.services.lines import lines_of
from payments.services.reversals import lines_added_by
from payments.surcharge import shares_of
from payments.totals import invoice_totals

AGES = ("Not due", "1-30 days", "31-60 days", "61-90 days", "Over 90")
_DAYS = 30


@dataclass(frozen=True, slots=True)
class Owed:
    """What an invoice left open at the end of a day; tax included."""

    invoice: Invoice
    amount: Decimal


def receivables(organization: Organization, period: Period) -> Report:
    """Per customer, at the end of the period's last day. The balances add up to what stands in
    accounts receivable.
    """
    by_customer: dict[str, list[Decimal]] = {}
    for owed in owed_on(organization, period.ends_on):
        ages = by_customer.setdefault(owed.invoice.customer.name, [ZERO] * len(AGES))
        ages[age_of(period.ends_on - owed.invoice.due_on)] += owed.amount
    credit = unused_credit_on(organization, period.ends_on)
    table: Table = []
    for name in sorted(by_customer.keys() | credit.keys()):
        ages = by_customer.get(name, [ZERO] * len(AGES))
        owed_in_all, unused = total_of(ages), credit.get(name, ZERO)
        table.append((name, *ages, owed_in_all, unused, owed_in_all - unused))
    columns = ("Customer", *AGES, "Owed", "Unused credit", "Balance")
    return Report(columns, table, sums("Total", table))


def open_invoices(organization: Organization, period: Period) -> Report:
    """Invoice by invoice, at the end of the period's last day."""
    table: Table = [
        (
            link_to_invoice(owed.invoice),
            owed.invoice.customer.name,
            owed.invoice.issued_on,
            owed.invoice.due_on,
            AGES[age_of(period.ends_on - owed.invoice.due_on)],
            owed.amount,
        )
        for owed in owed_on(organization, period.ends_on)
    ]
    return Report(
        ("Invoice", "Customer", "Date", "Due", "Age", "Owed"), table, sums("Total", table)
    )


def owed_on(organization: Organization, day: date) -> list[Owed]:
    """Invoices that were open at the end of a day, by customer and due date.

    A payment counts from the day it was received until the day it was reversed; an invoice that is
    void today never counted.
    """
    dated = Invoice.objects.filter(organization=organization, issued_on__lte=day).issued()
    moved = dict(_moved_since(organization, day))
    invoices = dated.filter(Q(balance__gt=0) | Q(pk__in=list(moved))).select_related("customer")
    found = [
        Owed(invoice, invoice.balance + moved.get(invoice.pk, ZERO))
        for invoice in invoices.order_by("customer__name", "due_on", "pk")
    ]
    return [owed for owed in found if owed.amount]


def age_of(overdue: timedelta) -> int:
    """Which of AGES."""
    if overdue.days <= 0:
        return 0
    return min((overdue.days - 1) // _DAYS + 1, len(AGES) - 1)


def _moved_since(organization: Organization, day: date) -> Iterator[tuple[int, Decimal]]:
    """By how much more each invoice was open at the end of that day than it is now."""
    moved: dict[int, Decimal] = {}
    rows = Allocation.objects.filter(organization=organization).select_related("invoice", "payment")
    later = rows.filter(released_at=None, payment__received_on__gt=day)
    for allocation in later:
        _add(moved, allocation.invoice_id, allocation.amount - _added_by(allocation))
    taken_back = rows.filter(
        released_at__isnull=False,
        payment__received_on__lte=day,
        payment__reversal__reversed_on__gt=day,
    )
    for allocation in taken_back.select_related("payment__reversal"):
        _add(moved, allocation.invoice_id, _taken_back(allocation) - allocation.amount)
    stood = parts_standing_on(organization, day)
    now = CreditPart.objects.filter(organization=organization, released_at=None)
    for sign, parts in ((1, now), (-1, stood)):
        for invoice_id, amount in parts.exclude(invoice=None).values_list("invoice", "amount"):
            _add(moved, invoice_id, sign * amount)
    yield from moved.items()


def _add(moved: dict[int, Decimal], invoice_id: int, amount: Decimal) -> None:
    moved[invoice_id] = moved.get(invoice_id, ZERO) + amount


def _added_by(allocation: Allocation) -> Decimal:
    """What the payment's surcharge added to the invoice: the change in its total."""
    invoice = allocation.invoice
    added = lines_added_by(allocation, invoice)
    kept = [line for line in lines_of(invoice) if line not in added]
    before = invoice_totals(kept, percent=invoice.tax_percent, mode=invoice.tax_mode)
    return invoice.total - before.total if added else ZERO


def _taken_back(allocation: Allocation) -> Decimal:
    """The surcharge and the rounding that left the invoice when its payment was reversed."""
    payment = allocation.payment
    together = list(payment.allocations.order_by("invoice_id"))
    coins = payment.rounding if allocation == together[-1] else ZERO
    if not payment.surcharge or payment.reversal.is_surcharge_kept:
        return coins
    shares = shares_of(payment.surcharge, [each.amount for each in together])
    return shares[together.index(allocation)] + coins
