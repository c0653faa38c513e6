"""What credit notes and refunds move. The use of credit moves nothing: both sides are
receivables.
"""

from collections.abc import Iterator
from functools import partial

from integrations.posting import Posting, credit_note_postings, refund_postings
from integrations.reconcile.source import Source, unless_unplaced
from integrations.snapshots.charges import incomes_of
from integrations.snapshots.creditnotes import placed_credit_lines
from payments.models import CreditNote, Refund


def credit_note_movements(source: Source) -> Iterator[Posting]:
    """Of every credit note that belongs in the books."""
    for credit_note in _credit_notes(source):
        yield from unless_unplaced(partial(_of, source, credit_note))


def refund_movements(source: Source) -> Iterator[Posting]:
    """Of every refund that stands and belongs in the books."""
    refunds = Refund.objects.owned_by(source.organization).filter(reversed_at=None)
    old = source.asked_for("payments.refund")
    there = {note.pk for note in _credit_notes(source)}
    for refund in refunds.select_related("paid_from"):
        is_due = refund.paid_on >= source.books.cut_off_on or refund.pk in old
        if is_due and (refund.credit_note_id is None or refund.credit_note_id in there):
            yield from refund_postings(
                refund.amount,
                paid_from_id=refund.paid_from.remote_id,
                receivable_id=source.receivable_id,
            )


def _credit_notes(source: Source) -> list[CreditNote]:
    """Those of invoices from before the cut-off wait for a person."""
    cut_off_on = source.books.cut_off_on
    old, old_invoices = (
        source.asked_for("payments.creditnote"),
        source.asked_for("payments.invoice"),
    )
    issued = (
        CreditNote.objects.owned_by(source.organization)
        .issued()
        .select_related("invoice", "books_account")
    )
    return [
        note
        for note in issued
        if note.pk in old
        or (
            note.issued_on >= cut_off_on
            and (
                note.invoice is None
                or note.invoice.issued_on >= cut_off_on
                or note.invoice_id in old_invoices
            )
        )
    ]


def _of(source: Source, credit_note: CreditNote) -> tuple[Posting, ...]:
    incomes = incomes_of(placed_credit_lines(source.books, credit_note))
    tax = {source.books.tax_code_id(is_taxed=True): credit_note.tax} if credit_note.tax else {}
    return credit_note_postings(incomes, tax_by_code=tax, receivable_id=source.receivable_id)
