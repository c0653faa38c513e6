"""The lines of an invoice as `posting` and the drafts need them: net amounts, and where each
goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.errors import NeedsMapping
from integrations.posting import Charge, Code, Income, Nature, Placement, place
from integrations.snapshots.outcomes import Books, income_code_of
from inventory.models import Supply
from payments.models import CreditNoteLine, Invoice, InvoiceLine, LineKind, TaxMode
from payments.totals import PricedLine, net_lines

_NATURES = {
    LineKind.LABOUR: Nature.LABOUR,
    LineKind.SUPPLY: Nature.SUPPLY,
    LineKind.EXPENSE: Nature.EXPENSE,
    LineKind.SURCHARGE: Nature.SURCHARGE,
    LineKind.ROUNDING: Nature.ROUNDING,
    LineKind.OTHER: Nature.OTHER,
}


_SENT = "It was sent there before another code was chosen"


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its net amount, its gross amount in a tax-inclusive invoice, and its account."""

    line: InvoiceLine | CreditNoteLine
    net: Decimal
    gross: Decimal | None
    placement: Placement

    def tax_code_id(self, books: Books) -> str:
        """A for what is taxed, B for the rest; cash rounding has its own. Raises NeedsMapping."""
        if getattr(self.line, "kind", "") == LineKind.ROUNDING:
            return books.rounding_tax_code_id()
        return books.tax_code_id(is_taxed=self.line.is_taxed)


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that count now, in order."""
    lines = InvoiceLine.objects.owned_by(invoice.organization).filter(
        invoice=invoice, released_at=None
    )
    return list(
        lines.select_related(
            "supply__income_account",
            "invoice",
            "job__job_type__labour_account",
            "job__job_type__materials_account",
            "job_supply__supply__income_account",
            "surcharge_method__surcharge_account",
            "books_account",
        )
    )


def placed_lines(books: Books, invoice: Invoice) -> list[PlacedLine]:
    """Every line with its account. Raises NeedsMapping."""
    lines = lines_of(invoice)
    is_inclusive = invoice.tax_mode == TaxMode.INCLUSIVE
    nets = _net_amounts(invoice, lines)
    return [
        PlacedLine(
            line=line,
            net=net,
            gross=line.amount if is_inclusive else None,
            placement=placement_of(books, line, invoice),
        )
        for line, net in zip(lines, nets, strict=True)
    ]


def placement_of(books: Books, line: InvoiceLine, invoice: Invoice) -> Placement:
    """The account of a line and why: where it stands, once it was sent. Raises NeedsMapping."""
    kept = line.books_account
    if kept is None or kept.is_put_away:
        return place(charge_of(line, invoice), books.defaults)
    there = Code(id=kept.remote_id, code=kept.code, name=kept.name)
    try:
        today = place(charge_of(line, invoice), books.defaults)
    except NeedsMapping:
        return Placement(there, _SENT)
    return Placement(there, today.why if today.code.id == there.id else _SENT)


def incomes_of(placed: Sequence[PlacedLine]) -> list[Income]:
    """What each line adds to its account."""
    return [Income(account_id=line.placement.code.id, net=line.net) for line in placed]


def charge_of(line: InvoiceLine, invoice: Invoice) -> Charge:
    """What decides this line's account."""
    job = line.job or invoice.job
    job_type = job.job_type if job else None
    supply = _supply_of(line)
    method = line.surcharge_method
    return Charge(
        nature=_NATURES[LineKind(line.kind)],
        job_type=job_type.name if job_type else "",
        job_type_labour=income_code_of(job_type.labour_account) if job_type else None,
        job_type_materials=income_code_of(job_type.materials_account) if job_type else None,
        supply=supply.description if supply else "",
        supply_code=income_code_of(supply.income_account) if supply else None,
        method=method.name if method else "",
        method_code=income_code_of(method.surcharge_account) if method else None,
    )


def _supply_of(line: InvoiceLine) -> Supply | None:
    return line.supply or (line.job_supply.supply if line.job_supply else None)


def _net_amounts(invoice: Invoice, lines: list[InvoiceLine]) -> Sequence[Decimal]:
    priced = [PricedLine(amount=line.amount, is_taxed=line.is_taxed) for line in lines]
    return net_lines(priced, percent=invoice.tax_percent, mode=invoice.tax_mode)
