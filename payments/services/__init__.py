"""What can be done to invoices, payments, payment methods and tax."""

from payments.services.changes import (
    amend_invoice,
    void_invoice,
)
from payments.services.charges import (
    PaymentQuote,
    PaymentTerms,
)
from payments.services.external import (
    FoundPayment,
    keep_deposit_account,
    record_external_payment,
)
from payments.services.invoices import (
    InvoiceValues,
    change_draft,
    delete_draft,
    draft_invoice,
    draft_invoice_from_job,
    issue_invoice,
)
from payments.services.lines import (
    NewLine,
)
from payments.services.methods import (
    MethodValues,
    RuleValues,
    archive_method,
    change_method,
    create_method,
    restore_method,
    set_surcharge,
)
from payments.services.payments import (
    allocate_credit,
    quote_payment,
    record_payment,
)
from payments.services.refusals import (
    Refused,
)
from payments.services.reversals import (
    reverse_external_payment,
    reverse_payment,
)
from payments.services.settings import (
    accept_cards,
    change_settings,
    choose_default_method,
    prepare_organization,
    set_payment_days,
    set_tax_rate,
)

__all__ = [
    "FoundPayment",
    "InvoiceValues",
    "MethodValues",
    "NewLine",
    "PaymentQuote",
    "PaymentTerms",
    "Refused",
    "RuleValues",
    "accept_cards",
    "allocate_credit",
    "amend_invoice",
    "archive_method",
    "change_draft",
    "change_method",
    "change_settings",
    "choose_default_method",
    "create_method",
    "delete_draft",
    "draft_invoice",
    "draft_invoice_from_job",
    "issue_invoice",
    "keep_deposit_account",
    "prepare_organization",
    "quote_payment",
    "record_external_payment",
    "record_payment",
    "restore_method",
    "reverse_external_payment",
    "reverse_payment",
    "set_payment_days",
    "set_surcharge",
    "set_tax_rate",
    "void_invoice",
]
