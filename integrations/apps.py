"""Registers the app."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Integrations."""

    name = "integrations"
