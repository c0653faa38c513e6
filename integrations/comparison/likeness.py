"""What a kind of document tells the engine about itself. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.contracts import Draft, Record

Essence = dict[str, object]


def _no_complaint(draft: Draft, record: Record) -> str:
    del draft, record
    return ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How documents of one kind are compared.

    `essence` is what a person could have edited there, as plain JSON. `sent` and `shown` are equal
    when the record shows what the draft says. `complaint` is a sentence when it shows other tax,
    accounts or parts (other totals are complained of for every kind).
    """

    essence: Callable[[Any], Essence]
    sent: Callable[[Any], object]
    shown: Callable[[Any], object]
    complaint: Callable[[Any, Any], str] = _no_complaint
