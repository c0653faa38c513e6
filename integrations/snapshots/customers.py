"""A customer, sent before the first invoice and kept up to date after that."""

from dataclasses import replace

from ascora.outbox.models import EntryState, OutboxEntry
from integrations.attempts import is_name_taken
from integrations.contracts import Address, CustomerDraft
from integrations.errors import Rejected
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.snapshots.outcomes import Books, Send, Snapshot, Stays, clean
from jobs.models import Customer

_NAME = 100
# Customers, suppliers and employees share one list of names in the books.
SUFFIX = " (Customer)"


def customer_snapshot(books: Books, customer: Customer, entry: OutboxEntry) -> Snapshot:
    """Not sent while nothing needs it; an archived one is made inactive, if it was ever sent."""
    link = link_of(books.connection, customer)
    if link is None and not _is_wanted(entry):
        return Stays("Goes to the books before its first invoice.")
    draft = _draft(customer, name=_name(books, customer, link, entry))
    return Send(replace(draft, is_active=True) if link is None else draft)


def _is_wanted(entry: OutboxEntry) -> bool:
    waiting = OutboxEntry.objects.owned_by(entry.organization).filter(
        blocked_by=entry, state=EntryState.WAITING
    )
    return entry.asked_for_at is not None or waiting.exists()


def _name(books: Books, customer: Customer, link: RemoteLink | None, entry: OutboxEntry) -> str:
    """Its own name. A sub-customer keeps its own part of the name, which belongs to the books."""
    there = link.seen.get("is", {}) if link else {}
    if there.get("parent_id"):
        return str(there["name"])
    name = clean(customer.name, limit=_NAME)
    if not name:
        raise Rejected("The customer's name has no letters that the books accept: give it another.")
    suffixed = name[: _NAME - len(SUFFIX)] + SUFFIX
    if there.get("name") == suffixed:
        return suffixed
    return suffixed if link is None and is_name_taken(books.connection, entry) else name


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
