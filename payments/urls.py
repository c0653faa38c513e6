"""Addresses of invoices, jobs, payments and Administration > Payments & Tax."""

from django.urls import path

from payments.views import (
    company,
    creditnotes,
    credituse,
    editing,
    invoices,
    jobs,
    papers,
    payments,
    settings,
    terms,
)

app_name = "payments"

_INVOICE = "invoices/<uuid:public_id>/"
_PAYMENT = "payments/<uuid:public_id>/"
_CREDIT_NOTES = "administration/credit-notes/"
_CREDIT_NOTE = f"{_CREDIT_NOTES}<uuid:public_id>/"
_CREDIT_USE = "credit-uses/<uuid:public_id>/"
_REFUND = "refunds/<uuid:public_id>/"
_CUSTOMER = "customers/<uuid:public_id>/"
_JOB = "jobs/<uuid:public_id>/"
_SETTINGS = "administration/payments-tax/"
_TERM = f"{_SETTINGS}terms/<uuid:public_id>/"
_PAPER = "documents/<str:kind>/<uuid:public_id>/"
_COMPANY = "administration/company/"
_METHOD = f"{_SETTINGS}methods/<uuid:public_id>/"

urlpatterns = [
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/new/", editing.invoice_new, name="invoice_new"),
    path(_INVOICE, invoices.invoice_detail, name="invoice_detail"),
    path(f"{_INVOICE}live/", invoices.invoice_live, name="invoice_live"),
    path(f"{_INVOICE}preview/", invoices.invoice_preview, name="invoice_preview"),
    path(f"{_INVOICE}edit/", editing.invoice_edit, name="invoice_edit"),
    path(f"{_INVOICE}totals/", editing.invoice_totals, name="invoice_totals"),
    path(f"{_INVOICE}issue/", editing.invoice_issue, name="invoice_issue"),
    path(f"{_INVOICE}amend/", editing.invoice_amend, name="invoice_amend"),
    path(f"{_INVOICE}void/", editing.invoice_void, name="invoice_void"),
    path(f"{_INVOICE}delete/", editing.invoice_delete, name="invoice_delete"),
    path(f"{_INVOICE}credit/", creditnotes.invoice_credit, name="invoice_credit"),
    path("payments/", payments.payment_list, name="payment_list"),
    path(_PAYMENT, payments.payment_detail, name="payment_detail"),
    path(f"{_PAYMENT}reverse/", payments.payment_reverse, name="payment_reverse"),
    path(f"{_PAYMENT}take-off/", payments.payment_take_off, name="payment_take_off"),
    path(
        f"{_PAYMENT}move-surcharge/",
        payments.payment_move_surcharge,
        name="payment_move_surcharge",
    ),
    path(f"{_PAYMENT}allocate/", payments.payment_allocate, name="payment_allocate"),
    path(f"{_PAYMENT}refund/", credituse.payment_refund, name="payment_refund"),
    path(_CREDIT_NOTES, creditnotes.credit_note_list, name="credit_note_list"),
    path(f"{_CREDIT_NOTES}new/", creditnotes.credit_note_new, name="credit_note_new"),
    path(_CREDIT_NOTE, creditnotes.credit_note_detail, name="credit_note_detail"),
    path(f"{_CREDIT_NOTE}edit/", creditnotes.credit_note_edit, name="credit_note_edit"),
    path(f"{_CREDIT_NOTE}totals/", creditnotes.credit_note_totals, name="credit_note_totals"),
    path(f"{_CREDIT_NOTE}issue/", creditnotes.credit_note_issue, name="credit_note_issue"),
    path(f"{_CREDIT_NOTE}void/", creditnotes.credit_note_void, name="credit_note_void"),
    path(f"{_CREDIT_NOTE}delete/", creditnotes.credit_note_delete, name="credit_note_delete"),
    path(f"{_CREDIT_NOTE}apply/", credituse.credit_note_apply, name="credit_note_apply"),
    path(f"{_CREDIT_NOTE}refund/", credituse.credit_note_refund, name="credit_note_refund"),
    path(_CREDIT_USE, credituse.credit_use_detail, name="credit_use_detail"),
    path(f"{_CREDIT_USE}reverse/", credituse.credit_use_reverse, name="credit_use_reverse"),
    path(_REFUND, credituse.refund_detail, name="refund_detail"),
    path(f"{_REFUND}reverse/", credituse.refund_reverse, name="refund_reverse"),
    path(f"{_CUSTOMER}credit/", credituse.customer_credit, name="customer_credit"),
    path(f"{_CUSTOMER}payments/new/", payments.payment_new, name="payment_new"),
    path(f"{_CUSTOMER}payments/quote/", payments.payment_quote, name="payment_quote"),
    path(f"{_CUSTOMER}payments/", payments.customer_payments, name="customer_payments"),
    path(f"{_CUSTOMER}invoices/", invoices.customer_invoices, name="customer_invoices"),
    path(f"{_JOB}invoices/", jobs.job_invoices, name="job_invoices"),
    path(f"{_JOB}invoice/", jobs.job_invoice, name="job_invoice"),
    path(f"{_JOB}claim/", jobs.job_claim, name="job_claim"),
    path("invoices/of-jobs/", jobs.bulk_invoice, name="bulk_invoice"),
    path(_SETTINGS, settings.payment_settings, name="payment_settings"),
    path(f"{_SETTINGS}defaults/", settings.payment_defaults, name="payment_defaults"),
    path(f"{_SETTINGS}terms/new/", terms.term_new, name="term_new"),
    path(f"{_TERM}edit/", terms.term_edit, name="term_edit"),
    path(f"{_TERM}archive/", terms.term_archive, name="term_archive"),
    path(f"{_TERM}restore/", terms.term_restore, name="term_restore"),
    path(f"{_SETTINGS}tax/new/", settings.tax_rate_new, name="tax_rate_new"),
    path(f"{_SETTINGS}methods/new/", settings.method_new, name="method_new"),
    path(f"{_METHOD}edit/", settings.method_edit, name="method_edit"),
    path(f"{_METHOD}archive/", settings.method_archive, name="method_archive"),
    path(f"{_METHOD}restore/", settings.method_restore, name="method_restore"),
    path(f"{_PAPER}pdf/", papers.paper_pdf, name="paper_pdf"),
    path(f"{_PAPER}send/", papers.paper_send, name="paper_send"),
    path(f"{_PAPER}letters/", papers.paper_letters, name="paper_letters"),
    path("letters/<uuid:public_id>/again/", papers.letter_again, name="letter_again"),
    path(f"{_CUSTOMER}statement/", papers.statement, name="statement"),
    path(_COMPANY, company.company_details, name="company_details"),
    path(f"{_COMPANY}preview/", company.company_preview, name="company_preview"),
    path(f"{_COMPANY}logo/", company.company_logo, name="company_logo"),
    path(f"{_COMPANY}logo/remove/", company.company_logo_remove, name="company_logo_remove"),
    path(f"{_COMPANY}numbers/<str:kind>/", company.company_numbers, name="company_numbers"),
    path(f"{_COMPANY}letters/<str:kind>/", company.company_words, name="company_words"),
    path(f"{_COMPANY}<str:part>/", company.company_part, name="company_part"),
]
