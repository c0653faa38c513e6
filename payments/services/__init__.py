"""Changing invoices, payments, methods and tax."""

from payments.services.setup import prepare_organization

__all__ = ["prepare_organization"]
