"""What the business buys and sells on, whom it buys from, and what they charge."""

from inventory.models.supplierinvoices import (
    LONGEST_NUMBER,
    CostMode,
    SupplierInvoice,
    SupplierInvoiceLine,
    SupplierInvoiceQuerySet,
    SupplierInvoiceStatus,
    SupplierInvoiceType,
)
from inventory.models.suppliers import Supplier, SupplierQuerySet
from inventory.models.supplies import Supply, SupplyQuerySet

__all__ = [
    "LONGEST_NUMBER",
    "CostMode",
    "Supplier",
    "SupplierInvoice",
    "SupplierInvoiceLine",
    "SupplierInvoiceQuerySet",
    "SupplierInvoiceStatus",
    "SupplierInvoiceType",
    "SupplierQuerySet",
    "Supply",
    "SupplyQuerySet",
]
