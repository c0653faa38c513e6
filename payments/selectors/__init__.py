"""Reading invoices, payments, payment methods and tax."""

from payments.selectors.invoices import (
    UninvoicedWork,
    invoice_for,
    invoices_for,
    invoices_narrowed,
    invoices_of_customer,
    invoices_of_job,
    is_overdue,
    open_invoices_of,
    uninvoiced_work_for,
)
from payments.selectors.payments import (
    allocations_of_invoice,
    allocations_of_payment,
    credit_for,
    credit_left_of,
    payment_for,
    payments_for,
    payments_matching,
    payments_of_customer,
)
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
    "UninvoicedWork",
    "allocations_of_invoice",
    "allocations_of_payment",
    "credit_for",
    "credit_left_of",
    "invoice_for",
    "invoices_for",
    "invoices_narrowed",
    "invoices_of_customer",
    "invoices_of_job",
    "is_overdue",
    "offered_methods_for",
    "open_invoices_of",
    "payment_for",
    "payment_method_for",
    "payment_methods_for",
    "payment_settings_for",
    "payments_for",
    "payments_matching",
    "payments_of_customer",
    "rules_of",
    "tax_percent_for",
    "tax_rates_for",
    "uninvoiced_work_for",
]
