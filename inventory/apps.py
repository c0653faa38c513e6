"""Registers the app."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Inventory."""

    name = "inventory"
