"""Reading invoices, payments, payment methods and tax."""

from payments.selectors.settings import (
    offered_methods_for,
    payment_method_for,
    payment_methods_for,
    payment_settings_for,
    rules_of,
    tax_percent_for,
    tax_rates_for,
)

__all__ = [
    "offered_methods_for",
    "payment_method_for",
    "payment_methods_for",
    "payment_settings_for",
    "rules_of",
    "tax_percent_for",
    "tax_rates_for",
]
