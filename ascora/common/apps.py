"""Registers the app."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

UNUSED_OF_THE_KIT = ["libs", "types", "img", "tabler-*", "tabler.css*", "*.rtl.*", "*.esm.*"]


class CommonConfig(AppConfig):
    """Common."""

    name = "ascora.common"
    label = "common"
    verbose_name = "Common"


class ServedFilesConfig(StaticFilesConfig):
    """Static files without what the kit brings and no page uses: thousands of files, 50 MB."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNUSED_OF_THE_KIT]
