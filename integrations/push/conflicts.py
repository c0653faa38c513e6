"""Both sides changed the same document: field by field for customers and suppliers, a person's
decision for the rest.
"""

from datetime import datetime

from ascora.history.selectors import last_changed_at
from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.comparison import changed_texts, essence
from integrations.contracts import CustomerRecord, Record, SupplierRecord, Totalled
from integrations.links import note
from integrations.models import Outcome, RemoteLink
from integrations.push.steps import Sending
from inventory.models import Supplier
from inventory.services import merge_supplier_with_books
from jobs.models import Customer
from jobs.services import merge_customer_with_books

# What counts for nothing here any more, and the word for it.
_UNDONE = {"is_reversed": "reversed", "is_void": "void"}


def merge_name(link: RemoteLink, sending: Sending, record: CustomerRecord | SupplierRecord) -> None:
    """Take over what only the books changed; a field that both changed is decided by the newer
    change.

    What is taken over counts as a change of its own, so the merged name is sent once more.
    """
    before = link.seen.get("is", {})
    theirs = changed_texts(before, essence(record))
    document = sending.document
    if not isinstance(document, Customer | Supplier):
        return
    both = {field for field in theirs if _is_changed_here(document, field, before)}
    kept = {
        field: theirs[field] for field in both if not _is_newer(record.changed_at, document, field)
    }
    taken = {field: text for field, text in theirs.items() if field not in kept}
    note(link, record)
    if getattr(record, "parent_id", ""):
        taken.pop("name", None)
    origin = str(link.connection.public_id)
    if isinstance(document, Customer):
        merge_customer_with_books(
            customer=document, taken=taken, kept=kept, both=both, origin=origin
        )
    else:
        merge_supplier_with_books(
            supplier=document, taken=taken, kept=kept, both=both, origin=origin
        )


def hold_changed_there(sending: Sending, link: RemoteLink, record: Record) -> None:
    """Nothing is overwritten silently: the person sees both and decides."""
    message = _changed_there(link, record, sending.document)
    attempts.finish(sending.attempt, Outcome.FAILED, message=message, fault="StaleRevision")
    queue.hold(sending.claim, why=Hold.CHANGED_THERE, message=message)


def _changed_there(link: RemoteLink, record: Record, document: OwnedModel) -> str:
    """What happened on either side, and what to do."""
    if isinstance(record, Totalled) and record.is_void:
        return "It was voided in the books. Void it here too, or send Ascora's version."
    changed = "It was changed in the books"
    if isinstance(record, Totalled) and link.total is not None and record.total != link.total:
        changed += f": {record.total:,.2f} there now, {link.total:,.2f} before"
    for name, word in _UNDONE.items():
        if getattr(document, name, False):
            return (
                f"{changed}; here it is {word}. Send Ascora's version to void it there, too, or"
                " enter it here once more as it is there."
            )
    return f"{changed}. Send Ascora's version, or change it here to match."


def _is_changed_here(document: Customer | Supplier, field: str, before: dict[str, object]) -> bool:
    return bool(getattr(document, field, None) != before.get(field))


def _is_newer(changed_there_at: datetime, document: Customer | Supplier, field: str) -> bool:
    """The books say when a name was changed last, we when this field was."""
    return changed_there_at > (last_changed_at(document, field) or document.updated_at)
