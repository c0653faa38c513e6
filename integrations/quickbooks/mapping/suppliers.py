"""Suppliers: vendors over there (field guide 9.1). Pure."""

from integrations.contracts import Kind, RemoteRef, SupplierDraft, SupplierRecord
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
    text_at,
)

_SHORT = 30
# Longer than what people may type here: a name that came from there stays whole.
_LONGEST_NAME = 500
_TAX_NUMBER = 20


def supplier_payload(draft: SupplierDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """A create leaves empty fields out; an update sends them, so that cleared is cleared. A tax
    number that is not known here stays as it is there.
    """
    payload: dict[str, object] = {
        "DisplayName": a_name(draft.name, _LONGEST_NAME),
        "CompanyName": a_line(draft.company_name, 100),
        "GivenName": a_name(draft.given_name),
        "FamilyName": a_name(draft.family_name),
        "PrimaryEmailAddr": {"Address": a_line(draft.email, 100)},
        "PrimaryPhone": {"FreeFormNumber": a_line(draft.phone, _SHORT)},
        "Mobile": {"FreeFormNumber": a_line(draft.mobile, _SHORT)},
        "BillAddr": address_payload(draft.address),
    }
    if draft.tax_number:
        payload["TaxIdentifier"] = a_line(draft.tax_number, _TAX_NUMBER)
    if existing is None:
        return {name: value for name, value in payload.items() if says_something(value)}
    return identity_of(existing.id, existing.revision) | payload | {"Active": draft.is_active}


def supplier_record(source: Json) -> SupplierRecord:
    """A vendor as it stands there; inactive ones bear " (deleted)" in their names."""
    return SupplierRecord(
        ref=RemoteRef(Kind.SUPPLIER, text_at(source, "Id"), text_at(source, "SyncToken")),
        name=text_at(source, "DisplayName"),
        company_name=text_at(source, "CompanyName"),
        given_name=text_at(source, "GivenName"),
        family_name=text_at(source, "FamilyName"),
        email=text_at(source, "PrimaryEmailAddr", "Address"),
        phone=text_at(source, "PrimaryPhone", "FreeFormNumber"),
        mobile=text_at(source, "Mobile", "FreeFormNumber"),
        tax_number=text_at(source, "TaxIdentifier"),
        address=address_record(source, "BillAddr"),
        is_active=is_true_at(source, "Active", default=True),
        changed_at=changed_at(source),
    )
