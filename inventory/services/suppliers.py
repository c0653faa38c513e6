"""Changing suppliers. What the books hear of is recorded once they know the supplier."""

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.common.texts import refuse_bad_name, refuse_long_texts
from ascora.history.services import note_changes
from ascora.outbox.selectors import is_known_to_books
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from inventory.models import Supplier
from inventory.selectors import is_owed

# What stays in Ascora: where its invoices go, and when they are due, is decided here.
_OWN_FIELDS = frozenset({"expense_account", "payment_days", "notes"})


class SupplierIsOwed(Exception):
    """The supplier still has invoices to be paid."""


class SupplierValues(TypedDict, total=False):
    """The plain values of a supplier."""

    name: str
    company_name: str
    given_name: str
    family_name: str
    email: str
    phone: str
    mobile: str
    tax_number: str
    street: str
    city: str
    region: str
    postcode: str
    country: str
    expense_account: LedgerAccount | None
    payment_days: int
    notes: str


@transaction.atomic
def create_supplier(
    *, organization: Organization, by: User | None, **values: Unpack[SupplierValues]
) -> Supplier:
    """Add a supplier. The books hear of it with its first invoice, so nothing is recorded here.

    Raises ValidationError when a value does not fit or the name is taken.
    """
    supplier = Supplier(organization=organization, **values)
    _check(supplier)
    supplier.save()
    index_for_search(supplier)
    return supplier


@transaction.atomic
def change_supplier(
    *, supplier: Supplier, by: User | None, **values: Unpack[SupplierValues]
) -> Supplier:
    """Change the given values; the books hear of it when they know the supplier.

    A call that changes nothing does nothing. Returns the row as it stands now.
    """
    supplier = locked_supplier(supplier)
    before = apply_to_supplier(supplier, values)
    if not before:
        return supplier
    _check(supplier, before)
    supplier.save(update_fields=[*before, "updated_at"])
    note_changes(supplier, before=before, by=by)
    index_supplier(supplier, was_renamed="name" in before)
    if is_known_to_books(supplier) and before.keys() - _OWN_FIELDS:
        record_change(supplier, by=by)
    return supplier


@transaction.atomic
def archive_supplier(*, supplier: Supplier, by: User | None) -> Supplier:
    """Hide a supplier from lists and drop-downs; its history stays. May be called again.

    Raises SupplierIsOwed while an invoice is to be paid.
    """
    supplier = locked_supplier(supplier)
    if supplier.archived_at is not None:
        return supplier
    if is_owed(supplier):
        raise SupplierIsOwed(supplier.name)
    supplier.archived_at = timezone.now()
    supplier.save(update_fields=["archived_at", "updated_at"])
    note_changes(supplier, before={"is_archived": False}, by=by)
    if is_known_to_books(supplier):
        record_change(supplier, by=by)
    return supplier


@transaction.atomic
def restore_supplier(*, supplier: Supplier, by: User | None) -> Supplier:
    """Undo archiving. Raises ValidationError when the name was taken meanwhile."""
    supplier = locked_supplier(supplier)
    if supplier.archived_at is None:
        return supplier
    supplier.archived_at = None
    _check(supplier, ["archived_at"])
    supplier.save(update_fields=["archived_at", "updated_at"])
    note_changes(supplier, before={"is_archived": True}, by=by)
    if is_known_to_books(supplier):
        record_change(supplier, by=by)
    return supplier


def locked_supplier(supplier: Supplier) -> Supplier:
    """The row as it stands now, held until the transaction ends."""
    rows = Supplier.objects.filter(organization=supplier.organization_id)
    related = rows.select_related("organization", "expense_account")
    return related.select_for_update(of=("self",)).get(pk=supplier.pk)


def apply_to_supplier(supplier: Supplier, values: Mapping[str, object]) -> dict[str, object]:
    """Set the values that differ; names them with what they were."""
    before = {name: old for name, new in values.items() if (old := getattr(supplier, name)) != new}
    for name in before:
        setattr(supplier, name, values[name])
    return before


def index_supplier(supplier: Supplier, *, was_renamed: bool) -> None:
    """Keep search true: a supplier's invoices are found by its name too."""
    index_for_search(supplier)
    if was_renamed:
        index_for_search(*supplier.invoices.select_related("supplier", "organization"))


def _check(supplier: Supplier, changed: Iterable[str] | None = None) -> None:
    """What is changed must be in order; what came from the books otherwise may stay as it is."""
    if changed is None or "name" in changed:
        refuse_bad_name(supplier.name)
    refuse_long_texts(supplier)
    columns = {column.name for column in supplier._meta.fields}
    judged = columns if changed is None else {*changed, "name", "archived_at", "organization"}
    supplier.full_clean(exclude=columns - judged)
