"""Registers the app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """History."""

    name = "ascora.history"
    label = "history"
    verbose_name = "History"
