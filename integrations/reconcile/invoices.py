"""What invoices move: receivables, income by account, tax."""

from collections.abc import Iterator
from functools import partial

from integrations.posting import Posting, invoice_postings
from integrations.reconcile.source import Source, unless_unplaced
from integrations.snapshots.charges import incomes_of, placed_lines
from payments.models import Invoice


def invoice_movements(source: Source) -> Iterator[Posting]:
    """Of every invoice that belongs in the books."""
    for invoice in _invoices(source):
        yield from unless_unplaced(partial(_of, source, invoice))


def _invoices(source: Source) -> list[Invoice]:
    issued = Invoice.objects.owned_by(source.organization).issued().select_related("job__job_type")
    old = source.asked_for("payments.invoice")
    return [i for i in issued if i.issued_on >= source.books.cut_off_on or i.pk in old]


def _of(source: Source, invoice: Invoice) -> tuple[Posting, ...]:
    incomes = incomes_of(placed_lines(source.books, invoice))
    tax = {source.books.tax_code_id(is_taxed=True): invoice.tax} if invoice.tax else {}
    return invoice_postings(incomes, tax_by_code=tax, receivable_id=source.receivable_id)
