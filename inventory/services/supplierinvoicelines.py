"""Writing the lines of a supplier invoice, and stating what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from ascora.chart.models import LedgerAccount
from ascora.common.money import line_amount
from ascora.common.texts import refuse_long_texts
from ascora.common.totals import invoice_totals, net_lines
from inventory.models import SupplierInvoice, SupplierInvoiceLine, Supply

LARGEST_AMOUNT = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCost:
    """A line as somebody wants it. The cost is per unit in the document's tax mode; negative for a
    discount. `existing` is the line that it changes: its jobs and its supply stay with it.
    """

    description: str
    unit_cost: Decimal
    quantity: Decimal = Decimal(1)
    is_taxed: bool = True
    supply: Supply | None = None
    account: LedgerAccount | None = None
    existing: SupplierInvoiceLine | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity times cost in whole cents."""
        return line_amount(self.quantity, self.unit_cost)


def write_lines(invoice: SupplierInvoice, wanted: Sequence[NewCost]) -> None:
    """Make the invoice say these lines."""
    kept = {line.existing.pk for line in wanted if line.existing is not None}
    invoice.lines.exclude(pk__in=kept).delete()
    for position, new in enumerate(wanted, 1):
        _write_line(invoice, position, new)


def _write_line(invoice: SupplierInvoice, position: int, wanted: NewCost) -> None:
    _check_line(wanted)
    line = wanted.existing or SupplierInvoiceLine(
        organization=invoice.organization, invoice=invoice, supply=wanted.supply
    )
    line.position = position
    line.description = wanted.description.strip()
    line.quantity, line.unit_cost = wanted.quantity, wanted.unit_cost
    line.amount = line.net = wanted.amount
    line.is_taxed, line.account = wanted.is_taxed, wanted.account
    refuse_long_texts(line)
    line.save()


def _check_line(line: NewCost) -> None:
    if not line.description.strip():
        raise ValidationError("Every line needs a description.")
    if line.quantity <= 0:
        raise ValidationError("A quantity is more than zero; a discount has a negative cost.")
    if abs(line.amount) >= LARGEST_AMOUNT:
        raise ValidationError("A line comes to $100,000,000 or more. Check quantity and cost.")


def restate(invoice: SupplierInvoice) -> None:
    """Set the totals and the net amount of each line. Saves the lines only; a higher storey, named
    in settings, makes the shares of jobs fit.
    """
    lines = list(invoice.lines.all())
    totals = invoice_totals(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
    if totals.total < 0:
        raise ValidationError("It cannot come to less than nothing. Enter a supplier credit.")
    if totals.total >= LARGEST_AMOUNT:
        raise ValidationError("It comes to $100,000,000 or more. Check quantities and costs.")
    nets = net_lines(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
    for line, net in zip(lines, nets, strict=True):
        line.net = net
        line.save(update_fields=["net"])
    invoice.subtotal, invoice.tax, invoice.total = totals.subtotal, totals.tax, totals.total
    import_string(settings.SUPPLIER_INVOICE_SHARES)(lines=lines)
