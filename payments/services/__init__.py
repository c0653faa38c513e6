"""What can be done to invoices, payments, payment methods and tax."""

from payments.services.applications import (
    apply_credit_note,
    reverse_application,
)
from payments.services.bulk import (
    Outcome,
    Preview,
    Wish,
    invoice_jobs,
    preview_of,
)
from payments.services.changes import (
    amend_invoice,
    void_invoice,
)
from payments.services.claims import (
    Share,
    claim_fixed_price,
)
from payments.services.creditnotes import (
    CreditNoteValues,
    change_credit_draft,
    delete_credit_draft,
    draft_credit_for_invoice,
    draft_credit_note,
    issue_credit_note,
    void_credit_note,
)
from payments.services.creditstanding import (
    NewCreditLine,
)
from payments.services.external import (
    FoundPayment,
    keep_deposit_account,
    keep_line_accounts,
    record_external_payment,
)
from payments.services.externalcredits import (
    FoundUse,
    keep_credit_account,
    record_external_application,
    reverse_external_application,
)
from payments.services.invoices import (
    InvoiceValues,
    change_draft,
    delete_draft,
    draft_invoice,
    draft_invoice_from_job,
    issue_invoice,
)
from payments.services.letters import (
    deliver_letters,
    due_letters,
    send_letter_again,
    write_letter,
)
from payments.services.lines import (
    NewLine,
)
from payments.services.merging import take_over_documents
from payments.services.methods import (
    MethodValues,
    RuleValues,
    archive_method,
    change_method,
    create_method,
    restore_method,
    set_surcharge,
)
from payments.services.movedsurcharge import move_surcharge, stuck_surcharges_of
from payments.services.papers import (
    change_document_settings,
    set_logo,
    set_numbering,
)
from payments.services.payments import (
    allocate_credit,
    quote_payment,
    record_payment,
)
from payments.services.prices import (
    OverPrice,
)
from payments.services.prints import (
    print_for_books,
)
from payments.services.quotes import (
    PaymentQuote,
    PaymentTerms,
)
from payments.services.refunds import (
    RefundTerms,
    refund_credit_note,
    refund_payment,
    reverse_refund,
)
from payments.services.refusals import (
    Refused,
)
from payments.services.reversals import (
    reverse_external_payment,
    reverse_payment,
    take_off_surcharge,
)
from payments.services.settings import (
    accept_cards,
    change_settings,
    choose_default_method,
    choose_default_term,
    note_closed_books,
    prepare_organization,
    round_cash,
    set_tax_rate,
)
from payments.services.terms import (
    archive_term,
    change_term,
    create_term,
    restore_term,
)

__all__ = [
    "CreditNoteValues",
    "FoundPayment",
    "FoundUse",
    "InvoiceValues",
    "MethodValues",
    "NewCreditLine",
    "NewLine",
    "Outcome",
    "OverPrice",
    "PaymentQuote",
    "PaymentTerms",
    "Preview",
    "RefundTerms",
    "Refused",
    "RuleValues",
    "Share",
    "Wish",
    "accept_cards",
    "allocate_credit",
    "amend_invoice",
    "apply_credit_note",
    "archive_method",
    "archive_term",
    "change_credit_draft",
    "change_document_settings",
    "change_draft",
    "change_method",
    "change_settings",
    "change_term",
    "choose_default_method",
    "choose_default_term",
    "claim_fixed_price",
    "create_method",
    "create_term",
    "delete_credit_draft",
    "delete_draft",
    "deliver_letters",
    "draft_credit_for_invoice",
    "draft_credit_note",
    "draft_invoice",
    "draft_invoice_from_job",
    "due_letters",
    "invoice_jobs",
    "issue_credit_note",
    "issue_invoice",
    "keep_credit_account",
    "keep_deposit_account",
    "keep_line_accounts",
    "move_surcharge",
    "note_closed_books",
    "prepare_organization",
    "preview_of",
    "print_for_books",
    "quote_payment",
    "record_external_application",
    "record_external_payment",
    "record_payment",
    "refund_credit_note",
    "refund_payment",
    "restore_method",
    "restore_term",
    "reverse_application",
    "reverse_external_application",
    "reverse_external_payment",
    "reverse_payment",
    "reverse_refund",
    "round_cash",
    "send_letter_again",
    "set_logo",
    "set_numbering",
    "set_surcharge",
    "set_tax_rate",
    "stuck_surcharges_of",
    "take_off_surcharge",
    "take_over_documents",
    "void_credit_note",
    "void_invoice",
    "write_letter",
]
