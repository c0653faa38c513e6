"""Credit notes: by hand or for an invoice, free to change until issued; then void and reissue."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.common.money import ZERO, total_of
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import User
from ascora.tenancy.numbering import take_number
from ascora.tenancy.selectors import today_for
from jobs.models import Customer
from jobs.services.texts import refuse_long_texts
from payments.models import CreditNote, CreditNoteStatus, Invoice, TaxMode
from payments.selectors import tax_percent_for
from payments.services.closed import refuse_closed_day
from payments.services.creditstanding import (
    NewCreditLine,
    locked_credit_note,
    restate_credit,
    standing_parts_of,
    write_credit_lines,
)
from payments.services.lines import locked_invoice
from payments.services.refusals import Refused


class CreditNoteValues(TypedDict, total=False):
    """The plain values of a credit note. Without a date it is dated today."""

    issued_on: date | None
    tax_mode: str
    reason: str


@transaction.atomic
def draft_credit_note(
    *,
    customer: Customer,
    by: User | None,
    lines: Sequence[NewCreditLine] = (),
    **values: Unpack[CreditNoteValues],
) -> CreditNote:
    """A draft by hand."""
    today = today_for(customer.organization)
    credit_note = CreditNote(
        organization=customer.organization, customer=customer, issued_on=today, created_by=by
    )
    return _keep_draft(credit_note, lines, values)


@transaction.atomic
def draft_credit_for_invoice(
    *, invoice: Invoice, by: User | None, lines: Sequence[NewCreditLine], reason: str = ""
) -> CreditNote:
    """A draft that gives back lines of an issued invoice, at the invoice's prices and tax rate."""
    if invoice.is_draft or invoice.is_void:
        raise Refused("Only an issued invoice can be credited.")
    if not lines:
        raise Refused("Choose what is credited.")
    credit_note = CreditNote(
        organization=invoice.organization,
        customer=invoice.customer,
        invoice=invoice,
        issued_on=today_for(invoice.organization),
        created_by=by,
    )
    values = CreditNoteValues(tax_mode=invoice.tax_mode, reason=reason)
    return _keep_draft(credit_note, lines, values)


@transaction.atomic
def change_credit_draft(
    *,
    credit_note: CreditNote,
    by: User | None,
    lines: Sequence[NewCreditLine],
    **values: Unpack[CreditNoteValues],
) -> CreditNote:
    """Change the values and the lines of a draft."""
    return _keep_draft(_locked_draft(credit_note), lines, values)


@transaction.atomic
def delete_credit_draft(*, credit_note: CreditNote, by: User | None) -> None:
    """Throw a draft away. It never had a number."""
    _locked_draft(credit_note).delete()


@transaction.atomic
def issue_credit_note(
    *, credit_note: CreditNote, by: User | None, issued_on: date | None = None
) -> CreditNote:
    """Give it its number, freeze it, and record it for the books.

    Refused when it comes to nothing, on a day that is closed in the books, or when it gives back
    more of its invoice than that came to.
    """
    credit_note = _locked_draft(credit_note)
    credit_note.issued_on = issued_on or credit_note.issued_on
    refuse_closed_day(credit_note.organization, credit_note.issued_on)
    credit_note.tax_percent = _percent_of(credit_note)
    restate_credit(credit_note)
    if not credit_note.total:
        raise Refused("This credit note comes to nothing yet. Add a line first.")
    _refuse_too_much(credit_note)
    credit_note.number = take_number(credit_note.organization, kind="credit_note")
    credit_note.issued_at = timezone.now()
    restate_credit(credit_note)
    credit_note.save()
    record_change(credit_note, by=by)
    index_for_search(credit_note)
    return credit_note


@transaction.atomic
def void_credit_note(*, credit_note: CreditNote, reason: str, by: User | None) -> CreditNote:
    """Worth nothing from now on, number kept; follows to the books.

    Refused while any of it is used.
    """
    credit_note = locked_credit_note(credit_note)
    if credit_note.is_draft:
        raise Refused("This is a draft: change it freely, or delete it.")
    if credit_note.is_void:
        raise Refused(f"{credit_note} is void already.")
    used = total_of(part.amount for part in standing_parts_of(credit_note))
    if used:
        raise Refused(
            f"${used:,.2f} of {credit_note} has been used. Take that back first, then void it."
        )
    credit_note.status = CreditNoteStatus.VOID
    credit_note.voided_at = timezone.now()
    credit_note.void_reason = reason.strip()[:200]
    credit_note.subtotal = credit_note.tax = credit_note.total = Decimal(0)
    credit_note.amount_applied = credit_note.amount_refunded = Decimal(0)
    credit_note.remaining = Decimal(0)
    credit_note.save()
    record_change(credit_note, by=by)
    return credit_note


def _keep_draft(
    credit_note: CreditNote, lines: Sequence[NewCreditLine], values: CreditNoteValues
) -> CreditNote:
    credit_note.issued_on = values.get("issued_on") or credit_note.issued_on
    credit_note.tax_mode = TaxMode(values.get("tax_mode") or credit_note.tax_mode)
    credit_note.reason = values.get("reason", credit_note.reason).strip()
    credit_note.tax_percent = _percent_of(credit_note)
    refuse_long_texts(credit_note)
    credit_note.save()
    write_credit_lines(credit_note, lines)
    restate_credit(credit_note)
    credit_note.save()
    index_for_search(credit_note)
    return credit_note


def _percent_of(credit_note: CreditNote) -> Decimal:
    """The invoice's rate, because that tax is given back; without an invoice that of the day."""
    if credit_note.invoice is not None:
        percent: Decimal = credit_note.invoice.tax_percent
        return percent
    return tax_percent_for(credit_note.organization, credit_note.issued_on)


def _locked_draft(credit_note: CreditNote) -> CreditNote:
    credit_note = locked_credit_note(credit_note)
    if not credit_note.is_draft:
        raise Refused(
            f"{credit_note} has been issued already and stays as it is. Void it and write another."
        )
    return credit_note


def _refuse_too_much(credit_note: CreditNote) -> None:
    """All credit notes of an invoice together give back no more than it came to."""
    if credit_note.invoice is None:
        return
    invoice = locked_invoice(credit_note.invoice)
    others = invoice.credit_notes.filter(status=CreditNoteStatus.ISSUED)
    can_be = invoice.total - total_of(note.total for note in others)
    if credit_note.total > can_be:
        raise Refused(
            f"Of {invoice} ${max(can_be, ZERO):,.2f} can still be credited, this comes to"
            f" ${credit_note.total:,.2f}. Take less of it, or write a credit note by hand."
        )
