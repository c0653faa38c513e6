"""Forms of invoices, payments, payment methods and tax."""
