"""Reading supplies, suppliers and their invoices."""

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
    "current_or_archived",
    "is_supplier_name_free",
    "net_price_for",
    "supplier_for",
    "suppliers_for",
    "suppliers_shown",
    "supplies_for",
    "supplies_matching",
    "supply_for",
    "tax_percent_for",
]
