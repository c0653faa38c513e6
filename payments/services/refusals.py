"""Saying no: a sentence for the person, and nothing changed."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """What was asked is not possible as things stand; the message says why and what to do."""

    @property
    def sentence(self) -> str:
        """What to show."""
        return " ".join(self.messages)
