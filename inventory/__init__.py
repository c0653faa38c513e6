"""Supplies, and later suppliers and their invoices."""
