"""Long texts: Django holds only forms to their length, services hold everybody to it."""

from django.core.exceptions import ValidationError
from django.db import models


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
