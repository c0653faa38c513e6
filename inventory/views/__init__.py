"""Inventory: supplies, suppliers, supplier invoices."""
