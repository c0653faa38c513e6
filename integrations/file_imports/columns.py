"""The fields that a column can fill, and what a cell means for each. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ascora.common.money import to_places
from integrations.file_imports.reading import folded

_YES = {"yes", "y", "true", "1", "x", "ja", "gst", "taxed"}
_NO = {"no", "n", "false", "0", "nein", "free", "fre", "none"}
_AMOUNT = re.compile(r"^-?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?$", re.ASCII)
_LARGEST = Decimal(10_000_000)
_PLACES = 4
_MOST_DAYS = 365


class Unusable(ValueError):
    """What a cell says does not fit its field; the message says why."""


def text(cell: str) -> str:
    """The cell as it is."""
    return cell


def price(cell: str) -> Decimal:
    """An amount of money, dollar sign and thousands marked or not, at most four places."""
    bare = cell.replace("$", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not _AMOUNT.match(bare):
        raise Unusable(f"“{cell[:40]}” is not an amount")
    try:
        amount = Decimal(bare.replace(",", ""))
    except InvalidOperation as error:
        raise Unusable(f"“{cell[:40]}” is not an amount") from error
    if amount < 0:
        raise Unusable("an amount below nothing")
    if amount >= _LARGEST:
        raise Unusable("an amount that is too large")
    if amount != to_places(amount, _PLACES):
        raise Unusable(f"“{cell[:40]}” has more than four decimal places")
    return amount


def days(cell: str) -> int:
    """A number of days."""
    bare = cell.casefold().removesuffix("days").strip()
    if not (bare.isascii() and bare.isdigit()) or int(bare) > _MOST_DAYS:
        raise Unusable(f"“{cell[:40]}” is not a number of days")
    return int(bare)


def yes_or_no(cell: str) -> bool:
    """Yes or no in the usual spellings."""
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unusable(f"“{cell[:40]}” is neither yes nor no")


@dataclass(frozen=True, slots=True)
class Field:
    """One of our fields. `guesses` are headings that usually mean it, besides its own label."""

    name: str
    label: str
    guesses: Sequence[str] = ()
    read: Callable[[str], object] = text
    is_needed: bool = False


def guessed(
    fields: Sequence[Field], headers: Sequence[str], remembered: Mapping[str, str]
) -> dict[str, int]:
    """Which column (from 0) probably fills which field: as the last time, else by its heading."""
    names = folded(headers)
    mapping: dict[str, int] = {}
    for column, name in enumerate(names):
        field = remembered.get(name, "")
        if field and field not in mapping:
            mapping[field] = column
    for field_ in fields:
        wanted = folded([field_.label, field_.name, *field_.guesses])
        free = [c for c, name in enumerate(names) if name in wanted and c not in mapping.values()]
        if field_.name not in mapping and free:
            mapping[field_.name] = free[0]
    return mapping


def values_of(
    fields: Sequence[Field], mapping: Mapping[str, int], cells: Sequence[str]
) -> tuple[dict[str, object], list[str]]:
    """What the filled cells of a row say, and what is wrong with them. An empty cell says
    nothing.
    """
    values: dict[str, object] = {}
    faults: list[str] = []
    for field in fields:
        column = mapping.get(field.name)
        cell = cells[column] if column is not None and column < len(cells) else ""
        if not cell:
            if field.is_needed:
                faults.append(f"{field.label} is empty")
            continue
        try:
            values[field.name] = field.read(cell)
        except Unusable as fault:
            faults.append(f"{field.label}: {fault}")
    return values, faults
