"""Registers the app and its check of the database role."""

from importlib import import_module

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """People and organizations."""

    name = "ascora.tenancy"
    label = "tenancy"
    verbose_name = "People and organizations"

    def ready(self) -> None:
        """Importing the module registers its check."""
        import_module("ascora.tenancy.role")
