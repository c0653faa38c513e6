"""Registers the app."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Attachments."""

    name = "ascora.attachments"
    label = "attachments"
    verbose_name = "Attachments"
