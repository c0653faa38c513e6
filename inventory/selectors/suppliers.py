"""Reading suppliers."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization
from inventory.models import Supplier, SupplierQuerySet


def suppliers_for(organization: Organization) -> SupplierQuerySet:
    """All suppliers of the business, archived ones too; with their account codes."""
    found: SupplierQuerySet = Supplier.objects.filter(organization=organization)
    return found.select_related("expense_account")


def supplier_for(organization: Organization, public_id: UUID) -> Supplier:
    """One supplier; Http404 when the business has no such one."""
    return get_object_or_404(suppliers_for(organization), public_id=public_id)


def suppliers_shown(suppliers: SupplierQuerySet, shown: str) -> SupplierQuerySet:
    """As the list's filter says."""
    return suppliers.filter(archived_at__isnull=shown != "archived")


def is_supplier_name_free(
    organization: Organization, name: str, *, but_for: int | None = None
) -> bool:
    """Whether no other current supplier has this name, upper and lower case being the same."""
    alike = suppliers_for(organization).current().filter(name__iexact=name)
    return not any(pk != but_for for pk in alike.values_list("pk", flat=True))
