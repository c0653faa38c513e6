"""What a person can press for each kind of trouble. Functions that ask the books open their own
short transactions.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models.functions import Now

from ascora.common.clock import database_now
from ascora.outbox import queue
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_change
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.rls import acting_for
from integrations import attempts, connections
from integrations.contracts import (
    CustomerDraft,
    CustomerRecord,
    DeletedRecord,
    InvoiceDraft,
    InvoiceRecord,
    Kind,
    PaymentRecord,
    Record,
    RemoteRef,
)
from integrations.errors import BooksError
from integrations.links import (
    link_of,
    link_to,
    links_of,
    note,
    part,
    ref_of,
    remember,
    survivor_of,
)
from integrations.models import Connection, RemoteLink
from integrations.pull import go_on, take_payment
from integrations.selectors import (
    ANSWERED_ON_PAGE,
    live_connection_for,
    usable_connection_for,
)
from inventory.models import Supplier
from inventory.services import merge_suppliers
from jobs.models import Customer
from jobs.services import merge_customers, take_over_expenses
from payments.models import CreditApplication, CreditNote, Invoice, Payment, Refund
from payments.services import take_over_documents

D = TypeVar("D", bound=OwnedModel)
_NOT_NOW = "Your books cannot be asked right now. Try again in a minute."
_INSTEAD = "check number, customer and total there, or send this invoice too."
_ON_ITS_WAY = "It is on its way to the books."


class NotPossible(Exception):
    """The press did nothing; the message says why."""


def try_again(*, document: OwnedModel, by: User | None) -> str:
    """Send it again now. Runs inside `acting_for`."""
    entry = entry_for(document)
    if entry is None:
        record_change(document, by=by)
    elif not queue.release(entry):
        raise NotPossible("It is being sent at this moment.")
    return _ON_ITS_WAY


def try_again_entry(*, entry: OutboxEntry) -> str:
    """Send what this entry stands for again now. Runs inside `acting_for`."""
    if entry.hold in ANSWERED_ON_PAGE:
        raise NotPossible("Open the document: what can be done is asked there.")
    if not queue.release(entry):
        raise NotPossible("It is being sent at this moment.")
    return _ON_ITS_WAY


def send_now(*, document: OwnedModel, by: User | None) -> str:
    """Send it although the rules would keep it here: a customer without an invoice, an old
    invoice.
    """
    entry = entry_for(document)
    if entry is None or entry.state == EntryState.DONE:
        entry = record_change(document, by=by)
    if not queue.release(entry, asked_for=True):
        raise NotPossible("It is being sent at this moment.")
    return _ON_ITS_WAY


def send_too(*, document: OwnedModel, by: User | None) -> str:
    """Send a document from before the cut-off, with what it needs."""
    for needed in [*_credit_notes_not_there(document), *_invoices_not_there(document)]:
        send_now(document=needed, by=by)
    message = send_now(document=document, by=by)
    if isinstance(document, Invoice):
        _release_payments_of(document)
    return message


def send_ours(*, organization: Organization, document: OwnedModel) -> str:
    """Overwrite what somebody changed in the books with Ascora's version, knowing what stands there
    now.
    """
    connection, link = _linked(organization, document)
    record = _read(connection, ref_of(link))
    if isinstance(record, DeletedRecord):
        with acting_for(organization):
            links_of(connection).filter(pk=link.pk).update(gone_at=Now())
        raise NotPossible("It was deleted in the books: create it again there instead.")
    with acting_for(organization):
        note(link, record)
        return try_again(document=document, by=None)


def create_again(*, document: OwnedModel, by: User | None) -> str:
    """It was proved deleted there, and a person wants it back: a new operation with a new
    idempotency key.
    """
    connection = live_connection_for(document.organization)
    entry = entry_for(document)
    if connection is None or entry is None:
        raise NotPossible("It was never in the books.")
    gone = links_of(connection).filter(
        label=entry.label, object_pk=document.pk, gone_at__isnull=False
    )
    if link_of(connection, document) is not None or not gone.exists():
        raise NotPossible("It still stands in the books.")
    if not queue.begin_anew(entry):
        raise NotPossible("It is being sent at this moment.")
    for link in gone:
        part(link)
    return try_again(document=document, by=by)


@transaction.atomic
def merge_here(*, document: OwnedModel, by: User | None) -> str:
    """It was merged into another of ours in the books: everything of it goes to the survivor, and
    it is archived.
    """
    connection = live_connection_for(document.organization)
    survivor = survivor_of(connection, document) if connection else None
    if isinstance(document, Customer) and isinstance(survivor, Customer):
        take_over_documents(loser=document, survivor=survivor)
        merge_customers(loser=document, survivor=survivor, by=by)
    elif isinstance(document, Supplier) and isinstance(survivor, Supplier):
        take_over_expenses(loser=document, survivor=survivor)
        merge_suppliers(loser=document, survivor=survivor, by=by)
    else:
        raise NotPossible("What it was merged into is not here.")
    try_again(document=document, by=by)
    if connection is not None:
        go_on(connection)
    return f"Merged into {survivor}."


def link_existing(*, organization: Organization, invoice: Invoice) -> str:
    """Link an old invoice to the one that stands in the books: by number, customer and total."""
    connection = _usable(organization)
    customer = _customer_there(connection, invoice)
    if customer is None:
        raise NotPossible(f"The books hold no customer {invoice.customer.name}: {_INSTEAD}")
    found = [
        record
        for record in _find(connection, _likeness(invoice, customer.id))
        if isinstance(record, InvoiceRecord)
        and (record.total, record.customer_id) == (invoice.total, customer.id)
    ]
    if len(found) != 1:
        raise NotPossible(
            f"The books hold no invoice {invoice.number} of {invoice.total:,.2f} for"
            f" {invoice.customer.name}: {_INSTEAD}"
        )
    return _link(connection, invoice, found[0])


def link_invoices_of(*, organization: Organization, document: OwnedModel) -> str:
    """Link every invoice that this payment, credit note or use of credit waits for."""
    with acting_for(organization):
        invoices = _invoices_not_there(document)
    if not invoices:
        raise NotPossible("It waits for no invoice: press Send that invoice too to send it.")
    return " ".join(
        link_existing(organization=organization, invoice=invoice) for invoice in invoices
    )


def take_elsewhere(*, organization: Organization, invoice: Invoice, remote_id: str) -> str:
    """Take a payment that the books hold in another account."""
    connection = _usable(organization)
    record = _read(connection, RemoteRef(Kind.PAYMENT, remote_id))
    if not isinstance(record, PaymentRecord) or record.is_void:
        raise NotPossible("The payment no longer stands in the books.")
    with acting_for(organization):
        if not take_payment(connection, record):
            raise NotPossible("The payment settles no invoice of ours any more.")
    return f"Taken: {record.total:,.2f} for invoice {invoice.number}."


def check_now(*, organization: Organization) -> str:
    """Ask for a reading of the books at once, whatever was read a moment ago. Runs inside
    `acting_for`.
    """
    connection = usable_connection_for(organization)
    if connection is None:
        raise NotPossible(_NOT_NOW)
    rows = Connection.objects.owned_by(organization).filter(pk=connection.pk)
    rows.update(next_pull_at=database_now())
    return "Your books are being read."


def _usable(organization: Organization) -> Connection:
    with acting_for(organization):
        connection = usable_connection_for(organization)
    if connection is None:
        raise NotPossible(_NOT_NOW)
    return connection


def _linked(organization: Organization, document: OwnedModel) -> tuple[Connection, RemoteLink]:
    connection = _usable(organization)
    with acting_for(organization):
        link = link_of(connection, document)
    if link is None:
        raise NotPossible("It does not stand in the books.")
    return connection, link


def _read(connection: Connection, ref: RemoteRef) -> Record:
    try:
        return connections.open_ledger(connection).read(ref)
    except BooksError as error:
        raise NotPossible(error.message or _NOT_NOW) from error


def _find(connection: Connection, draft: InvoiceDraft | CustomerDraft) -> tuple[Record, ...]:
    try:
        return connections.open_ledger(connection).find(draft, since=connection.connected_at)
    except BooksError as error:
        raise NotPossible(error.message or _NOT_NOW) from error


def _customer_there(connection: Connection, invoice: Invoice) -> RemoteRef | None:
    """Whom the invoice bills, in the books: as linked, else linked now to the one of its name."""
    with acting_for(connection.organization):
        link = link_of(connection, invoice.customer)
    if link is not None:
        return ref_of(link)
    named = [
        record
        for record in _find(connection, CustomerDraft(name=invoice.customer.name))
        if isinstance(record, CustomerRecord)
    ]
    if len(named) != 1:
        return None
    with acting_for(connection.organization):
        if link_to(connection, named[0].ref) is not None:
            return None
        remember(connection, invoice.customer, named[0])
    return named[0].ref


def _likeness(invoice: Invoice, customer_id: str) -> InvoiceDraft:
    """What identifies it; no marker, because the books' own invoice carries none."""
    return InvoiceDraft(
        number=invoice.number,
        customer_id=customer_id,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        is_tax_inclusive=False,
        lines=(),
        subtotal=invoice.subtotal,
        tax=invoice.tax,
        total=invoice.total,
    )


