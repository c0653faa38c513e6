"""What customers had to their credit at the end of a day: unused credit notes, and payments beyond
what they settled.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q, Sum

from ascora.common.money import ZERO
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from payments.models import Allocation, CreditNote, CreditPart, Payment, Refund

M = TypeVar("M", bound=OwnedModel)


def unused_credit_on(organization: Organization, day: date) -> dict[str, Decimal]:
    """By the customer's name; those without any are left out."""
    found: dict[str, Decimal] = {}
    for name, amount in (*_of_credit_notes(organization, day), *_of_payments(organization, day)):
        found[name] = found.get(name, ZERO) + amount
    return {name: amount for name, amount in found.items() if amount}


def parts_standing_on(organization: Organization, day: date) -> OwnedQuerySet[CreditPart]:
    """The uses of credit notes that stood at the end of a day."""
    rows = CreditPart.objects.filter(organization=organization, application__applied_on__lte=day)
    taken_back_later = Q(application__reversal__reversed_on__gt=day) | Q(
        application__refund__reversal__reversed_on__gt=day
    )
    return rows.filter(Q(released_at=None) | taken_back_later)


def _of_credit_notes(organization: Organization, day: date) -> Iterable[tuple[str, Decimal]]:
    used = _sums(parts_standing_on(organization, day), "credit_note")
    notes = CreditNote.objects.filter(organization=organization, issued_on__lte=day).issued()
    for pk, name, total in notes.values_list("pk", "customer__name", "total"):
        yield name, total - used.get(pk, ZERO)


def _of_payments(organization: Organization, day: date) -> Iterable[tuple[str, Decimal]]:
    """Of a payment that was reversed later, what it had settled counts as settled."""
    standing = Q(reversed_at=None) | Q(reversal__reversed_on__gt=day)
    payments = Payment.objects.filter(standing, organization=organization, received_on__lte=day)
    settled = _sums(
        Allocation.objects.filter(
            Q(released_at=None) | Q(payment__reversal__reversed_on__gt=day),
            organization=organization,
        ),
        "payment",
    )
    paid_out = _sums(
        Refund.objects.filter(
            Q(reversed_at=None) | Q(reversal__reversed_on__gt=day),
            organization=organization,
            paid_on__lte=day,
        ),
        "payment",
    )
    for pk, name, amount in payments.values_list("pk", "customer__name", "amount"):
        yield name, amount - settled.get(pk, ZERO) - paid_out.get(pk, ZERO)


def _sums(rows: OwnedQuerySet[M], key: str) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list(key).annotate(sum=Sum("amount")))
