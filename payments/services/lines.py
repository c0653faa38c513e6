"""Writing the lines of an invoice, and stating what it comes to and what is left of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ascora.common.money import ZERO, line_amount, total_of
from inventory.models import Supply
from jobs.models import Expense, Job, JobSupply, LabourEntry
from payments.models import (
    ADDED_BY_PAYMENTS,
    Allocation,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    LineKind,
    PaymentMethod,
)
from payments.services.refusals import Refused
from payments.totals import invoice_totals

LARGEST_AMOUNT = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line as somebody wants it. The price is per unit in the invoice's tax mode; negative for a
    discount.

    `existing` is the line that it changes: what that charges for (its labour entry, supply or
    expense) stays with it. `job` is the one that it charges for; a claim takes its net amount of
    that job's fixed price.
    """

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    kind: str = LineKind.OTHER
    is_taxed: bool = True
    supply: Supply | None = None
    labour_entry: LabourEntry | None = None
    job_supply: JobSupply | None = None
    expense: Expense | None = None
    surcharge_method: PaymentMethod | None = None
    job: Job | None = None
    is_claim: bool = False
    claimed_percent: Decimal | None = None
    existing: InvoiceLine | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity times price in whole cents."""
        return line_amount(self.quantity, self.unit_price)


def locked_invoice(invoice: Invoice) -> Invoice:
    """The row as it stands now, held until the transaction ends."""
    return locked_invoices([invoice])[0]


def locked_invoices(invoices: Iterable[Invoice]) -> list[Invoice]:
    """The rows as they stand now, held in the order of their keys so that no two wait for each
    other.
    """
    wanted = list(invoices)
    if not wanted:
        return []
    rows = Invoice.objects.owned_by(wanted[0].organization)
    related = rows.select_related("organization", "customer__payment_term", "job").order_by("pk")
    return list(
        related.select_for_update(of=("self",)).filter(pk__in=[invoice.pk for invoice in wanted])
    )


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that count now, in order."""
    standing = invoice.lines.filter(released_at=None)
    return list(standing.select_related("surcharge_method", "job__organization"))


def write_lines(invoice: Invoice, wanted: Sequence[NewLine]) -> None:
    """Make the invoice say these lines. Those that payments added belong to them and stay, last.

    A line that is no longer wanted is deleted, which sets free the work that it charged for.
    """
    present = lines_of(invoice)
    kept = {line.existing.pk for line in wanted if line.existing is not None}
    surcharges = [line for line in present if line.kind in ADDED_BY_PAYMENTS]
    for line in present:
        if line.kind not in ADDED_BY_PAYMENTS and line.pk not in kept:
            line.delete()
    for position, new in enumerate(wanted, 1):
        _write_line(invoice, position, new)
    for position, surcharge in enumerate(surcharges, len(wanted) + 1):
        surcharge.position = position
        surcharge.save(update_fields=["position"])


def append_lines(invoice: Invoice, wanted: Sequence[NewLine]) -> list[InvoiceLine]:
    """Add these lines below the others."""
    below = len(lines_of(invoice)) + 1
    return [_write_line(invoice, position, line) for position, line in enumerate(wanted, below)]


def _write_line(invoice: Invoice, position: int, wanted: NewLine) -> InvoiceLine:
    _check_line(wanted)
    line = wanted.existing or InvoiceLine(
        organization=invoice.organization,
        invoice=invoice,
        kind=wanted.kind,
        supply=wanted.supply,
        labour_entry=wanted.labour_entry,
        job_supply=wanted.job_supply,
        expense=wanted.expense,
        surcharge_method=wanted.surcharge_method,
        job=wanted.job,
        claimed=ZERO if wanted.is_claim else None,
        claimed_percent=wanted.claimed_percent,
    )
    if line.pk and line.amount != wanted.amount:
        line.claimed_percent = None
    if {line.labour_entry_id, line.job_supply_id, line.expense_id, line.claimed} == {None}:
        line.books_account = line.books_account if line.kind == wanted.kind else None
        line.kind = wanted.kind
    line.position = position
    line.description = wanted.description.strip()
    line.quantity, line.unit_price = wanted.quantity, wanted.unit_price
    line.amount, line.is_taxed = wanted.amount, wanted.is_taxed
    line.save()
    return line


def _check_line(line: NewLine) -> None:
    if not line.description.strip():
        raise Refused("Every line needs a description.")
    if abs(line.amount) >= LARGEST_AMOUNT:
        raise Refused("A line comes to $100,000,000 or more. Check quantity and price.")


def restate(invoice: Invoice) -> None:
    """Set totals, what is paid, balance and status from its lines, its allocations and the credit
    used on it; and on each claim what it takes of its job's fixed price. Saves the claims, not the
    invoice.

    The only place that derives them. Refused when the invoice would come to less than nothing, or
    than what
    payments have settled of it.
    """
    lines = lines_of(invoice)
    totals = invoice_totals(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
    _restate_claims(invoice, lines)
    paid = total_of(invoice.allocations.filter(released_at=None).values_list("amount", flat=True))
    paid += credit_used_on(invoice)
    if totals.total < 0:
        raise Refused("An invoice cannot come to less than nothing.")
    if totals.total < paid:
        raise Refused(
            f"Payments and credits have settled ${paid:,.2f} of this invoice, so it cannot come"
            f" to ${totals.total:,.2f}. Reverse a payment first, or take a credit back."
        )
    invoice.subtotal, invoice.tax, invoice.total = totals.subtotal, totals.tax, totals.total
    invoice.amount_paid, invoice.balance = paid, totals.total - paid
    invoice.status = _status_of(invoice)


def _restate_claims(invoice: Invoice, lines: Iterable[InvoiceLine]) -> None:
    for line in lines:
        if line.claimed is None:
            continue
        alone = invoice_totals([line], percent=invoice.tax_percent, mode=invoice.tax_mode)
        if line.claimed != alone.subtotal:
            line.claimed = alone.subtotal
            line.save(update_fields=["claimed"])


def _status_of(invoice: Invoice) -> InvoiceStatus:
    if invoice.voided_at is not None:
        return InvoiceStatus.VOID
    if not invoice.number:
        return InvoiceStatus.DRAFT
    if not invoice.balance:
        return InvoiceStatus.PAID
    return InvoiceStatus.PART_PAID if invoice.amount_paid else InvoiceStatus.ISSUED


def standing_allocations_of(invoice: Invoice) -> list[Allocation]:
    """What of it payments settle now."""
    return list(invoice.allocations.filter(released_at=None))


def credit_used_on(invoice: Invoice) -> Decimal:
    """What of it credit notes settle now."""
    return total_of(part.amount for part in invoice.credit_parts.filter(released_at=None))
