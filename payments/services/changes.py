"""Amending and voiding what has been issued: new versions, which follow to the books."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from ascora.common.money import ZERO
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import User
from jobs.services.texts import refuse_long_texts
from payments.models import Invoice, InvoiceStatus, InvoiceVersion
from payments.services.invoices import InvoiceValues
from payments.services.lines import (
    NewLine,
    credit_used_on,
    locked_invoice,
    restate,
    standing_allocations_of,
    write_lines,
)
from payments.services.prices import within_fixed_prices
from payments.services.refusals import Refused
from payments.services.versions import document_of, keep_version


@transaction.atomic
def amend_invoice(
    *,
    invoice: Invoice,
    reason: str,
    by: User | None,
    lines: Sequence[NewLine] | None = None,
    allows_more: bool = False,
    **values: Unpack[InvoiceValues],
) -> Invoice:
    """Change an issued invoice: a new version with the reason, which follows to the books.

    Refused without a reason, when nothing changes, when it is void, and when it would come to less
    than what
    payments have settled of it. Its tax mode, tax rate and surcharge lines stay. Raises OverPrice
    when claims would come to more than a fixed price and nobody `allows_more`.
    """
    invoice = _locked_issued(invoice)
    if not reason.strip():
        raise Refused("Say why the invoice is amended: its history shows it.")
    before = document_of(invoice)
    with within_fixed_prices(invoice, allows_more=allows_more):
        _set_values(invoice, values)
        if lines is not None:
            write_lines(invoice, lines)
        restate(invoice)
    if document_of(invoice) == before:
        raise Refused("Nothing was changed.")
    invoice.version += 1
    invoice.save()
    keep_version(invoice, reason=reason.strip(), by=by)
    record_change(invoice, by=by)
    index_for_search(invoice)
    return invoice


@transaction.atomic
def void_invoice(*, invoice: Invoice, reason: str, by: User | None) -> Invoice:
    """Worth nothing from now on, number kept; the work on it can be invoiced again. Follows to the
    books.

    Refused while payments stand on it.
    """
    invoice = _locked_issued(invoice)
    paid = standing_allocations_of(invoice)
    if paid:
        settled = sum((allocation.amount for allocation in paid), ZERO)
        raise Refused(
            f"Payments have settled ${settled:,.2f} of {invoice.number}. Reverse them first,"
            " then void it."
        )
    if credit := credit_used_on(invoice):
        raise Refused(
            f"Credit notes have settled ${credit:,.2f} of {invoice.number}. Take that back first,"
            " then void it."
        )
    make_void(invoice)
    invoice.save()
    keep_version(invoice, reason=reason.strip() or "Voided", by=by)
    record_change(invoice, by=by)
    return invoice


def make_void(invoice: Invoice) -> None:
    """Set the row to void and release its lines; the caller saves the row, keeps a version and
    records it.
    """
    now = timezone.now()
    invoice.lines.filter(released_at=None).update(released_at=now)
    invoice.voided_at = now
    invoice.status = InvoiceStatus.VOID
    invoice.subtotal = invoice.tax = invoice.total = Decimal(0)
    invoice.amount_paid = invoice.balance = Decimal(0)
    invoice.version += 1


def _locked_issued(invoice: Invoice) -> Invoice:
    invoice = locked_invoice(invoice)
    if invoice.is_draft:
        raise Refused("This is a draft: change it freely, or delete it.")
    if invoice.is_void:
        raise Refused(f"{invoice.number} is void and stays as it is.")
    return _with_first_version(invoice)


def _with_first_version(invoice: Invoice) -> Invoice:
    """An invoice that came from elsewhere has no copy of what it said before its first change."""
    versions = InvoiceVersion.objects.owned_by(invoice.organization).filter(invoice=invoice)
    if not versions.filter(version=invoice.version).exists():
        keep_version(invoice, reason="Issued", by=None)
    return invoice


def _set_values(invoice: Invoice, values: InvoiceValues) -> None:
    invoice.issued_on = values.get("issued_on") or invoice.issued_on
    invoice.due_on = values.get("due_on") or invoice.due_on
    invoice.summary = values.get("summary", invoice.summary)
    invoice.purchase_order = values.get("purchase_order", invoice.purchase_order)
    if invoice.due_on < invoice.issued_on:
        raise Refused("The due date is before the invoice date.")
    refuse_long_texts(invoice)
