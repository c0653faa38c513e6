"""Suppliers from a file: matched by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower

from ascora.chart.models import AccountKind, LedgerAccount
from ascora.common.texts import refuse_bad_name
from ascora.tenancy.models import Organization, OwnedModel, User
from integrations.file_imports.columns import Field, days
from integrations.file_imports.kinds.importable import Importable, Values, as_text, misfits
from inventory.models import Supplier
from inventory.services import archive_supplier, change_supplier, create_supplier

_KINDS = (AccountKind.EXPENSE, AccountKind.COST_OF_SALES)
_FIELDS = (
    Field("name", "Name", ("supplier", "supplier name", "vendor", "display name"), is_needed=True),
    Field("company_name", "Company", ("company name", "business name")),
    Field("given_name", "First name", ("given name",)),
    Field("family_name", "Last name", ("surname", "family name")),
    Field("email", "E-mail", ("email", "email address")),
    Field("phone", "Phone", ("telephone", "phone number")),
    Field("mobile", "Mobile", ("mobile number",)),
    Field("tax_number", "ABN", ("tax number", "business number")),
    Field("street", "Street", ("address", "address 1")),
    Field("city", "Suburb", ("city", "town")),
    Field("region", "State", ("region",)),
    Field("postcode", "Postcode", ("zip", "post code")),
    Field("country", "Country"),
    Field("expense_account", "Account Code", ("expense account", "account")),
    Field("payment_days", "Days to pay", ("payment days", "terms"), days),
    Field("notes", "Notes", ("comment", "note")),
)


def _key(values: Values) -> str:
    return str(values.get("name", "")).casefold()


def _find(organization: Organization, keys: Iterable[str]) -> Mapping[str, OwnedModel]:
    rows = Supplier.objects.filter(organization=organization, archived_at=None)
    found = rows.annotate(folded=Lower("name")).filter(folded__in=list(keys))
    related = found.select_related("expense_account", "organization")
    return {row.name.casefold(): row for row in related}


def _refuse(organization: Organization, values: Values, existing: OwnedModel | None) -> list[str]:
    plain = {name: value for name, value in values.items() if name != "expense_account"}
    supplier = Supplier(organization=organization, **plain)
    faults = misfits(supplier, fields=_FIELDS, names=plain.keys())
    if existing is None:
        try:
            refuse_bad_name(str(values.get("name", "")))
        except ValidationError as error:
            faults.extend(error.messages)
    code = str(values.get("expense_account", ""))
    if code and _account(organization, code) is None:
        faults.append(f"Account Code: there is no expense account “{code[:40]}”")
    return faults


def _account(organization: Organization, code: str) -> LedgerAccount | None:
    """By code, by name, or by both as a drop-down shows them."""
    accounts = LedgerAccount.objects.filter(organization=organization)
    offered = accounts.of_kind(*_KINDS).active()
    named = offered.filter(Q(code=code) | Q(name__iexact=code)).first()
    return named or offered.filter(~Q(code=""), code=code.split(" ", maxsplit=1)[0]).first()


def _resolve(organization: Organization, values: Values, by: User | None) -> dict[str, Any]:
    del by
    resolved = dict(values)
    if "expense_account" in resolved:
        resolved["expense_account"] = _account(organization, str(resolved["expense_account"]))
    return resolved


def _add(organization: Organization, values: dict[str, Any], by: User | None) -> Supplier:
    return create_supplier(organization=organization, by=by, **values)


def _change(supplier: Supplier, values: dict[str, Any], by: User | None) -> Supplier:
    return change_supplier(supplier=supplier, by=by, **values)


def _archive(supplier: Supplier, by: User | None) -> object:
    return archive_supplier(supplier=supplier, by=by)


def _shown(supplier: OwnedModel, name: str) -> str:
    value = getattr(supplier, name)
    return value.code if name == "expense_account" and value else as_text(value)


SUPPLIERS = Importable(
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
    model=Supplier,
    references=frozenset({"expense_account"}),
)
