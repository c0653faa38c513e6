"""A supplier, sent before its first invoice and kept up to date after that."""

from ascora.outbox.models import OutboxEntry
from integrations.contracts import Address, SupplierDraft
from integrations.links import link_of
from integrations.snapshots.names import LONGEST, is_wanted, name_in_books, stays_merged
from integrations.snapshots.outcomes import Books, Send, Snapshot, Stays, clean
from inventory.models import Supplier


def supplier_snapshot(books: Books, supplier: Supplier, entry: OutboxEntry) -> Snapshot:
    """Not sent while nothing needs it; an archived one is made inactive, if it was ever sent."""
    link = link_of(books.connection, supplier)
    if merged := stays_merged(books, supplier, link):
        return merged
    if link is None and not is_wanted(entry):
        return Stays("Goes to the books before its first invoice.")
    name = name_in_books(books, supplier, supplier.name, link, entry)
    return Send(_draft(supplier, name=name, is_active=link is None or not supplier.is_archived))


def _draft(supplier: Supplier, *, name: str, is_active: bool) -> SupplierDraft:
    return SupplierDraft(
        name=name,
        company_name=clean(supplier.company_name, limit=LONGEST),
        given_name=clean(supplier.given_name, limit=LONGEST),
        family_name=clean(supplier.family_name, limit=LONGEST),
        email=supplier.email,
        phone=supplier.phone,
        mobile=supplier.mobile,
        tax_number=supplier.tax_number,
        address=Address(
            street=supplier.street,
            city=supplier.city,
            region=supplier.region,
            postcode=supplier.postcode,
            country=supplier.country,
        ),
        is_active=is_active,
    )
