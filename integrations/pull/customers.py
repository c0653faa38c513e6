"""A customer that the books changed: field by field, the newer change wins, and the history says
so.
"""

from ascora.outbox.selectors import has_unsent_changes
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.comparison import changed_texts, essence
from integrations.contracts import CustomerRecord
from integrations.links import follow_revision, note, was_edited
from integrations.models import Connection, RemoteLink
from jobs.models import Customer
from jobs.services import record_customer_from_books


def apply_customer(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: CustomerRecord
) -> bool:
    """Take over what changed there. While a change of ours waits, its own sending merges both."""
    if not isinstance(document, Customer):
        return False
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    if has_unsent_changes(document):
        return False
    changed: dict[str, str | bool] = dict(changed_texts(link.seen.get("is", {}), essence(record)))
    if record.parent_id:
        changed.pop("name", None)
    is_active_before = link.seen.get("is", {}).get("is_active", True)
    if record.is_active != is_active_before:
        changed["is_active"] = record.is_active
    if not record.is_active:
        # A switched-off name carries a suffix over there that is none of ours.
        changed.pop("name", None)
    note(link, record)
    if not changed:
        return False
    record_customer_from_books(
        organization=connection.organization,
        origin=str(connection.public_id),
        values=changed,
        customer=document,
    )
    what = ", ".join(field.replace("_", " ") for field in changed)
    message = f"Changed in the books and taken over: {what}."
    attempts.note_read(connection, document, record.ref, message=message)
    return True
