"""Registers the app."""

from django.apps import AppConfig


class ChartConfig(AppConfig):
    """Chart of accounts."""

    name = "ascora.chart"
    label = "chart"
    verbose_name = "Chart of accounts"
