"""What customers owed, and had to their credit, at the end of any day, as the books show it.

Documents count by their own dates and as they stand now: the books keep no other past. So a
surcharge counts from the date of its invoice, and what was void or taken back since never counted.
Together it is what stands in accounts receivable on that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q, Sum

from ascora.common.money import ZERO
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer
from payments.models import Allocation, CreditNote, CreditPart, Invoice, Payment, Refund

AGES = ("Not due yet", "1-30 days", "31-60 days", "61-90 days", "Over 90 days")
_DAYS = 30
M = TypeVar("M", bound=OwnedModel)


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """What an invoice left open at the end of a day; tax included."""

    invoice: Invoice
    amount: Decimal


def owed_on(
    organization: Organization, day: date, *, customer: Customer | None = None
) -> list[OpenInvoice]:
    """Invoices that were open at the end of a day, by customer and due date."""
    dated = Invoice.objects.filter(organization=organization, issued_on__lte=day).issued()
    if customer is not None:
        dated = dated.filter(customer=customer)
    later = _settled_later(organization, day)
    invoices = dated.filter(Q(balance__gt=0) | Q(pk__in=list(later))).select_related("customer")
    found = [
        OpenInvoice(invoice, invoice.balance + later.get(invoice.pk, ZERO))
        for invoice in invoices.order_by("customer__name", "due_on", "pk")
    ]
    return [each for each in found if each.amount]


def age_of(overdue: timedelta) -> str:
    """Which of AGES."""
    if overdue.days <= 0:
        return AGES[0]
    return AGES[min((overdue.days - 1) // _DAYS + 1, len(AGES) - 1)]


def ages_of(found: Sequence[OpenInvoice], day: date) -> dict[str, Decimal]:
    """What is open by how long it had been due on that day; every age is there."""
    ages = dict.fromkeys(AGES, ZERO)
    for each in found:
        ages[age_of(day - each.invoice.due_on)] += each.amount
    return ages


def unused_credit_on(organization: Organization, day: date) -> dict[str, Decimal]:
    """By the customer's name: unused credit notes, and payments beyond what they settled."""
    found: dict[str, Decimal] = {}
    for name, amount in (*_of_credit_notes(organization, day), *_of_payments(organization, day)):
        found[name] = found.get(name, ZERO) + amount
    return {name: amount for name, amount in found.items() if amount}


def _settled_later(organization: Organization, day: date) -> dict[int, Decimal]:
    """Per invoice, by money received and by credit used after that day."""
    allocations = Allocation.objects.filter(organization=organization, released_at=None)
    parts = CreditPart.objects.filter(organization=organization, released_at=None)
    later = _sums(allocations.filter(payment__received_on__gt=day), "invoice")
    credited = parts.filter(application__applied_on__gt=day).exclude(invoice=None)
    for pk, amount in _sums(credited, "invoice").items():
        later[pk] = later.get(pk, ZERO) + amount
    return later


def _of_credit_notes(organization: Organization, day: date) -> Iterable[tuple[str, Decimal]]:
    parts = CreditPart.objects.filter(organization=organization, released_at=None)
    used = _sums(parts.filter(application__applied_on__lte=day), "credit_note")
    notes = CreditNote.objects.filter(organization=organization, issued_on__lte=day).issued()
    for pk, name, total in notes.values_list("pk", "customer__name", "total"):
        yield name, total - used.get(pk, ZERO)


def _of_payments(organization: Organization, day: date) -> Iterable[tuple[str, Decimal]]:
    payments = Payment.objects.filter(organization=organization, received_on__lte=day).standing()
    allocations = Allocation.objects.filter(organization=organization, released_at=None)
    settled = _sums(allocations, "payment")
    refunds = Refund.objects.filter(organization=organization, reversed_at=None, paid_on__lte=day)
    paid_out = _sums(refunds, "payment")
    for pk, name, amount in payments.values_list("pk", "customer__name", "amount"):
        yield name, amount - settled.get(pk, ZERO) - paid_out.get(pk, ZERO)


def _sums(rows: OwnedQuerySet[M], key: str) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list(key).annotate(sum=Sum("amount")))
