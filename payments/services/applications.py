"""Using credit notes for invoices, and taking that back: a record of its own, never a delete."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ascora.common.money import ZERO, to_cents, total_of
from ascora.outbox.services import record_change
from ascora.tenancy.models import User
from ascora.tenancy.selectors import today_for
from payments.models import (
    CreditApplication,
    CreditNote,
    CreditPart,
    CreditReversal,
    Invoice,
    PaymentOrigin,
)
from payments.services.creditstanding import (
    locked_credit_note,
    locked_credit_notes,
    refuse_unusable,
    restate_credit,
)
from payments.services.lines import locked_invoices, restate
from payments.services.refusals import Refused

Pair = tuple[CreditNote, Invoice | None]


@transaction.atomic
def apply_credit_note(
    *,
    credit_note: CreditNote,
    allocations: Mapping[Invoice, Decimal],
    by: User | None,
    applied_on: date | None = None,
) -> CreditApplication:
    """Settle open invoices of the same customer from what is left of a credit note."""
    credit_note = locked_credit_note(credit_note)
    refuse_unusable(credit_note)
    wanted = {
        invoice: to_cents(allocations[invoice])
        for invoice in locked_invoices(allocations)
        if allocations[invoice]
    }
    _check(credit_note, wanted)
    application = CreditApplication.objects.create(
        organization=credit_note.organization,
        customer=credit_note.customer,
        applied_on=applied_on or today_for(credit_note.organization),
        created_by=by,
    )
    use_parts(application, {(credit_note, invoice): part for invoice, part in wanted.items()})
    record_change(application, by=by)
    return application


def _check(credit_note: CreditNote, wanted: Mapping[Invoice, Decimal]) -> None:
    if not wanted:
        raise Refused("Enter what each invoice takes of it.")
    for invoice, amount in wanted.items():
        _check_part(credit_note, invoice, amount)
    if total_of(wanted.values()) > credit_note.remaining:
        raise Refused(f"Only ${credit_note.remaining:,.2f} of {credit_note} is left.")


def _check_part(credit_note: CreditNote, invoice: Invoice, amount: Decimal) -> None:
    if invoice.customer_id != credit_note.customer_id:
        raise Refused(f"{invoice} belongs to another customer.")
    if not invoice.is_open:
        raise Refused(f"{invoice} is {invoice.get_status_display().lower()}: nothing is owed.")
    if amount < 0:
        raise Refused(f"{invoice}: the amount cannot be less than nothing.")
    if amount > invoice.balance:
        raise Refused(f"{invoice}: only ${invoice.balance:,.2f} is owed.")


def use_parts(application: CreditApplication, parts: Mapping[Pair, Decimal]) -> None:
    """Write these parts and restate the held credit notes and invoices that they concern."""
    for (credit_note, invoice), amount in parts.items():
        CreditPart.objects.create(
            organization=application.organization,
            application=application,
            credit_note=credit_note,
            invoice=invoice,
            amount=amount,
        )
    restate_all({note for note, _ in parts}, {invoice for _, invoice in parts if invoice})


def restate_all(credit_notes: Iterable[CreditNote], invoices: Iterable[Invoice]) -> None:
    """State anew what is left of each, and save it; the caller holds the rows."""
    for credit_note in credit_notes:
        if not credit_note.is_void:
            restate_credit(credit_note)
            _save_standing(credit_note)
    for invoice in invoices:
        restate(invoice)
        invoice.save()


def _save_standing(credit_note: CreditNote) -> None:
    """Only what is used moved: the books hear of that from the application."""
    rows = CreditNote.objects.owned_by(credit_note.organization).filter(pk=credit_note.pk)
    standing: dict[str, Decimal] = {
        "amount_applied": credit_note.amount_applied,
        "amount_refunded": credit_note.amount_refunded,
        "remaining": credit_note.remaining,
    }
    rows.update(**standing)


@transaction.atomic
def reverse_application(
    *, application: CreditApplication, reason: str, by: User | None
) -> CreditReversal:
    """Un-apply: its invoices are owed again and the credit can be used again.

    Refused where it belongs to a refund, or to a payment that the books hold with it.
    """
    if application.refund_id is not None:
        raise Refused("This credit was paid out. Take the refund back instead.")
    if application.payment is not None:
        raise Refused(
            f"In your books this credit was used together with {str(application.payment).lower()}."
            " Take it back there, or reverse that payment."
        )
    release(application)
    reversal = note_reversal(reason, by, application=application)
    record_change(application, by=by)
    return reversal


def release(application: CreditApplication) -> None:
    """Set its credit notes and invoices free. Refused when that happened already."""
    parts = application.parts.filter(released_at=None)
    used = list(parts.select_related("credit_note__organization", "invoice__organization"))
    notes = locked_credit_notes({part.credit_note for part in used})
    now = timezone.now()
    rows = CreditApplication.objects.owned_by(application.organization)
    if not rows.filter(pk=application.pk, reversed_at=None).update(reversed_at=now):
        raise Refused("This has been taken back already.")
    invoices = locked_invoices({part.invoice for part in used if part.invoice})
    parts.update(released_at=now)
    restate_all(notes, invoices)
    application.reversed_at = now


def note_reversal(
    reason: str,
    by: User | None,
    *,
    application: CreditApplication,
    origin: PaymentOrigin = PaymentOrigin.ENTERED,
) -> CreditReversal:
    """Write down who took it back and why."""
    if origin == PaymentOrigin.ENTERED and not reason.strip():
        raise Refused("Say why it is taken back.")
    return CreditReversal.objects.create(
        organization=application.organization,
        application=application,
        reversed_on=today_for(application.organization),
        reason=reason.strip()[:200],
        origin=origin,
        made_by=by,
    )


def paired(
    uses: Mapping[CreditNote, Decimal], settles: Mapping[Invoice, Decimal]
) -> dict[Pair, Decimal]:
    """Which credit note settles which invoice, in order, as far as both reach."""
    pairs: dict[Pair, Decimal] = {}
    left = dict(settles)
    for credit_note, credit in uses.items():
        for invoice in settles:
            part = min(credit, left[invoice])
            if part > ZERO:
                pairs[credit_note, invoice] = part
                credit -= part  # noqa: PLW2901
                left[invoice] -= part
    return pairs
