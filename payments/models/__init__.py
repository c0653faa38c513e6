"""Invoices and their lines, payments and their allocations, payment methods and tax."""

from payments.models.credits import (
    CreditApplication,
    CreditNote,
    CreditNoteLine,
    CreditNoteStatus,
    CreditPart,
    CreditReversal,
    Refund,
)
from payments.models.invoices import (
    ADDED_BY_PAYMENTS,
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
from payments.models.papers import DocumentSettings, Letter, LetterState
from payments.models.payments import Allocation, Payment, PaymentOrigin, PaymentReversal

__all__ = [
    "ADDED_BY_PAYMENTS",
    "Allocation",
    "CardScheme",
    "CreditApplication",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteStatus",
    "CreditPart",
    "CreditReversal",
    "DocumentSettings",
    "Invoice",
    "InvoiceLine",
    "InvoiceStatus",
    "InvoiceVersion",
    "Letter",
    "LetterState",
    "LineKind",
    "Payment",
    "PaymentMethod",
    "PaymentOrigin",
    "PaymentReversal",
    "PaymentSettings",
    "Refund",
    "SurchargeRule",
    "TaxMode",
    "TaxRate",
]
