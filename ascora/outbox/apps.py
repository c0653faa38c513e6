"""Registers the app."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Outbox."""

    name = "ascora.outbox"
    label = "outbox"
    verbose_name = "Outbox"
