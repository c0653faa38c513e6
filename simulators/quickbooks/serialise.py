"""JSON as QuickBooks writes it: money with two decimals, zero as 0, quantities unpadded."""

import json
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import Any

CENT = Decimal("0.01")
SEVEN_PLACES = Decimal("0.0000001")


def write(value: Any) -> str:
    """Write a value as JSON text; a Decimal keeps the digits it has."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        pairs = [f"{encode_basestring(key)}:{write(item)}" for key, item in value.items()]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(write, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def read(text: str | bytes) -> Any:
    """Read JSON text without ever making a float of a number."""
    return json.loads(text, parse_float=Decimal)


def money(cents: int) -> Decimal | int:
    """Cents as an amount in an answer: 10000 becomes 100.00, nothing becomes 0."""
    return Decimal(cents).scaleb(-2) if cents else 0


def amount_text(cents: int) -> str:
    """Cents as a plain text with two decimals, for the control API."""
    return format(Decimal(cents).scaleb(-2), ".2f")


def decimal(value: Any) -> Decimal:
    """A number from a request; ValueError when it is none."""
    if isinstance(value, bool):
        raise ValueError("a boolean is not a number")  # noqa: TRY004
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def cents(value: Any) -> int:
    """An amount of a request in whole cents, half up."""
    return int(decimal(value).quantize(CENT, rounding=ROUND_HALF_UP).scaleb(2))


def round_cents(value: Decimal) -> int:
    """An exact amount of cents to whole cents, half away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def plain(value: Any) -> Decimal | int:
    """A quantity or unit price: at most seven decimals, none of them padding."""
    number = decimal(value).quantize(SEVEN_PLACES, rounding=ROUND_HALF_UP)
    whole = int(number)
    return whole if number == whole else Decimal(format(number.normalize(), "f"))


def spaced(kind: str) -> str:
    """The name of a kind in words: CreditMemo becomes Credit Memo."""
    return "".join(f" {each}" if each.isupper() else each for each in kind).strip()
