"""Registers the app."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """People and organizations."""

    name = "ascora.tenancy"
    label = "tenancy"
    verbose_name = "People and organizations"
