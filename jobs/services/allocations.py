"""Shares of supplier invoices for jobs: to the cent, never more than the line."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from ascora.common.money import ZERO, total_of
from ascora.outbox.services import record_change
from ascora.tenancy.models import User
from inventory.models import SupplierInvoice, SupplierInvoiceLine
from jobs.models import Job, JobAllocation
from jobs.selectors import left_of_line


@transaction.atomic
def allocate_line(
    *, line: SupplierInvoiceLine, by: User | None, job: Job, amount: Decimal | None
) -> JobAllocation:
    """Give a job this much of a line, before tax; all that is left of it without an amount. More
    for a job that has some already is added to it.

    Raises ValidationError when the line has not as much left.
    """
    invoice = _held(line)
    left = left_of_line(line)
    share = left if amount is None else amount
    _check(share, left)
    allocation = line.allocations.filter(job=job).first() or JobAllocation(
        organization=line.organization, line=line, job=job, amount=ZERO
    )
    allocation.amount += share
    allocation.save()
    _tell(invoice, by)
    return allocation


@transaction.atomic
def change_allocation(
    *, allocation: JobAllocation, by: User | None, amount: Decimal
) -> JobAllocation:
    """Another amount for the job. Raises ValidationError when the line has not as much."""
    invoice = _held(allocation.line)
    allocation = JobAllocation.objects.owned_by(allocation.organization).get(pk=allocation.pk)
    _check(amount, left_of_line(allocation.line) + allocation.amount)
    allocation.amount = amount
    allocation.save()
    _tell(invoice, by)
    return allocation


@transaction.atomic
def remove_allocation(*, allocation: JobAllocation, by: User | None) -> None:
    """Take the share off the job again."""
    invoice = _held(allocation.line)
    allocation.delete()
    _tell(invoice, by)


def fit_allocations(*, lines: Iterable[SupplierInvoiceLine]) -> None:
    """Make the shares fit lines that became smaller: the last ones give way first."""
    for line in lines:
        left = line.net
        for allocation in line.allocations.all():
            share = allocation.amount if _fits(allocation.amount, left) else left
            left -= share
            if not share:
                allocation.delete()
            elif share != allocation.amount:
                allocation.amount = share
                allocation.save(update_fields=["amount"])


def _held(line: SupplierInvoiceLine) -> SupplierInvoice:
    """The invoice, held until the transaction ends."""
    rows = SupplierInvoice.objects.owned_by(line.organization).select_related("organization")
    invoice: SupplierInvoice = rows.select_for_update(of=("self",)).get(pk=line.invoice_id)
    if invoice.is_void:
        raise ValidationError("It is void, so nothing of it is a job's cost.")
    return invoice


def _tell(invoice: SupplierInvoice, by: User | None) -> None:
    """The job's number stands in the line over there."""
    if invoice.is_approved:
        record_change(invoice, by=by)


def _check(share: Decimal, left: Decimal) -> None:
    if not left:
        raise ValidationError("All of this line is allocated already.")
    if not share or not _fits(share, left):
        raise ValidationError({"amount": f"Between 0.01 and {left:,.2f} of this line is left."})


def _fits(share: Decimal, left: Decimal) -> bool:
    """Of the same sign, and not more."""
    return total_of([share]) * left >= 0 and abs(share) <= abs(left)
