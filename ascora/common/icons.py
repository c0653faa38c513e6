"""Icons of the front-end kit, read from node_modules once and written into the page itself."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
# What stands in where the kit is not installed: a plain ring.
_NEUTRAL = '<circle cx="12" cy="12" r="8" />'


def _drawing_in(file: Path) -> str:
    try:
        found = _DRAWING.search(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _NEUTRAL
    return " ".join(found[1].split()) if found else _NEUTRAL


@cache
def drawing_of(name: str) -> SafeString:
    """The inside of a 24 x 24 outline icon; a neutral ring where the kit is absent."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an icon")
    folder = Path(settings.BASE_DIR) / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    return mark_safe(_drawing_in(folder / f"{name}.svg"))  # noqa: S308 - the kit's file


def icon_svg(name: str, *, label: str = "", classes: str = "") -> SafeString:
    """An icon that is decoration, or says its label to screen readers."""
    described = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" width="24" height="24" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
        ' focusable="false" {}>{}</svg>',
        f"icon {classes}".strip(),
        mark_safe(described),  # noqa: S308 - a constant, or formatted above
        drawing_of(name),
    )
