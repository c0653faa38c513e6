"""A supplier invoice is a bill in the books, a supplier credit a vendor credit."""

from collections.abc import Sequence

from ascora.outbox.models import OutboxEntry
from integrations.contracts import BillDraft, Kind, SpendingLineDraft, SupplierCreditDraft
from integrations.errors import NeedsMapping
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.posting import Bought, Placement, Spending, place_spending
from integrations.snapshots.outcomes import (
    Books,
    Remove,
    Requires,
    Send,
    Snapshot,
    Stays,
    code_of,
)
from integrations.snapshots.spending import (
    before_cut_off,
    check_purchase_rate,
    refuse_switched_off,
)
from inventory.models import CostMode, Supplier, SupplierInvoice, SupplierInvoiceLine

_TEXT = 4000
_MARKER_DIGITS = 8
_WHAT = "supplier invoice"


def supplier_invoice_snapshot(
    books: Books, invoice: SupplierInvoice, entry: OutboxEntry
) -> Snapshot:
    """Its supplier goes first. The books cannot void it, so a void one is deleted there."""
    link = link_of(books.connection, invoice)
    if invoice.is_draft:
        return Stays("A draft is not sent.")
    if invoice.is_void:
        return Remove() if link is not None else Stays("Void; nothing stands in the books.")
    if link is not None and link.kind != kind_of_supplier_invoice(invoice):
        return Remove()
    if link is None and (older := before_cut_off(books, invoice, invoice.dated_on, entry)):
        return older
    lines = lines_bought(invoice)
    placements = [placement_of_bought(books, invoice.supplier, line) for line in lines]
    _check(books, invoice, lines, placements)
    supplier = link_of(books.connection, invoice.supplier)
    if supplier is None:
        return Requires((invoice.supplier,))
    return Send(_draft(invoice, supplier, _line_drafts(books, invoice, lines, placements)))


def kind_of_supplier_invoice(invoice: SupplierInvoice) -> Kind:
    """What it is in the books."""
    return Kind.SUPPLIER_CREDIT if invoice.is_credit else Kind.BILL


def supplier_invoice_marker(invoice: SupplierInvoice) -> str:
    """What a person reads on it in the books, and by which it is found again."""
    noun = "supplier credit" if invoice.is_credit else "supplier invoice"
    return f"Ascora {noun} {invoice.public_id.hex[:_MARKER_DIGITS]}"


def lines_bought(invoice: SupplierInvoice) -> list[SupplierInvoiceLine]:
    """Its lines in order, with what their drafts say."""
    lines = invoice.lines.select_related("account").prefetch_related("allocations__job")
    return list(lines)


def placement_of_bought(books: Books, supplier: Supplier, line: SupplierInvoiceLine) -> Placement:
    """The account of a line and why. Raises NeedsMapping."""
    spending = Spending(
        bought=Bought.SUPPLIER_INVOICE,
        chosen=code_of(line.account),
        supplier=supplier.name,
        supplier_code=code_of(supplier.expense_account),
    )
    return place_spending(spending, books.spending_defaults)


def _check(
    books: Books,
    invoice: SupplierInvoice,
    lines: Sequence[SupplierInvoiceLine],
    placements: Sequence[Placement],
) -> None:
    for is_taxed in {line.is_taxed for line in lines}:
        check_purchase_rate(books, is_taxed=is_taxed, percent=invoice.tax_percent, what=_WHAT)
    accounts = {placed.code.id for placed in placements}
    refuse_switched_off(invoice.organization, accounts, what=_WHAT)
    if not lines:
        raise NeedsMapping("It has no lines: add one.")


def _line_drafts(
    books: Books,
    invoice: SupplierInvoice,
    lines: Sequence[SupplierInvoiceLine],
    placements: Sequence[Placement],
) -> tuple[SpendingLineDraft, ...]:
    is_inclusive = invoice.tax_mode == CostMode.INCLUSIVE
    return tuple(
        SpendingLineDraft(
            description=_description(line),
            amount=line.net,
            account_id=placed.code.id,
            tax_code_id=books.purchase_tax_code_id(is_taxed=line.is_taxed),
            gross=line.amount if is_inclusive else None,
        )
        for line, placed in zip(lines, placements, strict=True)
    )


def _description(line: SupplierInvoiceLine) -> str:
    """The numbers of its jobs first, so that a job's costs can be found there."""
    jobs = ", ".join(_jobs_of(line))
    return f"{jobs}: {line.description}"[:_TEXT] if jobs else line.description


def _jobs_of(line: SupplierInvoiceLine) -> list[str]:
    return [share.job.number for share in line.allocations.all()]


def _draft(
    invoice: SupplierInvoice,
    supplier: RemoteLink,
    lines: tuple[SpendingLineDraft, ...],
) -> BillDraft | SupplierCreditDraft:
    is_inclusive = invoice.tax_mode == CostMode.INCLUSIVE
    if invoice.is_credit:
        return SupplierCreditDraft(
            number=invoice.number,
            supplier_id=supplier.remote_id,
            dated_on=invoice.dated_on,
            is_tax_inclusive=is_inclusive,
            lines=lines,
            subtotal=invoice.subtotal,
            tax=invoice.tax,
            total=invoice.total,
            memo=invoice.notes,
            marker=supplier_invoice_marker(invoice),
        )
    return BillDraft(
        number=invoice.number,
        supplier_id=supplier.remote_id,
        dated_on=invoice.dated_on,
        due_on=invoice.due_on or invoice.dated_on,
        is_tax_inclusive=is_inclusive,
        lines=lines,
        subtotal=invoice.subtotal,
        tax=invoice.tax,
        total=invoice.total,
        memo=invoice.notes,
        marker=supplier_invoice_marker(invoice),
    )
