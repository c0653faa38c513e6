"""Totals of invoices and credit notes: the arithmetic of every document. Pure."""

from ascora.common.totals import (
    EXCLUSIVE,
    INCLUSIVE,
    Priced,
    PricedLine,
    Totals,
    gross_parts,
    invoice_totals,
    net_lines,
)

__all__ = [
    "EXCLUSIVE",
    "INCLUSIVE",
    "Priced",
    "PricedLine",
    "Totals",
    "gross_parts",
    "invoice_totals",
    "net_lines",
]
