"""Addresses of supplies."""

from django.urls import path

from inventory import views

app_name = "inventory"

urlpatterns = [
    path("inventory/supplies/", views.supply_list, name="supply_list"),
    path("inventory/supplies/new/", views.supply_new, name="supply_new"),
    path("inventory/supplies/<uuid:public_id>/edit/", views.supply_edit, name="supply_edit"),
    path(
        "inventory/supplies/<uuid:public_id>/archive/", views.supply_archive, name="supply_archive"
    ),
    path(
        "inventory/supplies/<uuid:public_id>/restore/", views.supply_restore, name="supply_restore"
    ),
]
