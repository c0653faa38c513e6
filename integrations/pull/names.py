"""A customer or supplier that the books changed: field by field, the newer change wins, and the
history says so.
"""

from ascora.outbox.models import Hold
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for, has_unsent_changes
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.comparison import changed_texts, essence
from integrations.contracts import CustomerRecord, SupplierRecord
from integrations.links import follow_revision, note, was_edited
from integrations.models import Connection, RemoteLink
from inventory.models import Supplier
from inventory.services import record_supplier_from_books
from jobs.models import Customer
from jobs.services import record_customer_from_books

SWITCH_ON = "Send Ascora's version to switch it on again"


def apply_name(
    connection: Connection,
    link: RemoteLink,
    document: OwnedModel,
    record: CustomerRecord | SupplierRecord,
) -> bool:
    """Take over what changed there. While a change of ours waits, its own sending merges both."""
    if not isinstance(document, Customer | Supplier):
        return False
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    if has_unsent_changes(document):
        return False
    changed = _changed(link, record)
    note(link, record)
    if not changed:
        return False
    ours = _record(document, str(connection.public_id), changed)
    if changed.get("is_active") is False and not ours.is_archived:
        return _say_still_open(connection, ours, record)
    what = ", ".join(field.replace("_", " ") for field in changed)
    message = f"Changed in the books and taken over: {what}."
    attempts.note_read(connection, document, record.ref, message=message)
    return True


def _changed(link: RemoteLink, record: CustomerRecord | SupplierRecord) -> dict[str, str | bool]:
    """What differs from what was seen last, where it is ours to take over."""
    before = link.seen.get("is", {})
    changed: dict[str, str | bool] = dict(changed_texts(before, essence(record)))
    if record.is_active != before.get("is_active", True):
        changed["is_active"] = record.is_active
    is_sub = isinstance(record, CustomerRecord) and bool(record.parent_id)
    if not record.is_active or is_sub:
        # A switched-off name carries a suffix over there that is none of ours.
        changed.pop("name", None)
    return changed


def _record(
    document: Customer | Supplier, origin: str, changed: dict[str, str | bool]
) -> Customer | Supplier:
    owner = document.organization
    if isinstance(document, Customer):
        return record_customer_from_books(
            organization=owner, origin=origin, values=changed, customer=document
        )
    return record_supplier_from_books(
        organization=owner, origin=origin, values=changed, supplier=document
    )


def _say_still_open(
    connection: Connection, ours: Customer | Supplier, record: CustomerRecord | SupplierRecord
) -> bool:
    """Switched off there while money is open here: a person decides."""
    message = (
        "It was switched off in the books, but invoices of it are still open here, so it stays."
        f" Press {SWITCH_ON}, or close the invoices and archive it."
    )
    entry = entry_for(ours)
    if entry is not None:
        hold_document(entry, why=Hold.CHANGED_THERE, message=message)
    attempts.note_read(connection, ours, record.ref, message=message)
    return True
