"""A credit note: its lines to the account M, its customer and its invoice first."""

from collections.abc import Sequence

from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations.contracts import CreditNoteDraft
from integrations.errors import BeforeCutOff
from integrations.links import link_of
from integrations.posting import Code, Placement, place_credit, refuse_unusable
from integrations.snapshots.charges import PlacedLine
from integrations.snapshots.lines import (
    TEXT,
    check_rates,
    check_tax_codes,
    each_line,
    gathered_lines,
    items_to_send,
)
from integrations.snapshots.outcomes import (
    Books,
    Remove,
    Requires,
    Send,
    Snapshot,
    Stays,
    income_code_of,
    is_in_books,
    is_to_be_taken_back,
)
from payments.models import CreditApplication, CreditNote, Invoice, TaxMode
from payments.selectors import credit_lines_of
from payments.totals import net_lines

_MEMO = 1000


def credit_note_snapshot(books: Books, credit_note: CreditNote, entry: OutboxEntry) -> Snapshot:
    """The books cannot void a credit note, so a void one is deleted there, after its uses."""
    link = link_of(books.connection, credit_note)
    if credit_note.is_draft:
        return Stays("A draft is not sent.")
    if credit_note.is_void:
        return _taken_back(books, credit_note)
    if link is None and credit_note.issued_on < books.cut_off_on and entry.asked_for_at is None:
        day = f"{books.cut_off_on:%d %b %Y}"
        return Stays(
            f"Dated before {day}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF
        )
    placed = placed_credit_lines(books, credit_note)
    refuse_unusable(line.placement for line in placed)
    check_tax_codes(books, placed)
    check_rates(books, credit_note, placed)
    missing = _missing(books, credit_note, placed)
    return Requires(missing) if missing else Send(_draft(books, credit_note, placed))


def placed_credit_lines(books: Books, credit_note: CreditNote) -> list[PlacedLine]:
    """Every line with its net amount, to the account M. Raises NeedsMapping."""
    lines = credit_lines_of(credit_note)
    nets = net_lines(lines, percent=credit_note.tax_percent, mode=credit_note.tax_mode)
    is_inclusive = credit_note.tax_mode == TaxMode.INCLUSIVE
    placement = placement_of_credit(books, credit_note)
    return [
        PlacedLine(line, net, line.amount if is_inclusive else None, placement)
        for line, net in zip(lines, nets, strict=True)
    ]


def placement_of_credit(books: Books, credit_note: CreditNote) -> Placement:
    """The account of its lines and why: where they stand, once sent. Raises NeedsMapping."""
    today, kept = books.settings.credit_note_account, credit_note.books_account
    if kept is None or kept.is_put_away or kept == today:
        return place_credit(income_code_of(today))
    return Placement(
        Code(id=kept.remote_id, code=kept.code, name=kept.name),
        "It was sent there before another code was chosen",
    )


def refuse_old_invoice(invoice: Invoice) -> None:
    """Nothing of an invoice from before the cut-off goes there unlinked. Raises BeforeCutOff."""
    entry = entry_for(invoice)
    if entry is None or entry.hold == Hold.BEFORE_CUT_OFF:
        raise BeforeCutOff(
            f"Invoice {invoice.number} is from before the cut-off: link it to the invoice that is"
            " already in the books, or send that invoice too."
        )


def _taken_back(books: Books, credit_note: CreditNote) -> Snapshot:
    uses = CreditApplication.objects.owned_by(credit_note.organization).filter(
        parts__credit_note=credit_note, reversed_at__isnull=False
    )
    waiting = tuple(use for use in uses.distinct() if is_to_be_taken_back(books, use))
    if waiting:
        return Requires(waiting)
    if is_in_books(link_of(books.connection, credit_note)):
        return Remove()
    return Stays("Void; nothing stands in the books.")


def _missing(
    books: Books, credit_note: CreditNote, placed: Sequence[PlacedLine]
) -> tuple[OwnedModel, ...]:
    missing: list[OwnedModel] = []
    if link_of(books.connection, credit_note.customer) is None:
        missing.append(credit_note.customer)
    invoice = credit_note.invoice
    if invoice is not None and not invoice.is_void and link_of(books.connection, invoice) is None:
        refuse_old_invoice(invoice)
        missing.append(invoice)
    return (*missing, *items_to_send(books, placed))


def _draft(books: Books, credit_note: CreditNote, placed: Sequence[PlacedLine]) -> CreditNoteDraft:
    customer = link_of(books.connection, credit_note.customer)
    summary = _summary(credit_note)
    pushes_lines = books.settings.pushes_lines
    return CreditNoteDraft(
        number=credit_note.number,
        customer_id=customer.remote_id if customer else "",
        issued_on=credit_note.issued_on,
        is_tax_inclusive=credit_note.tax_mode == TaxMode.INCLUSIVE,
        lines=each_line(books, placed) if pushes_lines else gathered_lines(books, placed, summary),
        subtotal=credit_note.subtotal,
        tax=credit_note.tax,
        total=credit_note.total,
        summary=summary if pushes_lines else "",
        memo=credit_note.reason[:_MEMO],
        marker=f"Ascora {credit_note.number}",
        email=credit_note.customer.email,
    )


def _summary(credit_note: CreditNote) -> str:
    """Which invoice it gives back, and why."""
    words = f"Credit for {credit_note.invoice}" if credit_note.invoice else "Credit"
    return f"{words}: {credit_note.reason}"[:TEXT] if credit_note.reason else words
