"""Credit notes: compared as invoices are, number, customer, day, totals and lines. Pure."""

from integrations.comparison.invoices import INVOICE

# The drafts and records have the same words.
CREDIT_NOTE = INVOICE
