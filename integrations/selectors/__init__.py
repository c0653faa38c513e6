"""Reading where a business stands with its books. Speaks to nobody; runs inside `acting_for`."""

from integrations.selectors.accounts import (
    Destination,
    books_begin_on,
    destinations_of,
    why_chosen_at,
)
from integrations.selectors.connections import (
    connections_for,
    live_connection_for,
    usable_connection_for,
)
from integrations.selectors.documents import (
    ANSWERED_ON_PAGE,
    DocumentState,
    document_for,
    document_state_for,
    sync_entry_for,
)
from integrations.selectors.imports import import_run_for, import_runs_for
from integrations.selectors.sync import (
    Lamp,
    attempts_for,
    lamp_for,
    sync_counts_for,
    sync_entries_for,
    with_documents,
)

__all__ = [
    "ANSWERED_ON_PAGE",
    "Destination",
    "DocumentState",
    "Lamp",
    "attempts_for",
    "books_begin_on",
    "connections_for",
    "destinations_of",
    "document_for",
    "document_state_for",
    "import_run_for",
    "import_runs_for",
    "lamp_for",
    "live_connection_for",
    "sync_counts_for",
    "sync_entries_for",
    "sync_entry_for",
    "usable_connection_for",
    "why_chosen_at",
    "with_documents",
]
