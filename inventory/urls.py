"""Addresses of supplies, suppliers and their invoices."""

from django.urls import path

from inventory.views import bulkprices, costs, supplierinvoices, suppliers, supplies

app_name = "inventory"

_SUPPLY, _SUPPLIER = "inventory/supplies/<uuid:public_id>", "inventory/suppliers/<uuid:public_id>"
_INVOICES = "inventory/supplier-invoices"
_INVOICE = f"{_INVOICES}/<uuid:public_id>"

urlpatterns = [
    path("inventory/supplies/", supplies.supply_list, name="supply_list"),
    path("inventory/supplies/prices/", bulkprices.supply_prices, name="supply_prices"),
    path("inventory/supplies/new/", supplies.supply_new, name="supply_new"),
    path(f"{_SUPPLY}/edit/", supplies.supply_edit, name="supply_edit"),
    path(f"{_SUPPLY}/archive/", supplies.supply_archive, name="supply_archive"),
    path(f"{_SUPPLY}/restore/", supplies.supply_restore, name="supply_restore"),
    path("inventory/suppliers/", suppliers.supplier_list, name="supplier_list"),
    path("inventory/suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path(f"{_SUPPLIER}/", suppliers.supplier_detail, name="supplier_detail"),
    path(f"{_SUPPLIER}/edit/", suppliers.supplier_edit, name="supplier_edit"),
    path(f"{_SUPPLIER}/archive/", suppliers.supplier_archive, name="supplier_archive"),
    path(f"{_SUPPLIER}/restore/", suppliers.supplier_restore, name="supplier_restore"),
    path(f"{_SUPPLIER}/invoices/", supplierinvoices.supplier_invoices, name="supplier_invoices"),
    path(f"{_INVOICES}/", supplierinvoices.supplier_invoice_list, name="supplier_invoice_list"),
    path(f"{_INVOICES}/new/", costs.supplier_invoice_new, name="supplier_invoice_new"),
    path(f"{_INVOICES}/supply-choices/", costs.supply_choices, name="supply_choices"),
    path(f"{_INVOICE}/", supplierinvoices.supplier_invoice_detail, name="supplier_invoice_detail"),
    path(f"{_INVOICE}/edit/", costs.supplier_invoice_edit, name="supplier_invoice_edit"),
    path(f"{_INVOICE}/totals/", costs.supplier_invoice_totals, name="supplier_invoice_totals"),
    path(
        f"{_INVOICE}/approve/",
        supplierinvoices.supplier_invoice_approve,
        name="supplier_invoice_approve",
    ),
    path(f"{_INVOICE}/void/", supplierinvoices.supplier_invoice_void, name="supplier_invoice_void"),
    path(
        f"{_INVOICE}/delete/",
        supplierinvoices.supplier_invoice_delete,
        name="supplier_invoice_delete",
    ),
    path(
        f"{_INVOICE}/prices/",
        supplierinvoices.supplier_invoice_prices,
        name="supplier_invoice_prices",
    ),
    path(
        f"{_INVOICE}/paper/", supplierinvoices.supplier_invoice_paper, name="supplier_invoice_paper"
    ),
]
