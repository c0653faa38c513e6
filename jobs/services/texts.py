"""Long texts: Django holds only forms to their length, services hold everybody to it."""

from ascora.common.texts import refuse_long_texts

__all__ = ["refuse_long_texts"]
