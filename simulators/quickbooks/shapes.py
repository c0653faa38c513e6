"""Is a request body of the right form: known properties, required ones, lengths, formats."""

from collections.abc import Callable
from datetime import date
from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import LINE_KEYS, Document, Entity, Field
from simulators.quickbooks.entities.names import check_email
from simulators.quickbooks.serialise import decimal

ADDRESS_MAXIMA = {
    **{f"Line{number}": 500 for number in range(1, 6)},
    "City": 255,
    "Country": 255,
    "CountrySubDivisionCode": 255,
    "PostalCode": 30,
}
ADDRESS_KEYS = frozenset(
    (
        *ADDRESS_MAXIMA,
        "Id",
        "Lat",
        "Long",
        "CountryCode",
        "CountySubDivisionCode",
        "Note",
        "Tag",
        "CountrySubDivision",
        "PostalCodeSuffix",
    )
)
DETAIL_KEYS = frozenset(
    (
        "ItemRef",
        "Qty",
        "UnitPrice",
        "TaxCodeRef",
        "ClassRef",
        "ServiceDate",
        "DiscountRate",
        "DiscountAmt",
        "TaxInclusiveAmt",
        "ItemAccountRef",
        "MarkupInfo",
        "RatePercent",
        "PriceLevelRef",
        "DeferredRevenue",
        "TaxClassificationRef",
        "UOMRef",
        "InventorySiteRef",
    )
)
EXPENSE_KEYS = frozenset(
    ("BillableStatus", "ClassRef", "CustomerRef", "MarkupInfo", "TaxCodeRef", "TaxInclusiveAmt")
)
BOOKED_KEYS = frozenset(("AccountRef", "ClassRef", "Entity", "TaxApplicableOn", "TaxCodeRef"))
JOURNAL_KEYS = frozenset(("BillableStatus", "DepartmentRef", "JournalCodeRef", "PostingType"))
KEYS_OF_DETAIL = {
    "DepositLineDetail": BOOKED_KEYS | {"CheckNum", "PaymentMethodRef", "TxnType"},
    "JournalEntryLineDetail": BOOKED_KEYS | JOURNAL_KEYS | {"TaxAmount", "TaxInclusiveAmt"},
    "SalesItemLineDetail": DETAIL_KEYS,
    "AccountBasedExpenseLineDetail": EXPENSE_KEYS | {"AccountRef", "TaxAmount"},
    "ItemBasedExpenseLineDetail": EXPENSE_KEYS | {"ItemRef", "PriceLevelRef", "Qty", "UnitPrice"},
}
NEEDED_IN_DETAIL = {"JournalEntryLineDetail": ("PostingType", "AccountRef")}
PHONE, EMAIL, WEB = 30, 100, 1000
Checker = Callable[[Field, Any], list[faults.Error]]


def clean(entity: Entity, body: Any, *, partial: bool) -> Document:
    """Check a body and give what may be written, or raise every error of its form at once."""
    if not isinstance(body, dict):
        raise faults.unreadable("Property Name:Can not deserialize instance of object")
    known = entity.known()
    for name in body:
        if name not in entity.order and name not in known:
            raise faults.unknown_property(name, entity.name, known)
    errors: list[faults.Error] = []
    draft: Document = {}
    for field in entity.fields:
        value = body.get(field.name)
        if field.name not in body or field.kind == "ignored" or field.read_only:
            continue
        if value is None or value in ("", {}):
            draft[field.name] = None
            continue
        errors.extend(CHECKERS.get(field.kind, _anything)(field, value))
        draft[field.name] = _normal(field, value)
    errors.extend(_missing(entity, draft, partial=partial))
    if errors:
        raise faults.Fault(*errors)
    return draft


def _missing(entity: Entity, draft: Document, *, partial: bool) -> list[faults.Error]:
    return [
        faults.missing(field.name)
        for field in entity.fields
        if field.required
        and draft.get(field.name) in (None, [])
        and (not partial or field.name in draft)
    ]


def _normal(field: Field, value: Any) -> Any:
    if field.kind == "date":
        return str(value)[:10]
    if field.kind == "text":
        return str(value).strip() if isinstance(value, str) else str(value)
    if field.kind == "ref":
        identifier = value.get("value", "") if isinstance(value, dict) else value
        return {"value": str(identifier)}
    if field.kind == "memo" and isinstance(value, dict):
        return {"value": str(value.get("value", ""))}
    return value


