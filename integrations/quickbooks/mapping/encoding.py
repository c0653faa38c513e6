"""JSON with exact decimals, and texts that QuickBooks accepts. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

# Names may hold neither; a colon separates parent and child (field guide 9.1).
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
# What JSON can name and no database keeps: NUL, and half of a character.
_NO_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")
UNREADABLE = "\ufffd"
_BEYOND_TEXT = re.compile(r"[\U00010000-\U0010ffff\ufe0f\u200d]")

Json = Mapping[str, object]


def encode(value: object) -> bytes:
    """UTF-8 JSON in which a Decimal is a number with exactly its own digits."""
    return _text_of(value).encode()


def _text_of(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return json.dumps(value.isoformat())
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(key))}:{_text_of(each)}" for key, each in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(_text_of(each) for each in value) + "]"
    if isinstance(value, float):
        raise TypeError("amounts are Decimals: a float has no exact digits")
    return json.dumps(value, ensure_ascii=False)


def decode(text: str) -> object:
    """JSON with decimals kept exact."""
    return json.loads(text, parse_float=Decimal)


def plain(value: object) -> object:
    """The same with decimals as texts, for a log that is kept as JSON."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def a_name(text: str, longest: int = 100) -> str:
    """A name as the name lists accept it: no colon, no control character, no emoji."""
    return _clean(_CONTROL, text.replace(":", " -"))[:longest].strip()


def a_line(text: str, longest: int) -> str:
    """Text without line breaks or emoji."""
    return _clean(_CONTROL, text)[:longest].strip()


def some_lines(text: str, longest: int) -> str:
    """Text that may have line breaks."""
    return _clean(_CONTROL_BUT_LINES, text)[:longest].strip()


def _clean(unwanted: re.Pattern[str], text: str) -> str:
    return unwanted.sub(" ", _BEYOND_TEXT.sub("", text)).strip()


# Reading answers: everything may be absent, and unknown fields are nobody's business.


def text_at(source: Json, *path: str) -> str:
    """The text at a path, or nothing; UNREADABLE stands for what is no character."""
    value: object = source
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    text = "" if value is None else str(value)
    return text if text.isprintable() else _NO_CHARACTER.sub(UNREADABLE, text)


def amount_at(source: Json, *path: str) -> Decimal:
    """The number at a path, or zero."""
    text = text_at(source, *path)
    return Decimal(text) if text else Decimal(0)


def rows_at(source: Json, *path: str) -> list[Json]:
    """The list of objects at a path, or an empty one."""
    value: object = source
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def is_true_at(source: Json, *path: str, default: bool = False) -> bool:
    """The boolean at a path; QuickBooks' NameValue lists write it as text."""
    text = text_at(source, *path).lower()
    return default if text == "" else text == "true"


def moment_at(source: Json, *path: str) -> datetime:
    """The aware datetime at a path; the beginning of time when it is absent."""
    text = text_at(source, *path)
    moment = datetime.fromisoformat(text) if text else datetime(1970, 1, 1, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def changed_at(source: Json) -> datetime:
    """When the books last changed a document."""
    return moment_at(source, "MetaData", "LastUpdatedTime")


def day_at(source: Json, *path: str) -> date:
    """The company-local date at a path."""
    text = text_at(source, *path)
    return date.fromisoformat(text[:10]) if text else date(1970, 1, 1)


def reference(value: str) -> dict[str, str]:
    """A reference by id."""
    return {"value": value}


def identity_of(existing_id: str, revision: str) -> dict[str, object]:
    """What turns a create into a sparse update."""
    return {"Id": existing_id, "SyncToken": revision, "sparse": True}
