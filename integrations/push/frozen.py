"""A draft kept with a sent request, so that the document can be looked for as it was sent.

Plain JSON made from the fields of the draft themselves; a kind needs nothing of its own here.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import cast, get_args, get_origin, get_type_hints

from integrations import contracts
from integrations.contracts import Draft, Kind

Frozen = dict[str, object]
_FROM_TEXT: dict[object, Callable[[str], object]] = {
    Decimal: Decimal,
    Kind: Kind,
    date: date.fromisoformat,
}
_DRAFTS: dict[Kind, type[Draft]] = {draft.kind: draft for draft in get_args(Draft)}


def freeze(draft: Draft) -> Frozen:
    """The draft as plain JSON: decimals and days as texts."""
    return {each.name: _plain(getattr(draft, each.name)) for each in fields(draft)}


def thaw(kind: Kind, frozen: Mapping[str, object]) -> Draft:
    """The draft again."""
    return cast("Draft", _made(_DRAFTS[kind], frozen))


def _plain(value: object) -> object:
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return str(value) if isinstance(value, Enum) else value


def _made(wanted: object, kept: object) -> object:
    """A value of the wanted type from its plain form."""
    if kept is None:
        return None
    if get_origin(wanted) is UnionType:
        wanted = next(each for each in get_args(wanted) if each is not NoneType)
    if isinstance(kept, list):
        return tuple(_made(get_args(wanted)[0], each) for each in kept)
    if isinstance(kept, Mapping) and isinstance(wanted, type):
        hints = get_type_hints(wanted, vars(contracts))
        return wanted(**{name: _made(hints[name], each) for name, each in kept.items()})
    read = _FROM_TEXT.get(wanted)
    return read(str(kept)) if read else kept
