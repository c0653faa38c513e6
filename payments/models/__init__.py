"""Invoices and their lines, payments and their allocations, payment methods and tax."""

from payments.models.invoices import (
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    InvoiceVersion,
    LineKind,
    TaxMode,
)
from payments.models.methods import (
    CardScheme,
    PaymentMethod,
    PaymentSettings,
    SurchargeRule,
    TaxRate,
)
from payments.models.payments import Allocation, Payment, PaymentOrigin, PaymentReversal

__all__ = [
    "Allocation",
    "CardScheme",
    "Invoice",
    "InvoiceLine",
    "InvoiceStatus",
    "InvoiceVersion",
    "LineKind",
    "Payment",
    "PaymentMethod",
    "PaymentOrigin",
    "PaymentReversal",
    "PaymentSettings",
    "SurchargeRule",
    "TaxMode",
    "TaxRate",
]
