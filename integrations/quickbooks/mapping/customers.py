"""Customers (field guide 9.1). Pure."""

from itertools import zip_longest

from integrations.contracts import Address, CustomerDraft, CustomerRecord, Kind, RemoteRef
from integrations.quickbooks.mapping.encoding import (
    Json,
    a_line,
    a_name,
    changed_at,
    identity_of,
    is_true_at,
    some_lines,
    text_at,
)

_LONGEST_STREET = 500
_SHORT = 30
_LINES = 5
_PLACES = range(1, _LINES + 1)


def customer_payload(draft: CustomerDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """A create leaves empty fields out; an update sends them, so that cleared is cleared."""
    payload: dict[str, object] = {
        "DisplayName": a_name(draft.name),
        "CompanyName": a_line(draft.company_name, 100),
        "GivenName": a_name(draft.given_name),
        "FamilyName": a_name(draft.family_name),
        "PrimaryEmailAddr": {"Address": a_line(draft.email, 100)},
        "PrimaryPhone": {"FreeFormNumber": a_line(draft.phone, _SHORT)},
        "Mobile": {"FreeFormNumber": a_line(draft.mobile, _SHORT)},
        "BillAddr": _address_payload(draft.billing),
        "ShipAddr": _address_payload(draft.site),
        "Notes": some_lines(draft.notes, 2000),
    }
    if existing is None:
        return {name: value for name, value in payload.items() if _says_something(value)}
    return identity_of(existing.id, existing.revision) | payload | {"Active": draft.is_active}


def _says_something(value: object) -> bool:
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _address_payload(address: Address) -> dict[str, object]:
    lines = [line for line in some_lines(address.street, _LONGEST_STREET).splitlines() if line]
    lines = [*lines[: _LINES - 1], ", ".join(lines[_LINES - 1 :])]
    return {
        **{f"Line{place}": line for place, line in zip_longest(_PLACES, lines, fillvalue="")},
        "City": a_line(address.city, 255),
        "CountrySubDivisionCode": a_line(address.region, 255),
        "PostalCode": a_line(address.postcode, _SHORT),
        "Country": a_line(address.country, 255),
    }


def customer_record(source: Json) -> CustomerRecord:
    """A customer as it stands there; inactive ones bear " (deleted)" in their names."""
    return CustomerRecord(
        ref=RemoteRef(Kind.CUSTOMER, text_at(source, "Id"), text_at(source, "SyncToken")),
        name=text_at(source, "DisplayName"),
        full_name=text_at(source, "FullyQualifiedName"),
        company_name=text_at(source, "CompanyName"),
        given_name=text_at(source, "GivenName"),
        family_name=text_at(source, "FamilyName"),
        email=text_at(source, "PrimaryEmailAddr", "Address"),
        phone=text_at(source, "PrimaryPhone", "FreeFormNumber"),
        mobile=text_at(source, "Mobile", "FreeFormNumber"),
        billing=_address_record(source, "BillAddr"),
        site=_address_record(source, "ShipAddr"),
        notes=text_at(source, "Notes"),
        is_taxed=is_true_at(source, "Taxable", default=True),
        is_active=is_true_at(source, "Active", default=True),
        parent_id=text_at(source, "ParentRef", "value"),
        changed_at=changed_at(source),
    )


def _address_record(source: Json, key: str) -> Address:
    lines = [text_at(source, key, f"Line{place}") for place in range(1, 6)]
    return Address(
        street="\n".join(line for line in lines if line),
        city=text_at(source, key, "City"),
        region=text_at(source, key, "CountrySubDivisionCode"),
        postcode=text_at(source, key, "PostalCode"),
        country=text_at(source, key, "Country"),
    )
