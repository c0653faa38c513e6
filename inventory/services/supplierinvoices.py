"""Supplier invoices and credits: written as drafts, approved for the books, changed and voided
afterwards.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from ascora.common.money import ZERO
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.days import why_closed
from ascora.tenancy.models import User
from ascora.tenancy.selectors import today_for
from inventory.models import (
    Supplier,
    SupplierInvoice,
    SupplierInvoiceStatus,
    SupplierInvoiceType,
)
from inventory.selectors import same_number_of, tax_percent_for
from inventory.services.supplierinvoicelines import NewCost, restate, write_lines

# A worker has no name.
_PEOPLE = {"created_by", "approved_by"}


class SupplierInvoiceValues(TypedDict, total=False):
    """The plain values of a supplier invoice. Without dates it is dated today and due as the
    supplier's days say. `allows_same_number`: somebody looked, and it is another invoice.
    """

    type: str
    number: str
    dated_on: date
    due_on: date | None
    tax_mode: str
    notes: str
    allows_same_number: bool


@transaction.atomic
def draft_supplier_invoice(
    *,
    supplier: Supplier,
    by: User | None,
    lines: Sequence[NewCost] = (),
    **values: Unpack[SupplierInvoiceValues],
) -> SupplierInvoice:
    """A draft. Raises ValidationError for what cannot be, and for a number that is there already
    unless it is allowed.
    """
    organization = supplier.organization
    values.setdefault("dated_on", today_for(organization))
    invoice = SupplierInvoice(organization=organization, supplier=supplier, created_by=by)
    _set(invoice, values)
    invoice.save()
    write_lines(invoice, lines)
    return _kept(invoice)


@transaction.atomic
def change_supplier_invoice(
    *,
    invoice: SupplierInvoice,
    by: User | None,
    lines: Sequence[NewCost] | None = None,
    **values: Unpack[SupplierInvoiceValues],
) -> SupplierInvoice:
    """Change terms and lines; an approved one follows to the books. Raises ValidationError when it
    is void or the books have paid more of it than it would come to.
    """
    invoice = locked_supplier_invoice(invoice)
    if invoice.is_void:
        raise ValidationError("It is void and stays as it is.")
    paid = invoice.paid
    _set(invoice, values)
    if lines is not None:
        write_lines(invoice, lines)
    invoice = _kept(invoice, paid=paid)
    if invoice.is_approved:
        _refuse_nothing(invoice)
        record_change(invoice, by=by)
    return invoice


@transaction.atomic
def approve_supplier_invoice(*, invoice: SupplierInvoice, by: User | None) -> SupplierInvoice:
    """It counts from now on: recorded for the books. Raises ValidationError when it comes to
    nothing, or its day is closed in the books. Again is harmless.
    """
    invoice = locked_supplier_invoice(invoice)
    if invoice.is_approved:
        return invoice
    if invoice.is_void:
        raise ValidationError("It is void. Enter it anew.")
    _refuse_nothing(invoice)
    if why := why_closed(invoice.organization, invoice.dated_on):
        raise ValidationError(why)
    invoice.status = SupplierInvoiceStatus.APPROVED
    invoice.approved_at, invoice.approved_by = timezone.now(), by
    invoice.save()
    record_change(invoice, by=by)
    return invoice


@transaction.atomic
def void_supplier_invoice(*, invoice: SupplierInvoice, by: User | None) -> SupplierInvoice:
    """Worth nothing from now on; follows to the books. Raises ValidationError while the books hold
    a payment of it.
    """
    invoice = locked_supplier_invoice(invoice)
    if invoice.is_draft:
        raise ValidationError("This is a draft: delete it instead.")
    if invoice.is_void:
        return invoice
    if invoice.paid:
        what = "used" if invoice.is_credit else "paid"
        raise ValidationError(
            f"${invoice.paid:,.2f} of it is {what} in your books. Take that back there first."
        )
    invoice.status = SupplierInvoiceStatus.VOID
    invoice.voided_at = timezone.now()
    invoice.save()
    record_change(invoice, by=by)
    return invoice


@transaction.atomic
def delete_supplier_draft(*, invoice: SupplierInvoice, by: User | None) -> None:
    """Throw a draft away. Raises ValidationError once it was approved."""
    invoice = locked_supplier_invoice(invoice)
    if not invoice.is_draft:
        raise ValidationError("It has been approved: void it instead, so that your books follow.")
    invoice.delete()


@transaction.atomic
def record_owed_for_supplier_invoice(
    *, invoice: SupplierInvoice, owed: Decimal, origin: str
) -> SupplierInvoice:
    """Keep what the books say is still owed of it. Nothing is sent back."""
    invoice = locked_supplier_invoice(invoice)
    invoice.still_owed = owed
    invoice.is_settled = not owed
    if owed:
        invoice.paid_on = None
    invoice.save(update_fields=["still_owed", "is_settled", "paid_on"])
    record_change(invoice, by=None, origin=origin)
    return invoice


@transaction.atomic
def record_payment_day_of_supplier_invoice(
    *, invoice: SupplierInvoice, paid_on: date, origin: str
) -> SupplierInvoice:
    """Keep the day of the newest payment in the books. Nothing is sent back."""
    invoice = locked_supplier_invoice(invoice)
    invoice.paid_on = paid_on
    invoice.save(update_fields=["paid_on"])
    record_change(invoice, by=None, origin=origin)
    return invoice


def locked_supplier_invoice(invoice: SupplierInvoice) -> SupplierInvoice:
    """The row as it stands now, held until the transaction ends."""
    rows = SupplierInvoice.objects.filter(organization=invoice.organization_id)
    related = rows.select_related("organization", "supplier__expense_account")
    return related.select_for_update(of=("self",)).get(pk=invoice.pk)


def _set(invoice: SupplierInvoice, values: SupplierInvoiceValues) -> None:
    given = dict(values)
    allows_same_number = given.pop("allows_same_number", False)
    before = (invoice.type, invoice.number) if invoice.pk else None
    for name, value in given.items():
        setattr(invoice, name, value)
    invoice.clean_fields(exclude={"subtotal", "tax", "total", *_PEOPLE})
    if invoice.type == SupplierInvoiceType.CREDIT:
        invoice.due_on = None
    elif invoice.due_on is None:
        invoice.due_on = invoice.dated_on + timedelta(days=invoice.supplier.payment_days)
    if invoice.due_on is not None and invoice.due_on < invoice.dated_on:
        raise ValidationError({"due_on": "The due date is before the date of the invoice."})
    invoice.tax_percent = tax_percent_for(invoice.organization, invoice.dated_on)
    is_new = before != (invoice.type, invoice.number)
    if is_new and not allows_same_number and (known := _known_as(invoice)):
        message = f"{known} already. If this is another one, tick the box below and save again."
        raise ValidationError({"number": ValidationError(message, code="same_number")})


def _known_as(invoice: SupplierInvoice) -> str:
    """What is there under this number, here or (asked of the higher storey that settings name) on
    a job; empty when nothing is.
    """
    other = same_number_of(invoice)
    if other is not None:
        total = f"${other.total:,.2f}"
        return f"{other} of {other.supplier}, {other.dated_on:%d %b %Y}, {total}, is entered"
    if invoice.type == SupplierInvoiceType.CREDIT or not invoice.number:
        return ""
    find = import_string(settings.SUPPLIER_NUMBER_ELSEWHERE)
    found: str = find(supplier=invoice.supplier, number=invoice.number)
    return found


def _kept(invoice: SupplierInvoice, *, paid: Decimal = ZERO) -> SupplierInvoice:
    restate(invoice)
    if invoice.total < paid:
        raise ValidationError(
            f"The books have paid ${paid:,.2f} of it, so it cannot come to"
            f" ${invoice.total:,.2f}. Take the payment back there first."
        )
    if invoice.still_owed is not None:
        invoice.still_owed = invoice.total - paid
        invoice.is_settled = not invoice.still_owed
    invoice.full_clean(exclude=_PEOPLE)
    invoice.save()
    index_for_search(invoice)
    return invoice


def _refuse_nothing(invoice: SupplierInvoice) -> None:
    if invoice.total <= 0:
        raise ValidationError("It comes to nothing: add a line with a cost first.")
