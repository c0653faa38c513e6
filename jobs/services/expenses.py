"""Expenses of a job: written as drafts, approved for the books, amended and voided afterwards."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ascora.attachments.files import CheckedFile
from ascora.attachments.models import Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach, detach
from ascora.chart.models import LedgerAccount
from ascora.common.money import ZERO
from ascora.outbox.services import record_change
from ascora.tenancy.days import why_closed
from ascora.tenancy.models import User
from inventory.models import Supplier, SupplierInvoice
from inventory.selectors import tax_percent_for
from jobs.models import Expense, ExpenseQuerySet, ExpenseStatus, Job
from jobs.selectors import has_been_invoiced, is_invoiced
from jobs.services.jobs import locked_job
from jobs.services.work import LARGEST_AMOUNT, OnAnInvoice
from jobs.totals import cost_of

# What the invoice has taken over: it stays as it was charged.
_CHARGED = ("is_billable", "markup")
# A worker has no name.
_PEOPLE = {"created_by", "approved_by"}


class ExpenseValues(TypedDict, total=False):
    """The plain values of an expense. Without `paid_from` it is still to be paid."""

    supplier: Supplier | None
    account: LedgerAccount | None
    paid_from: LedgerAccount | None
    spent_on: date
    due_on: date | None
    supplier_number: str
    description: str
    quantity: Decimal
    unit_cost: Decimal
    cost_includes_tax: bool
    is_taxed: bool
    is_billable: bool
    markup: Decimal
    receipt: CheckedFile | None


@transaction.atomic
def add_expense(*, job: Job, by: User | None, **values: Unpack[ExpenseValues]) -> Expense:
    """A draft on the job. Raises ValidationError for what cannot be."""
    job = locked_job(job)
    expense = Expense(organization=job.organization, job=job, created_by=by)
    receipt = values.pop("receipt", None)
    _set(expense, values)
    expense.save()
    _keep_receipt(expense, receipt, by)
    return expense


@transaction.atomic
def change_expense(
    *, expense: Expense, by: User | None, **values: Unpack[ExpenseValues]
) -> Expense:
    """Change the given values; an approved one follows to the books.

    Raises ValidationError when it is void, and for another charge once an invoice carries it.
    """
    expense = _held(expense)
    if expense.is_void:
        raise ValidationError("This expense is void and stays as it is.")
    if is_invoiced(expense):
        _refuse_other_charge(expense, values)
    receipt = values.pop("receipt", None)
    _set(expense, values)
    if expense.is_approved:
        _refuse_unfit(expense)
    expense.save()
    _keep_receipt(expense, receipt, by)
    if expense.is_approved:
        record_change(expense, by=by)
    return expense


@transaction.atomic
def approve_expense(*, expense: Expense, by: User | None) -> Expense:
    """It counts from now on: recorded for the books. Raises ValidationError when something is
    missing, or its day is closed in the books. Again is harmless.
    """
    expense = _held(expense)
    if expense.is_approved:
        return expense
    if expense.is_void:
        raise ValidationError("This expense is void. Add it anew.")
    _refuse_unfit(expense)
    if why := why_closed(expense.organization, expense.spent_on):
        raise ValidationError(why)
    expense.status = ExpenseStatus.APPROVED
    expense.approved_at, expense.approved_by = timezone.now(), by
    expense.save()
    record_change(expense, by=by)
    return expense


@transaction.atomic
def void_expense(*, expense: Expense, by: User | None) -> Expense:
    """Worth nothing from now on; follows to the books. Raises OnAnInvoice while the customer is
    charged for it.
    """
    expense = _held(expense)
    if expense.is_draft:
        raise ValidationError("This is a draft: delete it instead.")
    if expense.is_void:
        return expense
    if is_invoiced(expense):
        raise OnAnInvoice(
            "An invoice charges the customer for this expense. Take it off that invoice, or void"
            " the invoice, first."
        )
    expense.status = ExpenseStatus.VOID
    expense.voided_at = timezone.now()
    expense.save()
    record_change(expense, by=by)
    return expense


@transaction.atomic
def remove_expense(*, expense: Expense, by: User | None) -> None:
    """Delete a draft that no invoice ever carried. Raises OnAnInvoice else."""
    expense = _held(expense)
    if not expense.is_draft:
        raise OnAnInvoice("It has been approved: void it instead, so that your books follow.")
    if is_invoiced(expense):
        raise OnAnInvoice("This is on an invoice already. Change the invoice, or void it first.")
    if has_been_invoiced(expense):
        raise OnAnInvoice(
            "This was on an invoice that has been voided, so it stays in the history."
            " Untick Charge it to the customer instead: then it is not invoiced again."
        )
    for receipt in attachments_for(expense):
        detach(attachment=receipt, by=by)
    expense.delete()


@transaction.atomic
def record_owed_for_expense(*, expense: Expense, owed: Decimal, origin: str) -> Expense:
    """Keep what the books say is still owed of it. Nothing is sent back."""
    expense = _held(expense)
    expense.still_owed = owed
    expense.save(update_fields=["still_owed"])
    record_change(expense, by=None, origin=origin)
    return expense


def _keep_receipt(expense: Expense, receipt: CheckedFile | None, by: User | None) -> None:
    if receipt is not None:
        attach(document=expense, purpose=Purpose.RECEIPT, upload=receipt, by=by)


def _held(expense: Expense) -> Expense:
    """The row as it is now; the job is held, where invoicing meets it."""
    locked_job(expense.job)
    rows = Expense.objects.filter(organization=expense.organization_id)
    related = rows.select_related("organization", "job__customer", "supplier", "paid_from")
    return related.select_for_update(of=("self",)).get(pk=expense.pk)


def _set(expense: Expense, values: ExpenseValues) -> None:
    """Take the values over and work out what it comes to."""
    for name, value in values.items():
        setattr(expense, name, value)
    if not expense.is_to_be_paid:
        expense.due_on = None
    expense.clean_fields(exclude={"net", "tax", "total", *_PEOPLE})
    expense.tax_percent = tax_percent_for(expense.organization, expense.spent_on)
    cost = cost_of(
        expense.quantity,
        expense.unit_cost,
        includes_tax=expense.cost_includes_tax,
        is_taxed=expense.is_taxed,
        percent=expense.tax_percent,
    )
    if not expense.is_to_be_paid:
        expense.still_owed = None
    elif expense.still_owed is not None:
        expense.still_owed = max(expense.still_owed + cost.total - expense.total, ZERO)
    expense.net, expense.tax, expense.total = cost.net, cost.tax, cost.total
    _check(expense)


def _check(expense: Expense) -> None:
    if expense.total <= 0:
        raise ValidationError({"unit_cost": "An expense comes to one cent at least."})
    if max(expense.total, expense.charge) >= LARGEST_AMOUNT:
        message = "That comes to $100,000,000 or more. Check quantity and cost."
        raise ValidationError({"unit_cost": message})
    if expense.due_on is not None and expense.due_on < expense.spent_on:
        raise ValidationError({"due_on": "The due date is before the date of the expense."})
    expense.full_clean(exclude=_PEOPLE)
    _refuse_known_number(expense)


def expense_with_number(*, supplier: Supplier, number: str) -> str:
    """On which job an invoice of this supplier is entered as an expense, in words; or nothing."""
    found = _with_number(supplier, number).first()
    return (
        f"Invoice {number} of {supplier} is entered as an expense of {found.job}" if found else ""
    )


def _with_number(supplier: Supplier, number: str) -> ExpenseQuerySet:
    rows: ExpenseQuerySet = Expense.objects.filter(organization=supplier.organization)
    same = rows.standing().filter(supplier=supplier, supplier_number__iexact=number)
    return same.select_related("job")


def _refuse_known_number(expense: Expense) -> None:
    """The same invoice of a supplier twice is a slip."""
    if expense.supplier is None or not expense.supplier_number:
        return
    same = _with_number(expense.supplier, expense.supplier_number).exclude(pk=expense.pk)
    if (other := same.first()) is not None:
        message = (
            f"Invoice {expense.supplier_number} of {expense.supplier} is entered on"
            f" {other.job} already. One invoice for several jobs belongs under Supplier Invoices."
        )
        raise ValidationError({"supplier_number": message})
    invoices = SupplierInvoice.objects.filter(organization=expense.organization).standing()
    if invoices.filter(
        supplier=expense.supplier, number__iexact=expense.supplier_number, type="invoice"
    ).exists():
        message = (
            f"Invoice {expense.supplier_number} of {expense.supplier} is entered under Supplier"
            " Invoices already. Allocate its lines to the job there."
        )
        raise ValidationError({"supplier_number": message})


def _refuse_unfit(expense: Expense) -> None:
    """What the books could not take."""
    if expense.is_to_be_paid and expense.supplier is None:
        message = "Say who is to be paid, or which account it was paid from."
        raise ValidationError({"supplier": message})


def _refuse_other_charge(expense: Expense, values: ExpenseValues) -> None:
    given = dict(values)
    if any(name in given and given[name] != getattr(expense, name) for name in _CHARGED):
        message = "An invoice has charged it already: what the customer pays is changed there."
        raise ValidationError({"markup": message})
