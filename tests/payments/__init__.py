"""Tests of invoices and payments."""
