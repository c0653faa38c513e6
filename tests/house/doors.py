"""The table of doors: every address, the methods it answers, and the least role that may enter.

A new URL name gets a row here; one that is missing fails. `of` names the model of the row whose
public id stands in the address; `args` and `args_after` are the parts around it. `is_far`: what
happens behind the door needs more than an empty form, and is told by tests of its own.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import Model

from ascora.attachments.models import Attachment
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import Invitation, Membership
from integrations.models import FileImport, ImportRun
from inventory.models import Supplier, SupplierInvoice, SupplierInvoiceLine, Supply
from jobs.models import (
    Contact,
    Customer,
    Expense,
    Job,
    JobAllocation,
    JobSupply,
    JobType,
    LabourEntry,
    LeadSource,
    PaymentTerm,
)
from payments.models import (
    CreditApplication,
    CreditNote,
    Invoice,
    Letter,
    Payment,
    PaymentMethod,
    Refund,
)


class Who(Enum):
    """The least that opens a door, with the people of Bright Spark whom it lets in."""

    ANYONE = "olive otto ada stan nobody"
    PERSON = "olive otto ada stan"
    MEMBER = "olive otto ada"
    OFFICE = "olive otto"
    BOOKS = "olive ada"
    OWNER = "olive"

    def lets_in(self, visitor: str) -> bool:
        """Whether this visitor may enter."""
        return visitor in self.value.split()


@dataclass(frozen=True)
class Door:
    """One URL name."""

    name: str
    methods: str
    least: Who
    of: type[Model] | None = None
    args: tuple[str, ...] = ()
    args_after: tuple[str, ...] = ()
    is_far: bool = False


READ, FORM, PRESS = "GET", "GET POST", "POST"

TENANCY = [
    Door("healthz", READ, Who.ANYONE),
    Door("readyz", READ, Who.ANYONE),
    Door("integrations:metrics", READ, Who.ANYONE),
    Door("tenancy:user_list", READ, Who.OWNER),
    Door("tenancy:change_log", READ, Who.OWNER),
    Door("tenancy:user_role", FORM, Who.OWNER, of=Membership),
    Door("tenancy:user_remove", FORM, Who.OWNER, of=Membership),
    Door("tenancy:invitation_new", FORM, Who.OWNER),
    Door("tenancy:invitation_resend", PRESS, Who.OWNER, of=Invitation),
    Door("tenancy:invitation_withdraw", PRESS, Who.OWNER, of=Invitation),
    Door("tenancy:invitation_accept", FORM, Who.ANYONE, args=("not-signed",), is_far=True),
    Door("tenancy:organization_switch", FORM, Who.PERSON, is_far=True),
    Door("tenancy:organization_new", FORM, Who.PERSON),
    Door("tenancy:company_details", FORM, Who.OWNER),
]

ATTACHMENTS = [
    Door("attachments:attachment_download", READ, Who.MEMBER, of=Attachment),
    Door("attachments:attachment_remove", FORM, Who.OFFICE, of=Attachment),
]

INVENTORY = [
    Door("inventory:supply_list", READ, Who.MEMBER),
    Door("inventory:supply_new", FORM, Who.OFFICE),
    Door("inventory:supply_prices", FORM, Who.OFFICE),
    Door("inventory:supply_edit", FORM, Who.OFFICE, of=Supply),
    Door("inventory:supply_archive", PRESS, Who.OFFICE, of=Supply),
    Door("inventory:supply_restore", PRESS, Who.OFFICE, of=Supply),
    Door("inventory:supplier_list", READ, Who.MEMBER),
    Door("inventory:supplier_new", FORM, Who.OFFICE),
    Door("inventory:supplier_detail", READ, Who.MEMBER, of=Supplier),
    Door("inventory:supplier_edit", FORM, Who.OFFICE, of=Supplier),
    Door("inventory:supplier_archive", FORM, Who.OFFICE, of=Supplier),
    Door("inventory:supplier_restore", PRESS, Who.OFFICE, of=Supplier),
    Door("inventory:supplier_invoices", READ, Who.MEMBER, of=Supplier),
    Door("inventory:supplier_invoice_list", READ, Who.MEMBER),
    Door("inventory:supplier_invoice_new", FORM, Who.OFFICE),
    Door("inventory:supply_choices", READ, Who.MEMBER),
    Door("inventory:supplier_invoice_detail", READ, Who.MEMBER, of=SupplierInvoice),
    Door("inventory:supplier_invoice_edit", FORM, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_totals", PRESS, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_approve", PRESS, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_void", FORM, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_delete", FORM, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_prices", FORM, Who.OFFICE, of=SupplierInvoice),
    Door("inventory:supplier_invoice_paper", FORM, Who.OFFICE, of=SupplierInvoice),
]

JOBS = [
    Door("jobs:customer_list", READ, Who.MEMBER),
    Door("jobs:customer_new", FORM, Who.OFFICE),
    Door("jobs:customer_choices", READ, Who.MEMBER),
    Door("jobs:customer_detail", READ, Who.MEMBER, of=Customer),
    Door("jobs:customer_edit", FORM, Who.OFFICE, of=Customer),
    Door("jobs:customer_archive", FORM, Who.OFFICE, of=Customer),
    Door("jobs:customer_restore", PRESS, Who.OFFICE, of=Customer),
    Door("jobs:contact_new", FORM, Who.OFFICE, of=Customer),
    Door("jobs:contact_edit", FORM, Who.OFFICE, of=Contact),
    Door("jobs:contact_delete", FORM, Who.OFFICE, of=Contact),
    Door("jobs:job_list", READ, Who.MEMBER),
    Door("jobs:job_new", FORM, Who.OFFICE),
    Door("jobs:job_detail", READ, Who.MEMBER, of=Job),
    Door("jobs:job_edit", FORM, Who.OFFICE, of=Job),
    Door("jobs:job_status", PRESS, Who.OFFICE, of=Job),
    Door("jobs:labour_new", FORM, Who.OFFICE, of=Job),
    Door("jobs:labour_edit", FORM, Who.OFFICE, of=LabourEntry),
    Door("jobs:labour_delete", FORM, Who.OFFICE, of=LabourEntry),
    Door("jobs:supply_use_new", FORM, Who.OFFICE, of=Job),
    Door("jobs:supply_use_edit", FORM, Who.OFFICE, of=JobSupply),
    Door("jobs:supply_use_delete", FORM, Who.OFFICE, of=JobSupply),
    Door("jobs:expense_new", FORM, Who.OFFICE, of=Job),
    Door("jobs:expense_detail", READ, Who.MEMBER, of=Expense),
    Door("jobs:expense_edit", FORM, Who.OFFICE, of=Expense),
    Door("jobs:expense_approve", PRESS, Who.OFFICE, of=Expense),
    Door("jobs:expense_void", FORM, Who.OFFICE, of=Expense),
    Door("jobs:expense_delete", FORM, Who.OFFICE, of=Expense),
    Door("jobs:supplier_invoice_jobs", READ, Who.MEMBER, of=SupplierInvoice),
    Door("jobs:allocation_new", FORM, Who.OFFICE, of=SupplierInvoiceLine),
    Door("jobs:allocation_edit", FORM, Who.OFFICE, of=JobAllocation),
    Door("jobs:allocation_delete", FORM, Who.OFFICE, of=JobAllocation),
    Door("jobs:job_choices", READ, Who.MEMBER),
    Door("jobs:supply_choices", READ, Who.MEMBER),
    Door("jobs:supply_terms", READ, Who.MEMBER),
    Door("jobs:job_settings", READ, Who.MEMBER),
    Door("jobs:job_type_new", FORM, Who.OFFICE),
    Door("jobs:job_type_edit", FORM, Who.OFFICE, of=JobType),
    Door("jobs:job_type_archive", PRESS, Who.OFFICE, of=JobType),
    Door("jobs:job_type_restore", PRESS, Who.OFFICE, of=JobType),
    Door("jobs:lead_source_new", FORM, Who.OFFICE),
    Door("jobs:lead_source_edit", FORM, Who.OFFICE, of=LeadSource),
    Door("jobs:lead_source_archive", PRESS, Who.OFFICE, of=LeadSource),
    Door("jobs:lead_source_restore", PRESS, Who.OFFICE, of=LeadSource),
]

PAYMENTS = [
    Door("payments:invoice_list", READ, Who.MEMBER),
    Door("payments:invoice_new", FORM, Who.OFFICE),
    Door("payments:invoice_detail", READ, Who.MEMBER, of=Invoice),
    Door("payments:invoice_live", READ, Who.MEMBER, of=Invoice),
    Door("payments:invoice_preview", READ, Who.MEMBER, of=Invoice),
    Door("payments:invoice_edit", FORM, Who.OFFICE, of=Invoice),
    Door("payments:invoice_totals", PRESS, Who.OFFICE, of=Invoice),
    Door("payments:invoice_issue", FORM, Who.OFFICE, of=Invoice),
    Door("payments:invoice_amend", FORM, Who.OFFICE, of=Invoice),
    Door("payments:invoice_void", FORM, Who.OFFICE, of=Invoice),
    Door("payments:invoice_delete", FORM, Who.OFFICE, of=Invoice),
    Door("payments:payment_list", READ, Who.MEMBER),
    Door("payments:payment_detail", READ, Who.MEMBER, of=Payment),
    Door("payments:payment_reverse", FORM, Who.OFFICE, of=Payment),
    Door("payments:payment_take_off", FORM, Who.OFFICE, of=Payment),
    Door("payments:payment_move_surcharge", FORM, Who.OFFICE, of=Payment),
    Door("payments:payment_allocate", FORM, Who.OFFICE, of=Payment),
    Door("payments:payment_refund", FORM, Who.OFFICE, of=Payment),
    Door("payments:invoice_credit", FORM, Who.OFFICE, of=Invoice),
    Door("payments:credit_note_list", READ, Who.MEMBER),
    Door("payments:credit_note_new", FORM, Who.OFFICE),
    Door("payments:credit_note_detail", READ, Who.MEMBER, of=CreditNote),
    Door("payments:credit_note_edit", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_totals", PRESS, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_issue", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_void", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_delete", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_apply", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_note_refund", FORM, Who.OFFICE, of=CreditNote),
    Door("payments:credit_use_detail", READ, Who.MEMBER, of=CreditApplication),
    Door("payments:credit_use_reverse", FORM, Who.OFFICE, of=CreditApplication),
    Door("payments:refund_detail", READ, Who.MEMBER, of=Refund),
    Door("payments:refund_reverse", FORM, Who.OFFICE, of=Refund),
    Door("payments:customer_credit", READ, Who.MEMBER, of=Customer),
    Door("payments:payment_new", FORM, Who.OFFICE, of=Customer),
    Door("payments:payment_quote", PRESS, Who.OFFICE, of=Customer),
    Door("payments:paper_pdf", READ, Who.MEMBER, of=Invoice, args=("invoice",)),
    Door("payments:paper_send", FORM, Who.OFFICE, of=Invoice, args=("invoice",)),
    Door("payments:paper_letters", READ, Who.MEMBER, of=Invoice, args=("invoice",)),
    Door("payments:letter_again", PRESS, Who.OFFICE, of=Letter),
    Door("payments:statement", READ, Who.MEMBER, of=Customer),
    Door("payments:company_details", READ, Who.OWNER),
    Door("payments:company_preview", READ, Who.OWNER),
    Door("payments:company_logo", FORM, Who.OWNER),
    Door("payments:company_logo_remove", PRESS, Who.OWNER),
    Door("payments:company_numbers", FORM, Who.OWNER, args=("invoice",)),
    Door("payments:company_words", FORM, Who.OWNER, args=("invoice",)),
    Door("payments:company_part", FORM, Who.OWNER, args=("bank",)),
    Door("payments:customer_payments", READ, Who.MEMBER, of=Customer),
    Door("payments:customer_invoices", READ, Who.MEMBER, of=Customer),
    Door("payments:job_invoices", READ, Who.MEMBER, of=Job),
    Door("payments:bulk_invoice", FORM, Who.OFFICE),
    Door("payments:job_claim", FORM, Who.OFFICE, of=Job),
    Door("payments:job_invoice", PRESS, Who.OFFICE, of=Job),
    Door("payments:payment_settings", READ, Who.MEMBER),
    Door("payments:payment_defaults", FORM, Who.OFFICE),
    Door("payments:term_new", FORM, Who.OFFICE),
    Door("payments:term_edit", FORM, Who.OFFICE, of=PaymentTerm),
    Door("payments:term_archive", PRESS, Who.OFFICE, of=PaymentTerm),
    Door("payments:term_restore", PRESS, Who.OFFICE, of=PaymentTerm),
    Door("payments:tax_rate_new", FORM, Who.OFFICE),
    Door("payments:method_new", FORM, Who.OFFICE),
    Door("payments:method_edit", FORM, Who.OFFICE, of=PaymentMethod),
    Door("payments:method_archive", PRESS, Who.OFFICE, of=PaymentMethod),
    Door("payments:method_restore", PRESS, Who.OFFICE, of=PaymentMethod),
]

INTEGRATIONS = [
    Door("integrations:home", READ, Who.MEMBER),
    Door("integrations:report_list", READ, Who.MEMBER),
    Door("integrations:report_detail", READ, Who.MEMBER, args=("receivables",)),
    Door("integrations:accounts_integration", READ, Who.MEMBER),
    Door("integrations:own_numbers", FORM, Who.BOOKS, is_far=True),
    Door("integrations:settings", FORM, Who.BOOKS, is_far=True),
    Door("integrations:chart_refresh", PRESS, Who.BOOKS, is_far=True),
    Door("integrations:disconnect", FORM, Who.OWNER, is_far=True),
    Door("integrations:import_question", READ, Who.MEMBER),
    Door("integrations:connect", PRESS, Who.OWNER, args=("quickbooks",), is_far=True),
    Door("integrations:callback", READ, Who.OWNER, args=("quickbooks",), is_far=True),
    Door("integrations:webhook", PRESS, Who.ANYONE, args=("quickbooks",), is_far=True),
    Door("integrations:import_start", READ, Who.MEMBER),
    Door("integrations:import_begin", PRESS, Who.OFFICE),
    Door("integrations:import_detail", READ, Who.MEMBER, of=ImportRun),
    Door("integrations:import_progress", READ, Who.MEMBER, of=ImportRun),
    Door("integrations:job_profit", READ, Who.MEMBER, of=Job),
    Door("integrations:file_import_new", FORM, Who.OFFICE),
    Door("integrations:file_export", READ, Who.MEMBER, args=("supplies", "csv")),
    Door("integrations:file_import_columns", FORM, Who.OFFICE, of=FileImport),
    Door("integrations:file_import_detail", READ, Who.MEMBER, of=FileImport),
    Door("integrations:file_import_progress", READ, Who.MEMBER, of=FileImport),
    Door("integrations:file_import_left_out", READ, Who.MEMBER, of=FileImport),
    Door("integrations:file_import_begin", PRESS, Who.OFFICE, of=FileImport),
    Door("integrations:file_import_undo", FORM, Who.OFFICE, of=FileImport),
    Door("integrations:sync_centre", READ, Who.MEMBER),
    Door("integrations:sync_log", READ, Who.MEMBER),
    Door("integrations:lamp", READ, Who.MEMBER),
    Door("integrations:check", PRESS, Who.MEMBER),
    Door("integrations:entry_retry", PRESS, Who.MEMBER, of=OutboxEntry, is_far=True),
    Door("integrations:account_why", READ, Who.MEMBER, args=("supply",)),
    Door("integrations:document_accounts", READ, Who.MEMBER, of=Customer, args=("jobs.customer",)),
    Door("integrations:document_state", READ, Who.MEMBER, of=Customer, args=("jobs.customer",)),
    Door(
        "integrations:document_press",
        PRESS,
        Who.MEMBER,
        of=Customer,
        args=("jobs.customer",),
        args_after=("send-now",),
        is_far=True,
    ),
]

DOORS = [*TENANCY, *ATTACHMENTS, *INVENTORY, *JOBS, *PAYMENTS, *INTEGRATIONS]

# Allauth's own pages: the entrance is open, the rest is for the person who is logged in.
ENTRANCE = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
OWN_LOG_IN = {
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
