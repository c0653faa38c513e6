"""Reading supplies, suppliers and their invoices."""

from inventory.selectors.supplierinvoices import (
    ChangedCost,
    changed_costs_of,
    is_overdue,
    is_owed,
    lines_of_supplier_invoice,
    owed_to_supplier,
    same_number_of,
    supplier_invoice_for,
    supplier_invoices_for,
    supplier_invoices_matching,
    supplier_invoices_narrowed,
    supplier_invoices_of,
    supplier_line_for,
)
from inventory.selectors.suppliers import (
    is_supplier_name_free,
    supplier_for,
    suppliers_for,
    suppliers_shown,
)
from inventory.selectors.supplies import (
    current_or_archived,
    net_price_for,
    supplies_for,
    supplies_matching,
    supply_for,
    tax_percent_for,
)

__all__ = [
    "ChangedCost",
    "changed_costs_of",
    "current_or_archived",
    "is_overdue",
    "is_owed",
    "is_supplier_name_free",
    "lines_of_supplier_invoice",
    "net_price_for",
    "owed_to_supplier",
    "same_number_of",
    "supplier_for",
    "supplier_invoice_for",
    "supplier_invoices_for",
    "supplier_invoices_matching",
    "supplier_invoices_narrowed",
    "supplier_invoices_of",
    "supplier_line_for",
    "suppliers_for",
    "suppliers_shown",
    "supplies_for",
    "supplies_matching",
    "supply_for",
    "tax_percent_for",
]
