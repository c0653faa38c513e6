"""Reading payments, what they settle, and what is left as credit."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404

from ascora.common.money import ZERO, total_of
from ascora.search.services import matching
from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer
from jobs.selectors import customers_for
from payments.models import Allocation, Invoice, Payment, PaymentOrigin, Refund
from payments.models.payments import PaymentQuerySet


def payments_for(organization: Organization) -> PaymentQuerySet:
    """All payments of the business, reversed ones too."""
    found: PaymentQuerySet = Payment.objects.filter(organization=organization)
    return found.select_related("customer", "method")


def payment_for(organization: Organization, public_id: UUID) -> Payment:
    """One payment; Http404 when the business has no such one."""
    rows = payments_for(organization).select_related(
        "organization", "customer", "method", "created_by", "reversal__made_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def payments_of_customer(customer: Customer) -> PaymentQuerySet:
    """A customer's payments, newest first."""
    return payments_for(customer.organization).filter(customer=customer)


def payments_matching(
    payments: PaymentQuerySet, organization: Organization, typed: str
) -> PaymentQuerySet:
    """Payments of customers that the typed words find."""
    customers = matching(customers_for(organization), organization, typed)
    return payments.filter(customer__in=customers.order_by())


def allocations_of_invoice(invoice: Invoice) -> OwnedQuerySet[Allocation]:
    """What payments settle of an invoice, and settled once."""
    rows = Allocation.objects.owned_by(invoice.organization).filter(invoice=invoice)
    return rows.select_related("payment__method").order_by("payment__received_on", "pk")


def allocations_of_payment(payment: Payment) -> OwnedQuerySet[Allocation]:
    """The invoices that a payment settles, and settled once."""
    rows = Allocation.objects.owned_by(payment.organization).filter(payment=payment)
    return rows.select_related("invoice").order_by("pk")


def credit_left_of(payment: Payment) -> Decimal:
    """What of a standing payment settles no invoice."""
    if payment.is_reversed:
        return ZERO
    standing = payment.allocations.filter(released_at=None)
    left: Decimal = payment.amount - total_of(allocation.amount for allocation in standing)
    return left - total_of(refund.amount for refund in payment.refunds.filter(reversed_at=None))


def is_surcharge_left_of(payment: Payment) -> bool:
    """Whether a reversed payment left lines of its own on an invoice."""
    if not payment.is_reversed:
        return False
    added = Allocation.objects.owned_by(payment.organization).filter(payment=payment)
    standing = Q(surcharge_line__released_at=None, surcharge_line__isnull=False)
    coins = Q(rounding_line__released_at=None, rounding_line__isnull=False)
    return added.filter(standing | coins).exists()


def credit_for(customer: Customer) -> Decimal:
    """What a customer has paid beyond invoices, and was not paid out again."""
    allocations = Allocation.objects.owned_by(customer.organization)
    settled = allocations.filter(payment__customer=customer, released_at=None)
    refunds = Refund.objects.owned_by(customer.organization)
    paid_out = refunds.filter(payment__customer=customer, reversed_at=None)
    paid = _sum_of(payments_of_customer(customer).standing())
    return paid - _sum_of(settled) - _sum_of(paid_out)


def _sum_of(rows: OwnedQuerySet[Any]) -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or ZERO


def payments_narrowed(payments: PaymentQuerySet, shown: str) -> PaymentQuerySet:
    """As the list's filter says."""
    if shown == "books":
        return payments.filter(origin=PaymentOrigin.BOOKS)
    return payments.filter(reversed_at__isnull=shown == "standing")
