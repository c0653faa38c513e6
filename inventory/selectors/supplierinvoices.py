"""Reading supplier invoices and credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.common.money import total_of
from ascora.search.services import matching
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from inventory.models import (
    CostMode,
    Supplier,
    SupplierInvoice,
    SupplierInvoiceLine,
    SupplierInvoiceQuerySet,
    SupplierInvoiceStatus,
    SupplierInvoiceType,
    Supply,
)
from inventory.pricing import NewPrice, price_before_tax, sell_price_for


@dataclass(frozen=True, slots=True)
class ChangedCost:
    """A supply whose cost on an invoice is another than its cost price; both before tax."""

    supply: Supply
    new_cost: Decimal

    def sell_price_by(self, rule: NewPrice) -> Decimal:
        """What its sell price becomes."""
        return sell_price_for(
            rule,
            old_cost=self.supply.cost_price,
            new_cost=self.new_cost,
            sell_price=self.supply.sell_price,
        )

    @property
    def keeping_markup(self) -> Decimal:
        """The sell price with the markup that it has now."""
        return self.sell_price_by(NewPrice.KEEP_MARKUP)

    @property
    def higher(self) -> Decimal:
        """The same, unless it would fall."""
        return self.sell_price_by(NewPrice.USE_THE_HIGHER)


def supplier_invoices_for(organization: Organization) -> SupplierInvoiceQuerySet:
    """All of them with their suppliers."""
    found: SupplierInvoiceQuerySet = SupplierInvoice.objects.filter(organization=organization)
    return found.select_related("supplier")


def supplier_invoice_for(organization: Organization, public_id: UUID) -> SupplierInvoice:
    """One of them; Http404 when the business has no such one."""
    rows = supplier_invoices_for(organization).select_related(
        "organization", "supplier__expense_account", "approved_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def supplier_invoices_of(supplier: Supplier) -> SupplierInvoiceQuerySet:
    """Those of one supplier, the newest first."""
    return supplier_invoices_for(supplier.organization).filter(supplier=supplier)


def supplier_invoices_matching(
    rows: SupplierInvoiceQuerySet, organization: Organization, typed: str
) -> SupplierInvoiceQuerySet:
    """Found by number, supplier and notes."""
    return matching(rows, organization, typed)  # type: ignore[return-value]


def supplier_invoices_narrowed(
    rows: SupplierInvoiceQuerySet, organization: Organization, status: str
) -> SupplierInvoiceQuerySet:
    """As the list's filter says."""
    match status:
        case "to_be_paid":
            return rows.to_be_paid()
        case "overdue":
            return rows.overdue(today_for(organization))
        case "settled":
            return rows.approved().filter(is_settled=True)
        case _:
            return rows.filter(status=status)


def supplier_invoices_of_type(rows: SupplierInvoiceQuerySet, kind: str) -> SupplierInvoiceQuerySet:
    """Invoices, or credits."""
    return rows.filter(type=kind)


def supplier_invoices_of_chosen(
    rows: SupplierInvoiceQuerySet, supplier: str
) -> SupplierInvoiceQuerySet:
    """Those of the supplier with this public id."""
    return rows.filter(supplier__public_id=supplier)


def lines_of_supplier_invoice(invoice: SupplierInvoice) -> list[SupplierInvoiceLine]:
    """Its lines in order, with their supplies and accounts."""
    return list(invoice.lines.select_related("supply", "account"))


def supplier_line_for(organization: Organization, public_id: UUID) -> SupplierInvoiceLine:
    """One line with its invoice; Http404 when the business has no such one."""
    rows = SupplierInvoiceLine.objects.owned_by(organization)
    related = rows.select_related("organization", "invoice__supplier", "invoice__organization")
    return get_object_or_404(related, public_id=public_id)


def same_number_of(invoice: SupplierInvoice) -> SupplierInvoice | None:
    """Another one of the supplier with this number, if any; void ones do not count."""
    if not invoice.number:
        return None
    rows = supplier_invoices_for(invoice.organization).standing()
    same = rows.filter(supplier=invoice.supplier, type=invoice.type, number__iexact=invoice.number)
    return same.exclude(pk=invoice.pk).first()


def owed_to_supplier(supplier: Supplier) -> Decimal:
    """What is to be paid of its approved invoices, less what is left of its credits."""
    rows = supplier_invoices_of(supplier).approved().filter(is_settled=False)
    return total_of(-_left(invoice) if invoice.is_credit else _left(invoice) for invoice in rows)


def is_owed(supplier: Supplier) -> bool:
    """An approved invoice of it is not paid yet."""
    return supplier_invoices_of(supplier).to_be_paid().exists()


def is_overdue(invoice: SupplierInvoice, today: date) -> bool:
    """Approved, not paid in the books, and due before today."""
    return bool(
        invoice.status == SupplierInvoiceStatus.APPROVED
        and invoice.type == SupplierInvoiceType.INVOICE
        and not invoice.is_settled
        and invoice.due_on
        and invoice.due_on < today
    )


def changed_costs_of(invoice: SupplierInvoice) -> Sequence[ChangedCost]:
    """Supplies of an invoice that cost something else now; of several lines the last counts."""
    if invoice.type == SupplierInvoiceType.CREDIT or invoice.is_void:
        return []
    costs: dict[int, ChangedCost] = {}
    for line in lines_of_supplier_invoice(invoice):
        if line.supply is not None and line.unit_cost >= 0:
            costs[line.supply.pk] = ChangedCost(line.supply, _net_cost(invoice, line))
    return [cost for cost in costs.values() if cost.new_cost != cost.supply.cost_price]


def _net_cost(invoice: SupplierInvoice, line: SupplierInvoiceLine) -> Decimal:
    return price_before_tax(
        line.unit_cost,
        includes_tax=invoice.tax_mode == CostMode.INCLUSIVE,
        is_taxed=line.is_taxed,
        percent=invoice.tax_percent,
    )


def _left(invoice: SupplierInvoice) -> Decimal:
    return invoice.total if invoice.still_owed is None else Decimal(invoice.still_owed)
