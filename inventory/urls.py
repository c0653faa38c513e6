"""Addresses of supplies, suppliers and their invoices."""

from django.urls import path

from inventory.views import suppliers, supplies

app_name = "inventory"

_SUPPLY, _SUPPLIER = "inventory/supplies/<uuid:public_id>", "inventory/suppliers/<uuid:public_id>"

urlpatterns = [
    path("inventory/supplies/", supplies.supply_list, name="supply_list"),
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
]
