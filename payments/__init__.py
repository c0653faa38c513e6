"""Invoices, payments, surcharges and tax."""
