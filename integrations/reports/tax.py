"""GST for a period, in the words of the Australian activity statement.

Accruals: by the date of the document. Cash: by the day that the money moved, each payment with its
share of the tax; what all payments of an invoice carry together is its tax to the cent (ATO,
"Choosing an accounting method": a business below the threshold may choose).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from ascora.common.money import ZERO
from ascora.tenancy.models import Organization
from integrations.reports.purchases import bought_and_paid_in, bought_in
from integrations.reports.sales import issued_credits_in, issued_in
from integrations.reports.tables import Period, Report, Table
from integrations.reports.taxed import Taxed, sum_of
from payments.models import Allocation, CreditNote, CreditNoteLine, Invoice, InvoiceLine, Refund

_COLUMNS = ("Label", "What it is", "Amount")


def gst_accruals(organization: Organization, period: Period) -> Report:
    """By the date of the document."""
    sales = sales_of(organization, issued_in(organization, period))
    credited = credited_by(organization, issued_credits_in(organization, period))
    return _statement(sales.less(credited), bought_in(organization, period))


def gst_cash(organization: Organization, period: Period) -> Report:
    """By the day that the money moved."""
    before = sales_paid_by(organization, period.begins_on - timedelta(days=1))
    received = sales_paid_by(organization, period.ends_on).less(before)
    return _statement(
        received.less(_paid_out_in(organization, period)), bought_and_paid_in(organization, period)
    )


def sales_of(organization: Organization, invoices: Iterable[Invoice]) -> Taxed:
    """What these invoices come to."""
    taxed = _taxed_by_invoice(organization, invoices).values()
    return sum_of(taxed)


def credited_by(organization: Organization, credit_notes: Iterable[CreditNote]) -> Taxed:
    """What these credit notes take back."""
    found = {each.pk: each for each in credit_notes}
    lines = CreditNoteLine.objects.filter(
        organization=organization, credit_note__in=list(found), is_taxed=False
    )
    free = dict(lines.values_list("credit_note").annotate(sum=Sum("amount")).order_by())
    return sum_of(Taxed(each.total, each.tax, free.get(pk, ZERO)) for pk, each in found.items())


def sales_paid_by(organization: Organization, day: date) -> Taxed:
    """What had been paid of all invoices by the end of a day, and the tax that it carried."""
    paid = _paid_by(organization, day)
    invoices = Invoice.objects.filter(organization=organization, pk__in=list(paid)).issued()
    taxed = _taxed_by_invoice(organization, invoices)
    return sum_of(each.share(paid[pk]) for pk, each in taxed.items())


def _paid_out_in(organization: Organization, period: Period) -> Taxed:
    """Credit notes paid out in money, each with its share of the tax; what was paid too much and
    goes back bears none.
    """
    refunds = Refund.objects.filter(
        organization=organization,
        reversed_at=None,
        paid_on__range=(period.begins_on, period.ends_on),
    ).exclude(credit_note=None)
    shares = [
        credited_by(organization, [refund.credit_note]).share(refund.amount)
        for refund in refunds.select_related("credit_note")
        if refund.credit_note is not None
    ]
    return sum_of(shares)


def _statement(sales: Taxed, purchases: Taxed) -> Report:
    payable = sales.tax - purchases.tax
    table: Table = [
        ("G1", "Total sales, GST included", sales.total),
        ("G3", "Of which GST-free sales", sales.free),
        ("1A", "GST on sales", sales.tax),
        ("G11", "Purchases, GST included", purchases.total),
        ("G14", "Of which purchases without GST", purchases.free),
        ("1B", "GST on purchases", purchases.tax),
    ]
    words = "GST to pay" if payable >= 0 else "GST to get back"
    return Report(_COLUMNS, table, ("", words, abs(payable)))


def _taxed_by_invoice(organization: Organization, invoices: Iterable[Invoice]) -> dict[int, Taxed]:
    found = {invoice.pk: invoice for invoice in invoices}
    lines = InvoiceLine.objects.filter(
        organization=organization, invoice__in=list(found), released_at=None, is_taxed=False
    )
    free = dict(lines.values_list("invoice").annotate(sum=Sum("amount")).order_by())
    return {
        pk: Taxed(invoice.total, invoice.tax, free.get(pk, ZERO)) for pk, invoice in found.items()
    }


def _paid_by(organization: Organization, day: date) -> dict[int, Decimal]:
    """Per invoice: received by the end of the day and not taken back by then."""
    rows = Allocation.objects.filter(organization=organization, payment__received_on__lte=day)
    counted = rows.filter(Q(released_at=None) | Q(payment__reversal__reversed_on__gt=day))
    return dict(counted.values_list("invoice").annotate(sum=Sum("amount")).order_by())
