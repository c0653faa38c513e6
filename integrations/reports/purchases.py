"""What was bought, for the tax office: by the date of the document, or by the days it was paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from ascora.common.money import ZERO
from ascora.tenancy.models import Organization
from integrations.models import PaidPart
from integrations.reports.spending import (
    approved_in,
    supplier_invoices_in,
    supplier_invoices_paid_in,
)
from integrations.reports.tables import Period
from integrations.reports.taxed import Taxed, sum_of
from inventory.models import SupplierInvoice, SupplierInvoiceLine
from jobs.models import Expense

_Parts = Mapping[int, list[tuple[date, Decimal]]]


def bought_in(organization: Organization, period: Period) -> Taxed:
    """By the date of the document."""
    spent = [_expense(each) for each in approved_in(organization, period)]
    charged = bought_by(organization, supplier_invoices_in(organization, period))
    return sum_of([*spent, *charged.values()])


def bought_and_paid_in(organization: Organization, period: Period) -> Taxed:
    """By the days that the money moved: expenses paid on the spot by their own date, bills by each
    payment in the books. What all payments of a bill carry together is its tax to the cent.
    """
    at_once = approved_in(organization, period).exclude(paid_from=None)
    found = [_expense(each) for each in at_once]
    expenses = Expense.objects.filter(organization=organization, paid_from=None).approved()
    parts = _parts_of(organization, "jobs.expense")
    to_be_paid = expenses.filter(pk__in=list(parts))
    found += [_paid(_expense(each), parts[each.pk], period) for each in to_be_paid]
    return sum_of([*found, *_invoices_paid_in(organization, period)])


def bought_by(organization: Organization, invoices: Iterable[SupplierInvoice]) -> dict[int, Taxed]:
    """What each of these supplier invoices comes to; a credit is less than nothing."""
    found = {each.pk: each for each in invoices}
    lines = SupplierInvoiceLine.objects.filter(
        organization=organization, invoice__in=list(found), is_taxed=False
    )
    free = dict(lines.values_list("invoice").annotate(sum=Sum("amount")).order_by())
    return {
        pk: Taxed(
            _signed(each, each.total),
            _signed(each, each.tax),
            _signed(each, free.get(pk, ZERO)),
        )
        for pk, each in found.items()
    }


def _invoices_paid_in(organization: Organization, period: Period) -> list[Taxed]:
    """Those whose payments were read part by part; the others by the day of their last payment."""
    approved = SupplierInvoice.objects.filter(organization=organization).approved()
    parts = _parts_of(organization, "inventory.supplierinvoice")
    whole = {
        each.pk: each
        for each in approved.filter(pk__in=list(parts))
        if sum((amount for _, amount in parts[each.pk]), ZERO) >= each.paid
    }
    found = [
        _paid(charged, [(day, _signed(whole[pk], amount)) for day, amount in parts[pk]], period)
        for pk, charged in bought_by(organization, whole.values()).items()
    ]
    at_once = supplier_invoices_paid_in(organization, period).exclude(pk__in=list(whole))
    others = {each.pk: each for each in at_once}
    charged = bought_by(organization, others.values())
    found += [each.share(_signed(others[pk], others[pk].paid)) for pk, each in charged.items()]
    return found


def _parts_of(organization: Organization, label: str) -> _Parts:
    """By the bill's key: when it was paid, and how much."""
    rows = PaidPart.objects.owned_by(organization).filter(label=label)
    found: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for pk, day, amount in rows.values_list("object_pk", "paid_on", "amount"):
        found[pk].append((day, amount))
    return found


def _paid(whole: Taxed, parts: Iterable[tuple[date, Decimal]], period: Period) -> Taxed:
    """What was paid by the end of the period, less what had been paid before it."""
    found = list(parts)

    def by(last: date) -> Taxed:
        paid = sum((amount for day, amount in found if day <= last), ZERO)
        return whole.share(min(paid, whole.total, key=abs))

    return by(period.ends_on).less(by(period.begins_on - timedelta(days=1)))


def _signed(invoice: SupplierInvoice, amount: Decimal) -> Decimal:
    return -amount if invoice.is_credit else amount


def _expense(expense: Expense) -> Taxed:
    return Taxed(expense.total, expense.tax, ZERO if expense.is_taxed else expense.total)
