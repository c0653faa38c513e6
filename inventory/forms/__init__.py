"""Forms of supplies, suppliers and their invoices."""
