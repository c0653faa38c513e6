"""Customers (field guide 9.1). Pure."""

from integrations.contracts import CustomerDraft, CustomerRecord, Kind, RemoteRef
from integrations.quickbooks.mapping.addresses import (
    address_payload,
    address_record,
    says_something,
)
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

_SHORT = 30
# Longer than what people may type here: a name that came from there stays whole.
_LONGEST_NAME = 500


def customer_payload(draft: CustomerDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """A create leaves empty fields out; an update sends them, so that cleared is cleared."""
    payload: dict[str, object] = {
        "DisplayName": a_name(draft.name, _LONGEST_NAME),
        "CompanyName": a_line(draft.company_name, 100),
        "GivenName": a_name(draft.given_name),
        "FamilyName": a_name(draft.family_name),
        "PrimaryEmailAddr": {"Address": a_line(draft.email, 100)},
        "PrimaryPhone": {"FreeFormNumber": a_line(draft.phone, _SHORT)},
        "Mobile": {"FreeFormNumber": a_line(draft.mobile, _SHORT)},
        "BillAddr": address_payload(draft.billing),
        "ShipAddr": address_payload(draft.site),
        "Notes": some_lines(draft.notes, 2000),
    }
    if existing is None:
        return {name: value for name, value in payload.items() if says_something(value)}
    return identity_of(existing.id, existing.revision) | payload | {"Active": draft.is_active}


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
        billing=address_record(source, "BillAddr"),
        site=address_record(source, "ShipAddr"),
        notes=text_at(source, "Notes"),
        is_taxed=is_true_at(source, "Taxable", default=True),
        is_active=is_true_at(source, "Active", default=True),
        parent_id=text_at(source, "ParentRef", "value"),
        changed_at=changed_at(source),
    )
