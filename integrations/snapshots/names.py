"""What customers and suppliers have in common: when they are sent, and under which name."""

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.models import OwnedModel
from integrations.attempts import is_name_taken
from integrations.errors import MergedThere, Rejected
from integrations.links import label_of, survivor_of
from integrations.models import RemoteLink
from integrations.snapshots.outcomes import Books, Stays, clean
from inventory.models import Supplier
from jobs.models import Customer

LONGEST = 100
# Customers, suppliers and employees share one list of names in the books.
# What the books put behind a name that is switched off.
_OFF = " (deleted)"
# A name that was cut here may end with a number: " (12345)".
_ENDING = 8
SUFFIXES = {"jobs.customer": " (Customer)", "inventory.supplier": " (Supplier)"}


def merged_into(name: str) -> str:
    """What a person is asked then."""
    return f"It was merged into {name} in the books. Merge them here too, or keep both."


def stays_merged(
    books: Books, document: Customer | Supplier, link: RemoteLink | None
) -> Stays | None:
    """Nothing is made anew there of one that was merged into another of ours. Raises MergedThere
    until a person has answered.
    """
    survivor = survivor_of(books.connection, document) if link is None else None
    if survivor is None:
        return None
    if document.is_archived:
        return Stays(f"Merged into {survivor}.")
    raise MergedThere(merged_into(str(survivor)))


def is_wanted(entry: OutboxEntry) -> bool:
    """A person asked for it, or a document waits for it."""
    waiting = OutboxEntry.objects.owned_by(entry.organization).filter(
        blocked_by=entry, state=EntryState.WAITING
    )
    return entry.asked_for_at is not None or waiting.exists()


def name_in_books(
    books: Books, document: OwnedModel, name: str, link: RemoteLink | None, entry: OutboxEntry
) -> str:
    """Its own name, or that with the suffix of its kind where another kind has the name there."""
    fit = clean(name, limit=LONGEST)
    if not fit:
        raise Rejected("This name has no letters that the books accept: give it another.")
    suffix = SUFFIXES[label_of(document)]
    suffixed = fit[: LONGEST - len(suffix)] + suffix
    there = name_seen(link)
    if there == suffixed or _is_cut(fit, there):
        return there
    return suffixed if link is None and is_name_taken(books.connection, entry) else fit


def name_seen(link: RemoteLink | None) -> str:
    """The name in the books, as last seen."""
    seen = link.seen.get("is", {}) if link else {}
    return str(seen.get("name", "")).removesuffix(_OFF)


def _is_cut(name: str, there: str) -> bool:
    """Ours is the beginning of a name there that is too long for here: it is not sent back cut."""
    is_whole = len(there) <= LONGEST or len(name) < LONGEST - _ENDING
    return not is_whole and there.startswith(name[: LONGEST - _ENDING])
