"""A customer, sent before the first invoice and kept up to date after that."""

from ascora.outbox.models import EntryState, OutboxEntry
from integrations.contracts import Address, CustomerDraft
from integrations.errors import Rejected
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.snapshots.outcomes import Books, Send, Snapshot, Stays, clean
from jobs.models import Customer

_NAME = 100


def customer_snapshot(books: Books, customer: Customer, entry: OutboxEntry) -> Snapshot:
    """Not sent while nothing needs it; archived ones are made inactive, if they were ever sent."""
    link = link_of(books.connection, customer)
    if link is None and customer.archived_at is not None:
        return Stays("Archived before it was sent.")
    if link is None and not _is_wanted(entry):
        return Stays("Goes to the books before its first invoice.")
    return Send(_draft(customer, name=_name(customer, link)))


def _is_wanted(entry: OutboxEntry) -> bool:
    waiting = OutboxEntry.objects.owned_by(entry.organization).filter(
        blocked_by=entry, state=EntryState.WAITING
    )
    return entry.asked_for_at is not None or waiting.exists()


def _name(customer: Customer, link: RemoteLink | None) -> str:
    """Its own name; a sub-customer's name belongs to the books, where it has only its own part."""
    there = link.seen.get("is", {}) if link else {}
    if there.get("parent_id"):
        return str(there["name"])
    name = clean(customer.name, limit=_NAME)
    if not name:
        raise Rejected("The customer's name has no letters that the books accept: give it another.")
    return name


def _draft(customer: Customer, *, name: str) -> CustomerDraft:
    return CustomerDraft(
        name=name,
        company_name=clean(customer.company_name, limit=_NAME),
        given_name=clean(customer.given_name, limit=_NAME),
        family_name=clean(customer.family_name, limit=_NAME),
        email=customer.email,
        phone=customer.phone,
        mobile=customer.mobile,
        billing=_address(customer, "billing"),
        site=_address(customer, "site"),
        notes=customer.notes,
        is_taxed=customer.is_taxed,
        is_active=customer.archived_at is None,
    )


def _address(customer: Customer, place: str) -> Address:
    return Address(
        street=getattr(customer, f"{place}_street"),
        city=getattr(customer, f"{place}_city"),
        region=getattr(customer, f"{place}_region"),
        postcode=getattr(customer, f"{place}_postcode"),
        country=getattr(customer, f"{place}_country"),
    )
