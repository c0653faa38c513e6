"""Reports of what customers paid."""

from django.db.models import Count, Sum
from django.urls import reverse

from ascora.tenancy.models import Organization
from integrations.reports.tables import Linked, Period, Report, Table, sums
from payments.models import Payment
from payments.models.payments import PaymentQuerySet

_NOT_SAID = "Not said"


def received_in(organization: Organization, period: Period) -> PaymentQuerySet:
    """Payments received in the period, reversed ones left out."""
    standing = Payment.objects.filter(organization=organization).standing()
    return standing.filter(received_on__range=(period.begins_on, period.ends_on))


def payment_list(organization: Organization, period: Period) -> Report:
    """Every payment of the period, by date."""
    found = received_in(organization, period).select_related("customer", "method")
    table: Table = [
        (
            Linked(
                f"{payment.received_on:%-d %b %Y}",
                reverse("payments:payment_detail", args=[payment.public_id]),
            ),
            payment.customer.name,
            payment.method.name if payment.method else _NOT_SAID,
            payment.reference,
            payment.surcharge,
            payment.amount,
        )
        for payment in found.order_by("received_on", "pk")
    ]
    columns = ("Date", "Customer", "Method", "Reference", "Of which surcharge", "Received")
    return Report(columns, table, sums("Total", table))


def payments_by_method(organization: Organization, period: Period) -> Report:
    """How many payments, and what they came to, by method."""
    rows = (
        received_in(organization, period)
        .values("method__name")
        .annotate(number=Count("pk"), amount=Sum("amount"), surcharge=Sum("surcharge"))
        .order_by("method__name")
    )
    table: Table = [
        (r["method__name"] or _NOT_SAID, r["number"], r["surcharge"], r["amount"]) for r in rows
    ]
    columns = ("Method", "Payments", "Of which surcharge", "Received")
    return Report(columns, table, sums("Total", table))
