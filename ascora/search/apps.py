"""Registers the app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search."""

    name = "ascora.search"
    label = "search"
    verbose_name = "Search"
