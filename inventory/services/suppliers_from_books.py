"""Suppliers as the books have them. What comes from there is not sent back there."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from ascora.common.texts import LONGEST_NAME, fitting_texts, numbered_name
from ascora.history.models import Verdict
from ascora.history.services import note_changes
from ascora.outbox.selectors import has_unsent_changes, is_known_to_books
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization
from inventory.models import Supplier
from inventory.selectors import is_owed
from inventory.services.suppliers import apply_to_supplier, index_supplier, locked_supplier

Values = Mapping[str, str | bool]

# Not the tax number: the books show its last characters only.
_TEXTS = (
    "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
    "street", "city", "region", "postcode", "country",
)  # fmt: skip


@transaction.atomic
def record_supplier_from_books(
    *, organization: Organization, origin: str, values: Values, supplier: Supplier | None
) -> Supplier:
    """Create the supplier (None) or take over what the books say of it; idempotent.

    `values` are column names with texts, and `is_active`; texts are cut to what fits. Changes of
    our own that still wait are kept. At the first meeting of a supplier of ours with its like in
    the books, an empty field there does not empty ours.
    """
    if supplier is None:
        supplier = Supplier(organization=organization, **_fitting(values))
        _archive_or_restore(supplier, values)
        supplier.name = _free_name(supplier, supplier.name or "No name")
        supplier.save()
        index_for_search(supplier)
    else:
        supplier = locked_supplier(supplier)
        _take_over(supplier, values, origin)
    record_change(supplier, by=None, origin=origin)
    return supplier


@transaction.atomic
def merge_supplier_with_books(
    *,
    supplier: Supplier,
    taken: Mapping[str, str],
    kept: Mapping[str, str],
    origin: str,
    both: Collection[str],
) -> Supplier:
    """Take over what only the books changed, or changed later; write down what was kept here.

    `kept` holds the values of the books that lost against a newer one here, `both` the fields that
    both sides had changed. What is taken over counts as a change of its own: the books hear of the
    merged supplier.
    """
    supplier = locked_supplier(supplier)
    before = apply_to_supplier(supplier, _fitting(taken))
    if "name" in before:
        supplier.name = _free_name(supplier, supplier.name)
    if before:
        supplier.save()
        index_supplier(supplier, was_renamed="name" in before)
        record_change(supplier, by=None)
    verdicts = dict.fromkeys(before.keys() & set(both), Verdict.THEIRS)
    verdicts |= dict.fromkeys(kept, Verdict.OURS)
    note_changes(supplier, before=before | dict(kept), by=None, origin=origin, both=verdicts)
    return supplier


def _take_over(supplier: Supplier, values: Values, origin: str) -> None:
    """Ours wins while it waits; else theirs, at a first meeting only where theirs is not empty."""
    if has_unsent_changes(supplier):
        return
    theirs = _fitting(values)
    if not is_known_to_books(supplier):
        theirs = {name: value for name, value in theirs.items() if value != ""}
    if not theirs.get("name"):
        theirs.pop("name", None)
    was_archived = supplier.is_archived
    before = apply_to_supplier(supplier, theirs)
    _archive_or_restore(supplier, values)
    if supplier.is_archived != was_archived:
        before["is_archived"] = was_archived
    if "name" in before or "is_archived" in before:
        supplier.name = _free_name(supplier, supplier.name)
    if before:
        supplier.save()
        note_changes(supplier, before=before, by=None, origin=origin)
        index_supplier(supplier, was_renamed="name" in before)


def _fitting(values: Mapping[str, object]) -> dict[str, str]:
    return fitting_texts(Supplier, values, columns=_TEXTS, of_several_lines={"street"})


def _archive_or_restore(supplier: Supplier, values: Values) -> None:
    """One that is still owed is not hidden: whoever reads the books says so."""
    if values.get("is_active") is False and not (supplier.pk and is_owed(supplier)):
        supplier.archived_at = supplier.archived_at or timezone.now()
    elif values.get("is_active") is True:
        supplier.archived_at = None


def _free_name(supplier: Supplier, name: str) -> str:
    """With a number behind it when another current supplier has the name."""
    if supplier.archived_at is not None:
        return name
    rows = Supplier.objects.filter(organization=supplier.organization_id).current()
    beginning = name[: LONGEST_NAME - 6]
    alike = rows.exclude(pk=supplier.pk).filter(name__startswith=beginning)
    return numbered_name(name, set(alike.values_list("name", flat=True)))
