"""What supplier invoices and credits move: cost by account, its tax, and payables."""

from collections.abc import Iterator
from functools import partial

from ascora.common.money import ZERO
from integrations.posting import Income, Posting, spending_postings
from integrations.reconcile.expenses import payable_of
from integrations.reconcile.source import Source, unless_unplaced
from integrations.snapshots.supplierinvoices import lines_bought, placement_of_bought
from inventory.models import SupplierInvoice


def supplier_invoice_movements(source: Source) -> Iterator[Posting]:
    """Of every approved one that belongs in the books."""
    payable_id = payable_of(source)
    rows = SupplierInvoice.objects.filter(organization=source.organization).approved()
    old = source.asked_for("inventory.supplierinvoice")
    for invoice in rows.select_related("supplier__expense_account"):
        if invoice.dated_on >= source.books.cut_off_on or invoice.pk in old:
            yield from unless_unplaced(partial(_of, source, invoice, payable_id))


def _of(source: Source, invoice: SupplierInvoice, payable_id: str) -> tuple[Posting, ...]:
    """A credit is an invoice the other way round."""
    books, sign = source.books, -1 if invoice.is_credit else 1
    costs = [
        Income(
            account_id=placement_of_bought(books, invoice.supplier, line).code.id,
            net=sign * line.net,
        )
        for line in lines_bought(invoice)
    ]
    taxed = {books.purchase_tax_code_id(is_taxed=True): sign * invoice.tax}
    tax_by_code = taxed if invoice.tax != ZERO else {}
    return spending_postings(costs, tax_by_code=tax_by_code, paid_from_id=payable_id)
