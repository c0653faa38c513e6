"""What can be done to supplies, suppliers and their invoices."""

from inventory.services.bulkprices import PriceChange, Wish, change_prices, price_changes_for
from inventory.services.merging import merge_suppliers
from inventory.services.prices import take_over_costs
from inventory.services.supplierinvoicelines import NewCost
from inventory.services.supplierinvoices import (
    SupplierInvoiceValues,
    approve_supplier_invoice,
    change_supplier_invoice,
    delete_supplier_draft,
    draft_supplier_invoice,
    record_owed_for_supplier_invoice,
    record_payment_day_of_supplier_invoice,
    void_supplier_invoice,
)
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
    "NewCost",
    "PriceChange",
    "SupplierInvoiceValues",
    "SupplierIsOwed",
    "SupplierValues",
    "SupplyValues",
    "Wish",
    "approve_supplier_invoice",
    "archive_supplier",
    "archive_supply",
    "change_prices",
    "change_supplier",
    "change_supplier_invoice",
    "change_supply",
    "create_supplier",
    "create_supply",
    "delete_supplier_draft",
    "draft_supplier_invoice",
    "merge_supplier_with_books",
    "merge_suppliers",
    "price_changes_for",
    "record_owed_for_supplier_invoice",
    "record_payment_day_of_supplier_invoice",
    "record_supplier_from_books",
    "restore_supplier",
    "restore_supply",
    "take_over_costs",
    "void_supplier_invoice",
]
