"""What the business buys and sells on, and whom it buys from."""

from inventory.models.suppliers import Supplier, SupplierQuerySet
from inventory.models.supplies import Supply, SupplyQuerySet

__all__ = ["Supplier", "SupplierQuerySet", "Supply", "SupplyQuerySet"]
