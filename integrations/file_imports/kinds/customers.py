"""Customers from a file: matched by name, lead sources made as they are named."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower

from ascora.common.texts import refuse_bad_name
from ascora.tenancy.models import Organization, OwnedModel, User
from integrations.file_imports.columns import Field, yes_or_no
from integrations.file_imports.kinds.importable import Importable, Values, as_text, misfits
from jobs.models import Customer, LeadSource
from jobs.services import (
    archive_customer,
    change_customer,
    create_customer,
    create_lead_source,
)

_LONGEST_SOURCE = 31
_LONGEST_NOTES = 2000


def _place(place: str, label: str) -> list[Field]:
    return [
        Field(f"{place}_street", f"{label} street", (f"{label} address", f"{label} address 1")),
        Field(f"{place}_city", f"{label} suburb", (f"{label} city", f"{label} town")),
        Field(f"{place}_region", f"{label} state", (f"{label} region",)),
        Field(f"{place}_postcode", f"{label} postcode", (f"{label} zip", f"{label} post code")),
        Field(f"{place}_country", f"{label} country"),
    ]


_FIELDS = (
    Field("name", "Name", ("customer", "customer name", "display name"), is_needed=True),
    Field("company_name", "Company", ("company name", "business name")),
    Field("given_name", "First name", ("given name", "contact first name")),
    Field("family_name", "Last name", ("surname", "family name", "contact last name")),
    Field("email", "E-mail", ("email", "email address", "e-mail address")),
    Field("phone", "Phone", ("telephone", "phone number", "landline")),
    Field("mobile", "Mobile", ("cell", "mobile phone", "mobile number")),
    *_place("site", "Site"),
    *_place("billing", "Billing"),
    Field("lead_source", "Lead source", ("source",)),
    Field("is_taxed", "Tax", ("gst", "tax (gst)", "taxable", "taxed"), yes_or_no),
    Field("notes", "Notes", ("comment", "comments", "note")),
)


def _key(values: Values) -> str:
    return str(values.get("name", "")).casefold()


def _find(organization: Organization, keys: Iterable[str]) -> Mapping[str, OwnedModel]:
    rows = Customer.objects.filter(organization=organization).current()
    found = rows.annotate(folded=Lower("name")).filter(folded__in=list(keys))
    return {row.name.casefold(): row for row in found.select_related("lead_source", "organization")}


def _refuse(organization: Organization, values: Values, existing: OwnedModel | None) -> list[str]:
    plain = {name: value for name, value in values.items() if name != "lead_source"}
    faults = misfits(
        Customer(organization=organization, **plain), fields=_FIELDS, names=plain.keys()
    )
    if existing is None:
        try:
            refuse_bad_name(str(values.get("name", "")))
        except ValidationError as error:
            faults.extend(error.messages)
    if len(str(values.get("lead_source", ""))) > _LONGEST_SOURCE:
        faults.append(f"Lead source: at most {_LONGEST_SOURCE} characters")
    if len(str(values.get("notes", ""))) > _LONGEST_NOTES:
        faults.append(f"Notes: at most {_LONGEST_NOTES:,} characters")
    return faults


def _resolve(organization: Organization, values: Values, by: User | None) -> dict[str, Any]:
    resolved = dict(values)
    if "lead_source" in resolved:
        name = str(resolved["lead_source"])
        found = LeadSource.objects.filter(organization=organization, name__iexact=name).first()
        resolved["lead_source"] = found or create_lead_source(
            organization=organization, by=by, name=name
        )
    return resolved


def _add(organization: Organization, values: dict[str, Any], by: User | None) -> Customer:
    return create_customer(organization=organization, by=by, **values)


def _change(customer: Customer, values: dict[str, Any], by: User | None) -> Customer:
    return change_customer(customer=customer, by=by, **values)


def _archive(customer: Customer, by: User | None) -> object:
    return archive_customer(customer=customer, by=by)


def _shown(customer: OwnedModel, name: str) -> str:
    return as_text(getattr(customer, name))


CUSTOMERS = Importable(
    fields=_FIELDS,
    key=_key,
    name=lambda values: str(values.get("name", "")),
    find=_find,
    refuse=_refuse,
    resolve=_resolve,
    add=_add,
    change=_change,
    archive=_archive,
    shown=_shown,
    model=Customer,
    references=frozenset({"lead_source"}),
)
