"""Credit as the books have used it: recorded here as it stands there, never sent back."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.money import ZERO, to_cents
from ascora.outbox.services import record_change
from jobs.models import Customer
from payments.models import (
    CreditApplication,
    CreditNote,
    CreditPart,
    Invoice,
    Payment,
    PaymentOrigin,
)
from payments.services.applications import (
    Pair,
    note_reversal,
    paired,
    release,
    restate_all,
    use_parts,
)
from payments.services.creditstanding import locked_credit_notes
from payments.services.lines import locked_invoices


class FoundUse(TypedDict):
    """Credit as the books use it. `uses` says what of our credit notes, `settles` what of our
    invoices; positive. `payment` is money that came with it.
    """

    customer: Customer
    applied_on: date
    uses: Mapping[CreditNote, Decimal]
    settles: Mapping[Invoice, Decimal]
    payment: Payment | None


@transaction.atomic
def record_external_application(
    *, origin: str, application: CreditApplication | None, **found: Unpack[FoundUse]
) -> CreditApplication | None:
    """Create or change the use of credit to what the books say; the same again changes nothing.

    Never raises on odd data: what an invoice does not owe or a credit note does not hold stays
    unused. None where nothing of it can be used. One that was taken back here stays so.
    """
    if application is not None and application.is_reversed:
        return application
    before = _standing(application)
    notes = locked_credit_notes({*found["uses"], *(part.credit_note for part in before)})
    invoices = locked_invoices(
        {*found["settles"], *(part.invoice for part in before if part.invoice)}
    )
    parts = _parts(notes, invoices, before, found)
    if _says(before, parts) or not (parts or application):
        return application
    kept = application or _new(found)
    _release_parts(before)
    use_parts(kept, parts)
    restate_all(notes, invoices)
    record_change(kept, by=None, origin=origin)
    return kept


def keep_credit_account(*, credit_note: CreditNote, remote_id: str) -> None:
    """Note where its lines stand in the books, whatever the accounting settings say later."""
    accounts = LedgerAccount.objects.owned_by(credit_note.organization)
    account = accounts.filter(remote_id=remote_id).first()
    if account is not None and account.pk != credit_note.books_account_id:
        rows = CreditNote.objects.owned_by(credit_note.organization)
        rows.filter(pk=credit_note.pk).update(books_account=account)


@transaction.atomic
def reverse_external_application(
    *, application: CreditApplication, reason: str, origin: str
) -> CreditApplication:
    """The books no longer use this credit. Again changes nothing; never sent back."""
    if application.is_reversed:
        return application
    release(application)
    note_reversal(reason, None, application=application, origin=PaymentOrigin.BOOKS)
    record_change(application, by=None, origin=origin)
    return application


def _standing(application: CreditApplication | None) -> list[CreditPart]:
    if application is None:
        return []
    parts = application.parts.filter(released_at=None)
    return list(parts.select_related("credit_note__organization", "invoice__organization"))


def _parts(
    notes: Iterable[CreditNote],
    invoices: Iterable[Invoice],
    before: Iterable[CreditPart],
    found: FoundUse,
) -> dict[Pair, Decimal]:
    """Which note settles which invoice: no more than there is on either side."""
    before = list(before)
    held = {note: _held(note, before) for note in notes}
    owed = {invoice: _owed(invoice, before) for invoice in invoices}
    uses = {
        note: min(to_cents(found["uses"].get(note, ZERO)), credit) for note, credit in held.items()
    }
    settles = {
        invoice: min(to_cents(found["settles"].get(invoice, ZERO)), debt)
        for invoice, debt in owed.items()
    }
    return paired(uses, settles)


def _held(note: CreditNote, before: Iterable[CreditPart]) -> Decimal:
    own = sum((part.amount for part in before if part.credit_note_id == note.pk), ZERO)
    return ZERO if note.is_draft or note.is_void else note.remaining + own


def _owed(invoice: Invoice, before: Iterable[CreditPart]) -> Decimal:
    own = sum((part.amount for part in before if part.invoice_id == invoice.pk), ZERO)
    return ZERO if invoice.is_draft or invoice.is_void else invoice.balance + own


def _says(before: Iterable[CreditPart], parts: Mapping[Pair, Decimal]) -> bool:
    here = {(part.credit_note_id, part.invoice_id): part.amount for part in before}
    there = {(note.pk, invoice.pk if invoice else None): a for (note, invoice), a in parts.items()}
    return here == there


def _new(found: FoundUse) -> CreditApplication:
    application = CreditApplication(
        organization=found["customer"].organization,
        customer=found["customer"],
        applied_on=found["applied_on"],
        payment=found["payment"],
        origin=PaymentOrigin.BOOKS,
    )
    application.save()
    return application


def _release_parts(before: Iterable[CreditPart]) -> None:
    now = timezone.now()
    for part in before:
        part.released_at = now
        part.save(update_fields=["released_at"])
