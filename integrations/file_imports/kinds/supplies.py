"""Supplies from a file: matched by part number, and by description where there is none."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from ascora.chart.models import AccountKind, LedgerAccount
from ascora.tenancy.models import Organization, OwnedModel, User
from integrations.file_imports.columns import Field, price, yes_or_no
from integrations.file_imports.kinds.importable import Importable, Values, as_text, misfits
from inventory.models import Supply
from inventory.services import archive_supply, change_supply, create_supply

_FIELDS = (
    Field("part_number", "Part number", ("part no", "part", "sku", "code", "item code")),
    Field("description", "Description", ("name", "item", "item name"), is_needed=True),
    Field("unit", "Unit", ("uom", "unit of measure", "unit of measurement")),
    Field("cost_price", "Cost price", ("cost", "cost ex tax", "buy price", "unit cost"), price),
    Field("sell_price", "Sell price", ("price", "sell", "unit price", "charge"), price),
    Field(
        "sell_price_includes_tax",
        "Sell price includes tax",
        ("sell price inclusive", "inclusive", "price includes gst"),
        yes_or_no,
    ),
    Field("is_taxed", "Taxed", ("tax applies", "gst", "taxable"), yes_or_no),
    Field(
        "income_account",
        "Income Account Code",
        ("account income code", "account", "account code", "income account"),
    ),
)


def _key(values: Values) -> str:
    number = str(values.get("part_number", "")).casefold()
    return f"number {number}" if number else f"text {str(values.get('description', '')).casefold()}"


def _find(organization: Organization, keys: Iterable[str]) -> Mapping[str, OwnedModel]:
    wanted = list(keys)
    numbers = [each.removeprefix("number ") for each in wanted if each.startswith("number ")]
    texts = [each.removeprefix("text ") for each in wanted if each.startswith("text ")]
    rows = Supply.objects.filter(organization=organization).current()
    found = rows.annotate(number=Lower("part_number"), folded=Lower("description")).filter(
        Q(number__in=numbers) | Q(number="", folded__in=texts)
    )
    return {
        _key({"part_number": row.part_number, "description": row.description}): row
        for row in found.select_related("income_account", "organization")
    }


def _refuse(organization: Organization, values: Values, existing: OwnedModel | None) -> list[str]:
    del existing
    plain = {name: value for name, value in values.items() if name != "income_account"}
    faults = misfits(Supply(organization=organization, **plain), fields=_FIELDS, names=plain.keys())
    code = str(values.get("income_account", ""))
    if code and _account(organization, code) is None:
        faults.append(f"Income Account Code: there is no income account “{code[:40]}”")
    return faults


def _account(organization: Organization, code: str) -> LedgerAccount | None:
    """By code, or by code and name as a drop-down shows it."""
    accounts = LedgerAccount.objects.filter(organization=organization)
    offered = accounts.of_kind(AccountKind.INCOME).active()
    first = code.split(" ", maxsplit=1)[0]
    return (
        offered.filter(Q(code=code) | Q(name__iexact=code)).first()
        or offered.filter(~Q(code=""), code=first).first()
    )


def _resolve(organization: Organization, values: Values, by: User | None) -> dict[str, Any]:
    del by
    resolved = dict(values)
    if "income_account" in resolved:
        resolved["income_account"] = _account(organization, str(resolved["income_account"]))
    return resolved


def _add(organization: Organization, values: dict[str, Any], by: User | None) -> Supply:
    return create_supply(organization=organization, by=by, **values)


def _change(supply: Supply, values: dict[str, Any], by: User | None) -> Supply:
    return change_supply(supply=supply, by=by, **values)


def _archive(supply: Supply, by: User | None) -> object:
    return archive_supply(supply=supply, by=by)


def _shown(supply: OwnedModel, name: str) -> str:
    value = getattr(supply, name)
    return value.code if name == "income_account" and value else as_text(value)


SUPPLIES = Importable(
    fields=_FIELDS,
    key=_key,
    name=lambda values: str(values.get("description", "")),
    find=_find,
    refuse=_refuse,
    resolve=_resolve,
    add=_add,
    change=_change,
    archive=_archive,
    shown=_shown,
    model=Supply,
    references=frozenset({"income_account"}),
)
