"""Reading suppliers."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization
from inventory.models import Supplier, SupplierInvoice, SupplierQuerySet


def suppliers_for(organization: Organization) -> SupplierQuerySet:
    """All suppliers of the business, archived ones too; with their account codes."""
    found: SupplierQuerySet = Supplier.objects.filter(organization=organization)
    return found.select_related("expense_account")


def supplier_for(organization: Organization, public_id: UUID) -> Supplier:
    """One supplier; Http404 when the business has no such one."""
    return get_object_or_404(suppliers_for(organization), public_id=public_id)


def supplier_choice_for(organization: Organization, typed: str) -> Supplier | None:
    """The supplier that an address names by its public id, if there is such a one."""
    try:
        public_id = UUID(typed)
    except ValueError:
        return None
    return suppliers_for(organization).filter(public_id=public_id).first()


def suppliers_with_invoices(organization: Organization) -> SupplierQuerySet:
    """Those that have sent an invoice or a credit."""
    sent = SupplierInvoice.objects.filter(
        organization=OuterRef("organization"), supplier=OuterRef("pk")
    )
    return suppliers_for(organization).filter(Exists(sent))


def suppliers_shown(suppliers: SupplierQuerySet, shown: str) -> SupplierQuerySet:
    """As the list's filter says."""
    return suppliers.filter(archived_at__isnull=shown != "archived")


def is_supplier_name_free(
    organization: Organization, name: str, *, but_for: int | None = None
) -> bool:
    """Whether no other current supplier has this name, upper and lower case being the same."""
    alike = suppliers_for(organization).current().filter(name__iexact=name)
    return not any(pk != but_for for pk in alike.values_list("pk", flat=True))
