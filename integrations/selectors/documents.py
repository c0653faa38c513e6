"""Where one document stands in the books, in words, and what a person can press."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import Organization, OwnedModel
from integrations.attempts import attempts_of
from integrations.connections.tokens import tokens_of
from integrations.links import LABELS, link_of, ref_of
from integrations.models import Connection, ConnectionState, RemoteLink, SyncAttempt
from integrations.registry import provider_for
from integrations.selectors.connections import live_connection_for
from integrations.selectors.owed import owed_there
from integrations.snapshots.names import name_seen
from integrations.snapshots.outcomes import WHERE
from payments.models import Invoice, Payment
from payments.services import stuck_surcharges_of

_SHOWN_ATTEMPTS = 20
_PAGES = {
    "jobs.customer": "jobs:customer_detail",
    "inventory.supplier": "inventory:supplier_detail",
    "inventory.supplierinvoice": "inventory:supplier_invoice_detail",
    "payments.invoice": "payments:invoice_detail",
    "payments.payment": "payments:payment_detail",
    "payments.creditnote": "payments:credit_note_detail",
    "payments.creditapplication": "payments:credit_use_detail",
    "payments.refund": "payments:refund_detail",
    "jobs.expense": "jobs:expense_detail",
}
# They wait here until a document needs them, unless somebody sends them.
_NAMES = ("jobs.customer", "inventory.supplier")
# Where a code that stands nearer than the settings is chosen, by the words that posting says of it.
_CHOSEN_AT = {
    "code of job type ": ("Job types", "jobs:job_settings"),
    "Income code of supply ": ("Supplies", "inventory:supply_list"),
    "Surcharge code of payment method ": ("Payment methods", "payments:payment_settings"),
    "Account code of supplier ": ("Suppliers", "inventory:supplier_list"),
}
# What can wait for an invoice from before the cut-off.
_OF_INVOICES = (
    "payments.invoice",
    "payments.payment",
    "payments.creditnote",
    "payments.creditapplication",
)
# What can be pressed for each kind of trouble: (action, label).
TRY_AGAIN = ("try-again", "Try again")
SEND_OURS = ("send-ours", "Send Ascora's version")
CREATE_AGAIN = ("create-again", "Create it again in the books")
KEEP_BOTH = ("create-again", "Keep both")
SEND_TOO = ("send-too", "Send that invoice too")
SEND_IT = ("send-too", "Send it")
SEND_NOW = ("send-now", "Send it")
FROM_BEFORE = "From before the books were connected: it stays here unless you ask for it."
LINK = ("link", "Link to the invoice in the books")
_PRESSES: dict[str, list[tuple[str, str]]] = {
    Hold.CHANGED_THERE: [SEND_OURS],
    Hold.AMOUNT_DIFFERS: [SEND_OURS],
    Hold.MERGED_THERE: [("merge-here", "Merge here too"), KEEP_BOTH],
    Hold.REMOTE_GONE: [CREATE_AGAIN, TRY_AGAIN],
    Hold.BEFORE_CUT_OFF: [LINK, SEND_TOO],
}
# Sending again answers nothing there: the document's page asks.
ANSWERED_ON_PAGE = frozenset(hold for hold, presses in _PRESSES.items() if TRY_AGAIN not in presses)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A payment that the books hold for an invoice in another account than ours."""

    remote_id: str
    account: str
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What the fragment on a document's page shows. `nearer` is where the code that it waits for
    was chosen, when that is not in the accounting settings: name of the page and its address.
    """

    words: str
    tone: str
    message: str = ""
    address: str = ""
    presses: list[tuple[str, str]] = field(default_factory=list)
    attempts: list[SyncAttempt] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    differs: str = ""
    known_as: str = ""
    is_connected: bool = True
    awaits_settings: bool = False
    nearer: tuple[str, str] = ("", "")
    awaits_permission: bool = False


def document_for(organization: Organization, *, label: str, public_id: UUID) -> OwnedModel:
    """A document that can stand in the books; Http404 for any other and for a stranger's."""
    if label not in LABELS:
        raise Http404
    model: type[OwnedModel] = apps.get_model(label)
    rows = model.objects.owned_by(organization)
    found: OwnedModel = get_object_or_404(rows, public_id=public_id)
    return found


def sync_entry_for(organization: Organization, public_id: UUID) -> OutboxEntry:
    """One entry of the queue, or 404."""
    rows = OutboxEntry.objects.owned_by(organization)
    return get_object_or_404(rows, public_id=public_id)


def page_of(label: str, document: OwnedModel | None) -> str:
    """Where a person looks at this document here; empty when it has no page."""
    if document is None or label not in _PAGES:
        return ""
    try:
        return reverse(_PAGES[label], args=[document.public_id])
    except NoReverseMatch:
        return ""


def document_state_for(document: OwnedModel) -> DocumentState:
    """The state of one document, in words."""
    connection = live_connection_for(document.organization)
    if connection is None:
        return DocumentState("Not connected to your books", "neutral", is_connected=False)
    entry = entry_for(document)
    link = link_of(connection, document)
    is_older = _is_older_than_the_connection(entry, link, document)
    words, tone = _words(entry, link) if not is_older else ("Before the cut-off", "neutral")
    attempts = attempts_of(connection).filter(
        label=document._meta.label_lower, object_pk=document.pk
    )
    return DocumentState(
        words=words,
        tone=tone,
        message=FROM_BEFORE if is_older else _message(connection, entry),
        address=address_of(connection, link),
        presses=_presses(entry, link, document),
        attempts=list(attempts.order_by("-pk")[:_SHOWN_ATTEMPTS]),
        elsewhere=_elsewhere(link),
        differs=owed_there(document, link),
        known_as=_known_as(document, link),
        awaits_settings=entry is not None and _awaits_settings(entry),
        nearer=_nearer(entry, document) if entry is not None else ("", ""),
        awaits_permission=connection.state == ConnectionState.NEEDS_RECONNECT,
    )


