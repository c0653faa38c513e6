"""Addresses of customers, jobs and Administration > Jobs."""

from django.urls import path

from jobs.views import allocations, customers, expenses, jobs, settings, work

app_name = "jobs"

_CUSTOMER = "customers/<uuid:public_id>/"
_CONTACT = "contacts/<uuid:public_id>/"
_JOB = "jobs/<uuid:public_id>/"
_LABOUR = "labour/<uuid:public_id>/"
_EXPENSE = "expenses/<uuid:public_id>/"
_USE = "supplies-used/<uuid:public_id>/"
_INVOICE_JOBS = "inventory/supplier-invoices/<uuid:public_id>/jobs/"
_COST_LINE = "inventory/supplier-invoice-lines/<uuid:public_id>/jobs/"
_ALLOCATION = "allocations/<uuid:public_id>/"
_SETTINGS = "administration/jobs/"
_TYPE = f"{_SETTINGS}types/<uuid:public_id>/"
_SOURCE = f"{_SETTINGS}lead-sources/<uuid:public_id>/"

urlpatterns = [
    path("customers/", customers.customer_list, name="customer_list"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/choices/", customers.customer_choices, name="customer_choices"),
    path(_CUSTOMER, customers.customer_detail, name="customer_detail"),
    path(f"{_CUSTOMER}edit/", customers.customer_edit, name="customer_edit"),
    path(f"{_CUSTOMER}archive/", customers.customer_archive, name="customer_archive"),
    path(f"{_CUSTOMER}restore/", customers.customer_restore, name="customer_restore"),
    path(f"{_CUSTOMER}contacts/new/", customers.contact_new, name="contact_new"),
    path(f"{_CONTACT}edit/", customers.contact_edit, name="contact_edit"),
    path(f"{_CONTACT}delete/", customers.contact_delete, name="contact_delete"),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/new/", jobs.job_new, name="job_new"),
    path(_JOB, jobs.job_detail, name="job_detail"),
    path(f"{_JOB}edit/", jobs.job_edit, name="job_edit"),
    path(f"{_JOB}status/", jobs.job_status, name="job_status"),
    path(f"{_JOB}labour/new/", work.labour_new, name="labour_new"),
    path(f"{_LABOUR}edit/", work.labour_edit, name="labour_edit"),
    path(f"{_LABOUR}delete/", work.labour_delete, name="labour_delete"),
    path(f"{_JOB}supplies/new/", work.supply_use_new, name="supply_use_new"),
    path(f"{_USE}edit/", work.supply_use_edit, name="supply_use_edit"),
    path(f"{_USE}delete/", work.supply_use_delete, name="supply_use_delete"),
    path(f"{_JOB}expenses/new/", expenses.expense_new, name="expense_new"),
    path(_EXPENSE, expenses.expense_detail, name="expense_detail"),
    path(f"{_EXPENSE}edit/", expenses.expense_edit, name="expense_edit"),
    path(f"{_EXPENSE}approve/", expenses.expense_approve, name="expense_approve"),
    path(f"{_EXPENSE}void/", expenses.expense_void, name="expense_void"),
    path(f"{_EXPENSE}delete/", expenses.expense_delete, name="expense_delete"),
    path(_INVOICE_JOBS, allocations.supplier_invoice_jobs, name="supplier_invoice_jobs"),
    path(f"{_COST_LINE}new/", allocations.allocation_new, name="allocation_new"),
    path(f"{_ALLOCATION}edit/", allocations.allocation_edit, name="allocation_edit"),
    path(f"{_ALLOCATION}delete/", allocations.allocation_delete, name="allocation_delete"),
    path("jobs/choices/", allocations.job_choices, name="job_choices"),
    path("jobs/supply-choices/", work.supply_choices, name="supply_choices"),
    path("jobs/supply-terms/", work.supply_terms, name="supply_terms"),
    path(_SETTINGS, settings.job_settings, name="job_settings"),
    path(f"{_SETTINGS}types/new/", settings.job_type_new, name="job_type_new"),
    path(f"{_TYPE}edit/", settings.job_type_edit, name="job_type_edit"),
    path(f"{_TYPE}archive/", settings.job_type_archive, name="job_type_archive"),
    path(f"{_TYPE}restore/", settings.job_type_restore, name="job_type_restore"),
    path(f"{_SETTINGS}lead-sources/new/", settings.lead_source_new, name="lead_source_new"),
    path(f"{_SOURCE}edit/", settings.lead_source_edit, name="lead_source_edit"),
    path(f"{_SOURCE}archive/", settings.lead_source_archive, name="lead_source_archive"),
    path(f"{_SOURCE}restore/", settings.lead_source_restore, name="lead_source_restore"),
]
