"""Reading credit notes, what of them is used, refunds, and the credit of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.shortcuts import get_object_or_404

from ascora.chart.models import AccountKind, LedgerAccountQuerySet
from ascora.chart.selectors import accounts_for
from ascora.common.money import ZERO
from ascora.search.services import matching
from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer
from payments.models import (
    CreditApplication,
    CreditNote,
    CreditNoteLine,
    CreditNoteStatus,
    CreditPart,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
    Refund,
)
from payments.models.credits import CreditNoteQuerySet
from payments.selectors.invoices import lines_shown_of


@dataclass(frozen=True, slots=True)
class CreditableLine:
    """A line of an invoice and how much of it no credit note has given back yet."""

    line: InvoiceLine
    quantity: Decimal


def credit_notes_for(organization: Organization) -> CreditNoteQuerySet:
    """All credit notes of the business, drafts and void ones too."""
    found: CreditNoteQuerySet = CreditNote.objects.filter(organization=organization)
    return found.select_related("customer", "invoice")


def credit_note_for(organization: Organization, public_id: UUID) -> CreditNote:
    """One credit note; Http404 when the business has no such one."""
    rows = credit_notes_for(organization).select_related("organization", "customer", "invoice")
    return get_object_or_404(rows, public_id=public_id)


def credit_notes_matching(
    credit_notes: CreditNoteQuerySet, organization: Organization, typed: str
) -> CreditNoteQuerySet:
    """Credit notes in which every typed word is the beginning of some word."""
    return matching(credit_notes, organization, typed)  # type: ignore[return-value]


def credit_notes_narrowed(credit_notes: CreditNoteQuerySet, shown: str) -> CreditNoteQuerySet:
    """As the list's filter says: a status, or `left`."""
    if shown == "left":
        return credit_notes.with_credit()
    return credit_notes.filter(status=shown)


def credit_notes_of_customer(customer: Customer) -> CreditNoteQuerySet:
    """A customer's credit notes, newest first."""
    return credit_notes_for(customer.organization).filter(customer=customer)


def credit_notes_of_invoice(invoice: Invoice) -> CreditNoteQuerySet:
    """What has been credited of an invoice, drafts too, void ones not."""
    rows = credit_notes_for(invoice.organization).filter(invoice=invoice)
    return rows.exclude(status=CreditNoteStatus.VOID)


def credit_lines_of(credit_note: CreditNote) -> list[CreditNoteLine]:
    """Its lines, in order."""
    lines = CreditNoteLine.objects.owned_by(credit_note.organization)
    return list(lines.filter(credit_note=credit_note).select_related("invoice_line"))


def creditable_lines_of(invoice: Invoice) -> list[CreditableLine]:
    """The lines of an issued invoice with what of them can still be given back; not what paying in
    cash rounded off, which is no income.
    """
    given = (
        CreditNoteLine.objects.owned_by(invoice.organization)
        .filter(credit_note__invoice=invoice)
        .exclude(credit_note__status=CreditNoteStatus.VOID)
        .values_list("invoice_line")
        .annotate(sum=Sum("quantity"))
    )
    back = dict(given.order_by())
    return [
        CreditableLine(line, max(line.quantity - back.get(line.pk, Decimal(0)), Decimal(0)))
        for line in lines_shown_of(invoice)
        if line.kind != LineKind.ROUNDING
    ]


def credit_used_of(credit_note: CreditNote) -> OwnedQuerySet[CreditPart]:
    """What of a credit note is used, and was used once."""
    parts = CreditPart.objects.owned_by(credit_note.organization).filter(credit_note=credit_note)
    return parts.select_related(
        "invoice", "application__refund__paid_from", "application__reversal"
    ).order_by("pk")


def credit_used_for(invoice: Invoice) -> OwnedQuerySet[CreditPart]:
    """What credit notes settle of an invoice, and settled once."""
    parts = CreditPart.objects.owned_by(invoice.organization).filter(invoice=invoice)
    return parts.select_related("credit_note", "application").order_by("pk")


def credit_use_for(organization: Organization, public_id: UUID) -> CreditApplication:
    """One use of credit; Http404 when the business has no such one."""
    rows = CreditApplication.objects.owned_by(organization).select_related(
        "organization", "customer", "payment", "refund", "created_by", "reversal__made_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def parts_of_credit_use(application: CreditApplication) -> Sequence[CreditPart]:
    """Which credit note went to which invoice."""
    parts = CreditPart.objects.owned_by(application.organization).filter(application=application)
    if not application.is_reversed:
        parts = parts.filter(released_at=None)
    return list(parts.select_related("credit_note", "invoice").order_by("pk"))


def refund_for(organization: Organization, public_id: UUID) -> Refund:
    """One refund; Http404 when the business has no such one."""
    rows = Refund.objects.owned_by(organization).select_related(
        "organization",
        "customer",
        "credit_note",
        "payment",
        "paid_from",
        "created_by",
        "application",
        "reversal__made_by",
    )
    return get_object_or_404(rows, public_id=public_id)


def refunds_of_payment(payment: Payment) -> list[Refund]:
    """What of a payment was paid out again, and was once."""
    rows = Refund.objects.owned_by(payment.organization).filter(payment=payment)
    return list(rows.select_related("paid_from").order_by("pk"))


def credit_on_notes_of(customer: Customer) -> Decimal:
    """What is left of a customer's credit notes."""
    left = credit_notes_of_customer(customer).with_credit().aggregate(sum=Sum("remaining"))
    return left["sum"] or ZERO


def bank_accounts_for(organization: Organization) -> LedgerAccountQuerySet:
    """What a refund may be paid from."""
    return accounts_for(organization, AccountKind.BANK)