def _link(connection: Connection, invoice: Invoice, record: InvoiceRecord) -> str:
    with acting_for(connection.organization):
        remember(connection, invoice, record)
        entry = entry_for(invoice) or record_change(invoice, by=None)
        queue.mark_settled(entry)
        message = f"Linked to invoice {record.number} in the books."
        attempts.note_read(connection, invoice, record.ref, message=message)
        _release_payments_of(invoice)
    return message


def _invoices_not_there(document: OwnedModel) -> list[Invoice]:
    """What it settles or credits and the books do not know."""
    rows = Invoice.objects.owned_by(document.organization)
    match document:
        case Payment():
            rows = rows.filter(allocations__payment=document, allocations__released_at=None)
        case CreditNote():
            rows = rows.filter(credit_notes=document)
        case CreditApplication():
            rows = rows.filter(credit_parts__application=document, credit_parts__released_at=None)
        case _:
            return []
    return _not_there(document, rows.select_related("organization", "customer").distinct())


def _credit_notes_not_there(document: OwnedModel) -> list[CreditNote]:
    """The credit that it uses and the books do not know."""
    rows = CreditNote.objects.owned_by(document.organization)
    match document:
        case CreditApplication():
            rows = rows.filter(parts__application=document, parts__released_at=None)
        case Refund():
            rows = rows.filter(refunds=document)
        case _:
            return []
    return _not_there(document, rows.select_related("organization").distinct())


def _not_there(document: OwnedModel, rows: Iterable[D]) -> list[D]:
    connection = live_connection_for(document.organization)
    return [row for row in rows if connection is not None and link_of(connection, row) is None]


def _release_payments_of(invoice: Invoice) -> None:
    """Payments and credit of this invoice that waited for the decision go on."""
    standing = {"released_at": None}
    waiting = {
        "payments.payment": invoice.allocations.filter(**standing).values_list("payment_id"),
        "payments.creditnote": invoice.credit_notes.values_list("pk"),
        "payments.creditapplication": invoice.credit_parts.filter(**standing).values_list(
            "application_id"
        ),
    }
    entries = OutboxEntry.objects.owned_by(invoice.organization)
    for label, pks in waiting.items():
        held = entries.filter(label=label, object_pk__in=pks, hold=Hold.BEFORE_CUT_OFF)
        for entry in held:
            queue.release(entry, asked_for=True)
