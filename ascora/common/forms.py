"""Form parts that every app shares. Knows no model."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

_NUMBER = re.compile(r"[-+]?\d*\.?\d*")
_DECORATION = str.maketrans("", "", "$, \N{NO-BREAK SPACE}")


class AmountInput(forms.TextInput):
    """A number as people write it: `$1,200.50` is understood, 3.5000 is shown as 3.5.

    `places` are shown at least: 2 for money, so that 12.5 reads 12.50.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, places: int = 0) -> None:
        self.places = places
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile[Any]], name: str
    ) -> object:
        """What was typed without its decoration; left alone when that is no number."""
        typed = super().value_from_datadict(data, files, name)
        if not isinstance(typed, str):
            return typed
        plain = typed.translate(_DECORATION)
        return plain if _NUMBER.fullmatch(plain) or not plain else typed

    def format_value(self, value: object) -> str | None:
        """Without needless zeros."""
        if isinstance(value, Decimal):
            short = f"{value.normalize():f}"
            places = len(short.partition(".")[2])
            return short if places >= self.places else f"{value:.{self.places}f}"
        shown: str | None = super().format_value(value)
        return shown
