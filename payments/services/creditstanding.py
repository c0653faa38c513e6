"""Holding credit notes, and stating what they come to and what is left of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ascora.common.money import line_amount, total_of
from payments.models import (
    CreditNote,
    CreditNoteLine,
    CreditNoteStatus,
    CreditPart,
    InvoiceLine,
)
from payments.services.lines import LARGEST_AMOUNT
from payments.services.refusals import Refused
from payments.totals import invoice_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCreditLine:
    """A line as somebody wants it. The price is per unit in the credit note's tax mode.

    `invoice_line` is the line of the invoice that it gives back.
    """

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    is_taxed: bool = True
    invoice_line: InvoiceLine | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity times price in whole cents."""
        return line_amount(self.quantity, self.unit_price)


def locked_credit_note(credit_note: CreditNote) -> CreditNote:
    """The row as it stands now, held until the transaction ends."""
    return locked_credit_notes([credit_note])[0]


def locked_credit_notes(credit_notes: Iterable[CreditNote]) -> list[CreditNote]:
    """The rows as they stand now, held in the order of their keys, and before any invoice, so that
    no two wait for each other.
    """
    wanted = list(credit_notes)
    if not wanted:
        return []
    rows = CreditNote.objects.owned_by(wanted[0].organization)
    related = rows.select_related("organization", "customer", "invoice").order_by("pk")
    return list(related.select_for_update(of=("self",)).filter(pk__in=[note.pk for note in wanted]))


def write_credit_lines(credit_note: CreditNote, wanted: Sequence[NewCreditLine]) -> None:
    """Make the draft say these lines."""
    for line in wanted:
        _check_line(line)
    credit_note.lines.all().delete()
    CreditNoteLine.objects.bulk_create(
        CreditNoteLine(
            organization=credit_note.organization,
            credit_note=credit_note,
            position=position,
            description=line.description.strip(),
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
            is_taxed=line.is_taxed,
            invoice_line=line.invoice_line,
        )
        for position, line in enumerate(wanted, 1)
    )


def _check_line(line: NewCreditLine) -> None:
    if not line.description.strip():
        raise Refused("Every line needs a description.")
    if abs(line.amount) >= LARGEST_AMOUNT:
        raise Refused("A line comes to $100,000,000 or more. Check quantity and price.")


def restate_credit(credit_note: CreditNote) -> None:
    """Set totals, what is used and what is left from its lines and parts. Saves nothing.

    The only place that derives them. Refused when it would come to less than nothing.
    """
    totals = invoice_totals(
        credit_note.lines.all(), percent=credit_note.tax_percent, mode=credit_note.tax_mode
    )
    if totals.total < 0:
        raise Refused("A credit note cannot come to less than nothing.")
    standing = standing_parts_of(credit_note)
    credit_note.subtotal, credit_note.tax = totals.subtotal, totals.tax
    credit_note.total = totals.total
    credit_note.amount_applied = total_of(part.amount for part in standing if part.invoice_id)
    credit_note.amount_refunded = total_of(part.amount for part in standing if not part.invoice_id)
    used = credit_note.amount_applied + credit_note.amount_refunded
    credit_note.remaining = totals.total - used
    credit_note.status = CreditNoteStatus.ISSUED if credit_note.number else CreditNoteStatus.DRAFT


def standing_parts_of(credit_note: CreditNote) -> list[CreditPart]:
    """What of it is used now."""
    return list(credit_note.parts.filter(released_at=None))


def refuse_unusable(credit_note: CreditNote) -> None:
    """A draft and a void one have nothing to give."""
    if credit_note.is_draft:
        raise Refused("This is a draft: issue it first.")
    if credit_note.is_void:
        raise Refused(f"{credit_note} is void and worth nothing.")
