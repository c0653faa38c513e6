"""Addresses of names (field guide 9.1): five lines over there, one text here. Pure."""

from collections.abc import Mapping
from itertools import zip_longest

from integrations.contracts import Address
from integrations.quickbooks.mapping.encoding import Json, a_line, some_lines, text_at

_LONGEST_STREET = 500
_SHORT = 30
_LINES = 5
_LINES_THERE = tuple(f"Line{place}" for place in range(1, _LINES + 1))
_NOWHERE = Address()


def says_something(value: object) -> bool:
    """Not empty, or with a part that is not."""
    return any(value.values()) if isinstance(value, dict) else bool(value)


def address_payload(address: Address) -> dict[str, object]:
    """What does not fit five lines stands in the last one."""
    lines = [line for line in some_lines(address.street, _LONGEST_STREET).splitlines() if line]
    lines = [*lines[: _LINES - 1], ", ".join(lines[_LINES - 1 :])]
    return {
        **dict(zip_longest(_LINES_THERE, lines, fillvalue="")),
        "City": a_line(address.city, 255),
        "CountrySubDivisionCode": a_line(address.region, 255),
        "PostalCode": a_line(address.postcode, _SHORT),
        "Country": a_line(address.country, 255),
    }


def address_record(source: Json, key: str) -> Address:
    """The address under this key."""
    place = source.get(key)
    if not isinstance(place, Mapping):
        return _NOWHERE
    return Address(
        street="\n".join(filter(None, (text_at(place, line) for line in _LINES_THERE))),
        city=text_at(place, "City"),
        region=text_at(place, "CountrySubDivisionCode"),
        postcode=text_at(place, "PostalCode"),
        country=text_at(place, "Country"),
    )
