"""What names and texts must be like wherever they are kept."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

LONGEST_NAME = 100
_REFUSED_IN_NAMES = re.compile(r"[:\x00-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


def refuse_bad_name(name: str) -> None:
    """A name is at most 100 characters without colon, tab or line break, as QuickBooks requires."""
    if len(name) > LONGEST_NAME:
        message = f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}."
        raise ValidationError({"name": message})
    if _REFUSED_IN_NAMES.search(name):
        message = "Leave out colons, tabs and line breaks: accounting packages refuse them."
        raise ValidationError({"name": message})


def refuse_long_texts(row: models.Model) -> None:
    """Raise ValidationError naming each text column that holds more than its length."""
    too_long = {
        column.name: f"At most {column.max_length:,} characters fit; this has {length:,}."
        for column in row._meta.fields
        if isinstance(column, models.TextField)
        and column.max_length is not None
        and (length := len(getattr(row, column.name))) > column.max_length
    }
    if too_long:
        raise ValidationError(too_long)


def fitting_texts(
    model: type[models.Model],
    values: Mapping[str, object],
    *,
    columns: Iterable[str],
    of_several_lines: Collection[str],
) -> dict[str, str]:
    """The given ones of these columns without control characters, cut to their length."""
    fitting: dict[str, str] = {}
    for name in columns:
        if name in values:
            text = str(values[name])
            if text and not text.isprintable():
                control = _CONTROL_BUT_LINES if name in of_several_lines else _CONTROL
                text = control.sub(" ", text)
            fitting[name] = text and text.strip()[: _longest(model, name)].strip()
    return fitting


@cache
def _longest(model: type[models.Model], name: str) -> int | None:
    length: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return length


def numbered_name(name: str, taken: Collection[str]) -> str:
    """The name, with the first free number behind it when it is taken."""
    free, number = name, 2
    while free in taken:
        suffix = f" ({number})"
        free = name[: LONGEST_NAME - len(suffix)] + suffix
        number += 1
    return free