def _anything(_field: Field, _value: Any) -> list[faults.Error]:
    return []


def _text(field: Field, value: Any) -> list[faults.Error]:
    if isinstance(value, dict | list):
        return [faults.malformed("2040", "String", field.name, "object")]
    length = len(str(value))
    return (
        [faults.too_long(field.name, field.maximum, length)] if 0 < field.maximum < length else []
    )


def _part(field: Field, value: Any, key: str, maximum: int) -> list[faults.Error]:
    if not isinstance(value, dict):
        raise faults.unreadable(f"Property Name:Can not construct instance of {field.name}")
    length = len(str(value.get(key) or ""))
    return [faults.too_long(field.name, maximum, length)] if length > maximum else []


def _phone(field: Field, value: Any) -> list[faults.Error]:
    return _part(field, value, "FreeFormNumber", PHONE)


def _email(field: Field, value: Any) -> list[faults.Error]:
    errors = _part(field, value, "Address", EMAIL)
    wrong = check_email(value, field.name)
    return [*errors, wrong] if wrong else errors


def _web(field: Field, value: Any) -> list[faults.Error]:
    return _part(field, value, "URI", WEB)


def _address(field: Field, value: Any) -> list[faults.Error]:
    if not isinstance(value, dict):
        raise faults.unreadable(f"Property Name:Can not construct instance of {field.name}")
    for key in value:
        if key not in ADDRESS_KEYS:
            raise faults.unknown_property(key, "PhysicalAddress", sorted(ADDRESS_KEYS))
    return [
        faults.too_long(key, maximum, len(str(value[key])))
        for key, maximum in ADDRESS_MAXIMA.items()
        if len(str(value.get(key) or "")) > maximum
    ]


def _date(field: Field, value: Any) -> list[faults.Error]:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return [faults.malformed("2060", "date format", field.name, value)]
    return []


def _number(field: Field, value: Any) -> list[faults.Error]:
    try:
        decimal(value)
    except ValueError:
        return [faults.malformed("2070", "number", field.name, value)]
    return []


def _boolean(field: Field, value: Any) -> list[faults.Error]:
    good = isinstance(value, bool)
    return [] if good else [faults.malformed("2170", "boolean", field.name, value)]


def _choice(field: Field, value: Any) -> list[faults.Error]:
    good = value in field.choices
    return [] if good else [faults.malformed("2170", "Enumeration", field.name, value)]


def _lines(_field: Field, value: Any) -> list[faults.Error]:
    if not isinstance(value, list):
        raise faults.unreadable("Property Name:Can not deserialize instance of java.util.List")
    errors: list[faults.Error] = []
    for line in value:
        for key in line:
            if key not in LINE_KEYS:
                raise faults.unknown_property(key, "Line", sorted(LINE_KEYS))
        errors.extend(_text(Field("Description", maximum=4000), line.get("Description") or ""))
        errors.extend(_detail(line))
        errors.extend(_left_out(line))
        if line.get("Amount") is not None:
            errors.extend(_number(Field("Amount"), line["Amount"]))
    return errors


def _detail(line: Document) -> list[faults.Error]:
    errors: list[faults.Error] = []
    for kind, keys in KEYS_OF_DETAIL.items():
        detail = line.get(kind) or {}
        for key in detail:
            if key not in keys:
                raise faults.unknown_property(key, kind, sorted(keys))
        for key in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
            if detail.get(key) is not None:
                errors.extend(_number(Field(key), detail[key]))
    return errors


def _left_out(line: Document) -> list[faults.Error]:
    kind = str(line.get("DetailType") or "")
    detail = line.get(kind) or {}
    return [faults.missing(key) for key in NEEDED_IN_DETAIL.get(kind, ()) if not detail.get(key)]


def _memo(field: Field, value: Any) -> list[faults.Error]:
    return _part(field, value, "value", field.maximum)


CHECKERS: dict[str, Checker] = {
    "text": _text,
    "phone": _phone,
    "email": _email,
    "web": _web,
    "address": _address,
    "date": _date,
    "number": _number,
    "money": _number,
    "boolean": _boolean,
    "enum": _choice,
    "lines": _lines,
    "memo": _memo,
}
