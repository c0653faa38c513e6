"""Registers the app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Common."""

    name = "ascora.common"
    label = "common"
    verbose_name = "Common"
