"""A customer, sent before the first invoice and kept up to date after that."""

from dataclasses import replace

from ascora.outbox.models import OutboxEntry
from integrations.contracts import Address, CustomerDraft
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.snapshots.names import is_wanted, name_in_books, stays_merged
from integrations.snapshots.outcomes import Books, Send, Snapshot, Stays, clean
from jobs.models import Customer

_NAME = 100


def customer_snapshot(books: Books, customer: Customer, entry: OutboxEntry) -> Snapshot:
    """Not sent while nothing needs it; an archived one is made inactive, if it was ever sent."""
    link = link_of(books.connection, customer)
    if merged := stays_merged(books, customer, link):
        return merged
    if link is None and not is_wanted(entry):
        return Stays("Goes to the books before its first invoice.")
    draft = _draft(customer, name=_name(books, customer, link, entry))
    return Send(replace(draft, is_active=True) if link is None else draft)


def _name(books: Books, customer: Customer, link: RemoteLink | None, entry: OutboxEntry) -> str:
    """Its own name. A sub-customer keeps its own part of the name, which belongs to the books."""
    there = link.seen.get("is", {}) if link else {}
    if there.get("parent_id"):
        return str(there["name"])
    return name_in_books(books, customer, customer.name, link, entry)


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
