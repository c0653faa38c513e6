"""Totals of a document from its lines, as the accounting package works them out. Pure; rounds only
through money.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from ascora.common.money import ZERO, percent_of, tax_within, total_of

EXCLUSIVE = "exclusive"
INCLUSIVE = "inclusive"


class Priced(Protocol):
    """Anything with an amount in the document's tax mode: an invoice line, a typed line, a
    surcharge.
    """

    @property
    def amount(self) -> Decimal:
        """Whole cents, in the document's tax mode; negative for a discount."""
        ...

    @property
    def is_taxed(self) -> bool:
        """Whether tax is charged on it."""
        ...


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A priced line that is nothing else."""

    amount: Decimal
    is_taxed: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to: subtotal + tax = total. The bases are before tax: subtotal =
    taxed + free.
    """

    subtotal: Decimal
    tax: Decimal
    total: Decimal
    taxed_base: Decimal
    free_base: Decimal


def invoice_totals(lines: Iterable[Priced], *, percent: Decimal, mode: str) -> Totals:
    """The totals of a document at one tax rate, in per cent.

    Exclusive: the tax is worked out once, on the summed taxed net, as QuickBooks does. Inclusive:
    the tax within
    the summed taxed gross; the total is what was typed and the subtotal what is left of it.
    """
    entries = list(lines)
    taxed = total_of(line.amount for line in entries if line.is_taxed)
    free = total_of(line.amount for line in entries if not line.is_taxed)
    if mode == INCLUSIVE:
        tax = tax_within(taxed, percent)
        taxed -= tax
    else:
        tax = percent_of(taxed, percent)
    subtotal = taxed + free
    return Totals(subtotal, tax, subtotal + tax, taxed, free)


def net_lines(lines: Sequence[Priced], *, percent: Decimal, mode: str) -> list[Decimal]:
    """The net amount of each line; those of each tax group add up to the group's base exactly.

    In an inclusive document a line's net is the step that it adds to the net of everything above
    it, so that no
    cent is lost or invented; it is within a cent of the line's own gross / (1 + rate).
    """
    if mode != INCLUSIVE:
        return [line.amount for line in lines]
    nets: list[Decimal] = []
    gross_so_far = net_so_far = ZERO
    for line in lines:
        if not line.is_taxed:
            nets.append(line.amount)
            continue
        gross_so_far += line.amount
        net_now = gross_so_far - tax_within(gross_so_far, percent)
        nets.append(net_now - net_so_far)
        net_so_far = net_now
    return nets


def gross_parts(lines: Iterable[Priced], *, percent: Decimal, mode: str) -> tuple[Decimal, Decimal]:
    """What the taxed and the untaxed lines come to with tax."""
    totals = invoice_totals(lines, percent=percent, mode=mode)
    return totals.taxed_base + totals.tax, totals.free_base
