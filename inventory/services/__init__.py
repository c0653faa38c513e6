"""What can be done to supplies, suppliers and their invoices."""

from inventory.services.suppliers import (
    SupplierIsOwed,
    SupplierValues,
    archive_supplier,
    change_supplier,
    create_supplier,
    restore_supplier,
)
from inventory.services.suppliers_from_books import (
    merge_supplier_with_books,
    record_supplier_from_books,
)
from inventory.services.supplies import (
    SupplyValues,
    archive_supply,
    change_supply,
    create_supply,
    restore_supply,
)

__all__ = [
    "SupplierIsOwed",
    "SupplierValues",
    "SupplyValues",
    "archive_supplier",
    "archive_supply",
    "change_supplier",
    "change_supply",
    "create_supplier",
    "create_supply",
    "merge_supplier_with_books",
    "record_supplier_from_books",
    "restore_supplier",
    "restore_supply",
]
