"""Customers, suppliers and service items: names and where they point. Pure."""

from collections.abc import Mapping
from operator import attrgetter

from integrations.comparison.likeness import Essence, Likeness
from integrations.contracts import (
    CustomerDraft,
    CustomerRecord,
    ItemDraft,
    ItemRecord,
    SupplierDraft,
    SupplierRecord,
)

_CUSTOMER_TEXTS = (
    "name", "company_name", "given_name", "family_name", "email", "phone", "mobile", "notes",
)  # fmt: skip
# Not the tax number: the books show its last characters only.
_SUPPLIER_TEXTS = (
    "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
)  # fmt: skip
_ADDRESS_TEXTS = ("street", "city", "region", "postcode", "country")
_PLACES = [(place, part) for place in ("billing", "site") for part in _ADDRESS_TEXTS]
_CUSTOMER_FIELDS = (*_CUSTOMER_TEXTS, *(f"{place}_{part}" for place, part in _PLACES))
_SOME_TEXTS = (*_CUSTOMER_FIELDS, *_ADDRESS_TEXTS)
_CUSTOMER_VALUES = attrgetter(*_CUSTOMER_TEXTS, *(f"{place}.{part}" for place, part in _PLACES))


def customer_fields() -> list[str]:
    """Names of a customer's texts, addresses as billing_street and so on."""
    return list(_CUSTOMER_FIELDS)


def changed_texts(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, str]:
    """The texts of a customer or supplier that differ between two essences, by name."""
    return {
        key: str(after[key])
        for key in _SOME_TEXTS
        if key in after and before.get(key) != after[key]
    }


def _customer(customer: CustomerDraft | CustomerRecord) -> Essence:
    texts: Essence = dict(zip(_CUSTOMER_FIELDS, _CUSTOMER_VALUES(customer), strict=True))
    texts["is_active"] = customer.is_active
    return texts


def _customer_there(record: CustomerRecord) -> Essence:
    return _customer(record) | {"parent_id": record.parent_id}


def _supplier(supplier: SupplierDraft | SupplierRecord) -> Essence:
    texts: Essence = {key: getattr(supplier, key) for key in _SUPPLIER_TEXTS}
    texts |= {part: getattr(supplier.address, part) for part in _ADDRESS_TEXTS}
    return texts | {"is_active": supplier.is_active}


def _item_there(record: ItemRecord) -> Essence:
    return {
        "name": record.name,
        "income_account_id": record.income_account_id,
        "is_active": record.is_active,
    }


def _item(item: ItemDraft | ItemRecord) -> tuple[str, str]:
    return (item.name, item.income_account_id)


CUSTOMER = Likeness(essence=_customer_there, sent=_customer, shown=_customer)
SUPPLIER = Likeness(essence=_supplier, sent=_supplier, shown=_supplier)
ITEM = Likeness(essence=_item_there, sent=_item, shown=_item)
