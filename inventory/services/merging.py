"""Two suppliers that are one. The books know it already."""

from django.db import transaction
from django.utils import timezone

from ascora.history.services import note_changes
from ascora.tenancy.models import User
from inventory.models import Supplier, SupplierInvoice, Supply
from inventory.services.suppliers import index_supplier, locked_supplier


@transaction.atomic
def merge_suppliers(*, loser: Supplier, survivor: Supplier, by: User | None) -> Supplier:
    """The survivor gets the loser's invoices and supplies; the loser is archived."""
    loser, survivor = locked_supplier(loser), locked_supplier(survivor)
    of_loser = {"organization": loser.organization, "supplier": loser}
    SupplierInvoice.objects.filter(**of_loser).update(supplier=survivor)
    Supply.objects.filter(**of_loser).update(supplier=survivor)
    loser.archived_at = loser.archived_at or timezone.now()
    loser.save(update_fields=["archived_at", "updated_at"])
    note_changes(loser, before={"is_archived": False}, by=by)
    index_supplier(survivor, was_renamed=True)
    return survivor