def address_of(connection: Connection, link: RemoteLink | None) -> str:
    """Where a person looks at it in the books."""
    if link is None or link.gone_at is not None:
        return ""
    ledger = provider_for(connection.provider).open(connection.realm, tokens_of(connection))
    return ledger.document_url(ref_of(link))


def _message(connection: Connection, entry: OutboxEntry | None) -> str:
    """What happened and what to do; while nothing can be sent at all, that."""
    if entry is None:
        return ""
    is_cut_off = connection.state == ConnectionState.NEEDS_RECONNECT
    if is_cut_off and entry.state == EntryState.WAITING:
        return f"{connection.trouble} It then goes by itself."
    return entry.message


def _awaits_settings(entry: OutboxEntry) -> bool:
    """The answer that it waits for is given in the accounting settings, and nowhere nearer."""
    is_held = entry.state == EntryState.HELD and entry.hold == Hold.NEEDS_MAPPING
    return is_held and (WHERE in entry.message or "of the accounting settings" in entry.message)


def _nearer(entry: OutboxEntry, document: OwnedModel) -> tuple[str, str]:
    """Where it is answered, if not in the accounting settings."""
    if entry.state != EntryState.HELD:
        return "", ""
    if entry.hold == Hold.PERIOD_CLOSED and isinstance(document, Invoice):
        return _way_of_surcharge(document)
    return _chosen_at(entry.message) if entry.hold == Hold.NEEDS_MAPPING else ("", "")


def _way_of_surcharge(invoice: Invoice) -> tuple[str, str]:
    """A surcharge that came after the month was closed can go on an invoice of its own."""
    standing = Payment.objects.filter(
        organization=invoice.organization_id, allocations__invoice=invoice, reversed_at=None
    )
    for payment in standing.distinct():
        if stuck_surcharges_of(payment=payment):
            page = reverse("payments:payment_move_surcharge", args=[payment.public_id])
            return "Put the surcharge on an invoice of its own", page
    return "", ""


def _chosen_at(message: str) -> tuple[str, str]:
    """The reason of a placement says who chose the code; it stands before the colon."""
    chooser = message.partition(":")[0]
    for words, (name, page) in _CHOSEN_AT.items():
        if words in chooser:
            return name, reverse(page)
    return "", ""


def _words(entry: OutboxEntry | None, link: RemoteLink | None) -> tuple[str, str]:
    is_there = link is not None
    if entry is not None and entry.hold == Hold.BEFORE_CUT_OFF:
        return "Before the cut-off", "warn" if entry.state == EntryState.HELD else "neutral"
    if entry is not None and entry.state == EntryState.HELD:
        return "Needs attention", "bad"
    if entry is not None and entry.state == EntryState.WAITING:
        return ("Change on its way" if is_there else "On its way"), "warn"
    if link is None:
        return "Not in the books", "neutral"
    return ("Void in the books", "neutral") if link.voided_at else ("In the books", "good")


def _presses(
    entry: OutboxEntry | None, link: RemoteLink | None, document: OwnedModel
) -> list[tuple[str, str]]:
    label = document._meta.label_lower
    if _is_older_than_the_connection(entry, link, document):
        return _presses_for_old(label, waits_for_it=False)
    if entry is not None and entry.hold == Hold.BEFORE_CUT_OFF:
        return _presses_for_old(label, waits_for_it=entry.state == EntryState.HELD)
    if entry is not None and entry.state == EntryState.HELD:
        return _PRESSES.get(entry.hold, [TRY_AGAIN])
    if entry is not None and entry.state == EntryState.WAITING:
        return [TRY_AGAIN]
    if link is None and label in _NAMES:
        return [("send-now", "Send now")]
    return []


def _is_older_than_the_connection(
    entry: OutboxEntry | None, link: RemoteLink | None, document: OwnedModel
) -> bool:
    """It counts, and the books were never to hear of it: it was brought along."""
    counts_for_nothing = ("is_draft", "is_void", "is_reversed")
    if document._meta.label_lower not in _OF_INVOICES or entry is not None or link is not None:
        return False
    return not any(getattr(document, name, False) for name in counts_for_nothing)


def _presses_for_old(label: str, *, waits_for_it: bool) -> list[tuple[str, str]]:
    """An old invoice may stand there already. What is old itself goes alone, and is held should it
    wait for an old invoice: only then is that one asked about.
    """
    if label == "payments.invoice":
        return [LINK, SEND_IT]
    if label in _OF_INVOICES:
        return [LINK, SEND_TOO] if waits_for_it else [SEND_NOW]
    return [SEND_IT]


def _known_as(document: OwnedModel, link: RemoteLink | None) -> str:
    """The name in the books, where it is another than ours: cut here, or taken there by another
    customer, supplier or employee.
    """
    if document._meta.label_lower not in _NAMES or link is None or link.gone_at is not None:
        return ""
    there = name_seen(link)
    return "" if there == str(document) else there


def _elsewhere(link: RemoteLink | None) -> list[Elsewhere]:
    said = link.seen.get("elsewhere", {}) if link else {}
    return [
        Elsewhere(
            remote_id=remote_id,
            account=facts["account"],
            amount=Decimal(facts["amount"]),
            paid_on=date.fromisoformat(facts["date"]),
        )
        for remote_id, facts in said.items()
    ]
