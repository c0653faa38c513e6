"""Both sides changed the same document: field by field for customers, a person's decision for the
rest.
"""

from datetime import datetime

from ascora.history.selectors import last_changed_at
from ascora.outbox import queue
from ascora.outbox.models import Hold
from integrations import attempts
from integrations.comparison import changed_texts, essence
from integrations.contracts import CustomerRecord, Record, Totalled
from integrations.links import note
from integrations.models import Outcome, RemoteLink
from integrations.push.steps import Sending
from jobs.models import Customer
from jobs.services import merge_customer_with_books


def merge_customer(link: RemoteLink, sending: Sending, record: CustomerRecord) -> None:
    """Take over what only the books changed; a field that both changed is decided by the newer
    change.

    What is taken over counts as a change of its own, so the merged customer is sent once more.
    """
    before = link.seen.get("is", {})
    theirs = changed_texts(before, essence(record))
    if not isinstance(sending.document, Customer):
        return
    customer = sending.document
    both = {field for field in theirs if _is_changed_here(customer, field, before)}
    kept = {
        field: theirs[field] for field in both if not _is_newer(record.changed_at, customer, field)
    }
    taken = {field: text for field, text in theirs.items() if field not in kept}
    note(link, record)
    if record.parent_id:
        taken.pop("name", None)
    merge_customer_with_books(
        customer=customer,
        taken=taken,
        kept=kept,
        both=both,
        origin=str(link.connection.public_id),
    )


def hold_changed_there(sending: Sending, link: RemoteLink, record: Record) -> None:
    """Nothing is overwritten silently: the person sees both and decides."""
    message = changed_there(link, record)
    attempts.finish(sending.attempt, Outcome.FAILED, message=message, fault="StaleRevision")
    queue.hold(sending.claim, why=Hold.CHANGED_THERE, message=message)


def changed_there(link: RemoteLink, record: Record) -> str:
    """What happened, and what to do."""
    if isinstance(record, Totalled):
        if record.is_void:
            return "It was voided in the books. Void it here too, or send Ascora's version."
        if link.total is not None and record.total != link.total:
            return (
                f"It was changed in the books: {record.total:,.2f} there now,"
                f" {link.total:,.2f} before. Send Ascora's version, or change it here to match."
            )
    return "It was changed in the books. Send Ascora's version, or change it here to match."


def _is_changed_here(customer: Customer, field: str, before: dict[str, object]) -> bool:
    return bool(getattr(customer, field, None) != before.get(field))


def _is_newer(changed_there_at: datetime, customer: Customer, field: str) -> bool:
    """The books say when a customer was changed last, we when this field was."""
    return changed_there_at > (last_changed_at(customer, field) or customer.updated_at)
