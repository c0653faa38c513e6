"""What of a payment of the books concerns us: our invoices, our credit notes, whose it is; and the
use of our credit, taken over as it stands there. Runs inside `acting_for`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ascora.common.money import ZERO
from integrations.contracts import Kind, PaymentRecord
from integrations.links import links_of
from integrations.models import Connection
from jobs.models import Customer
from payments.models import CreditApplication, CreditNote, Invoice, Payment
from payments.services import record_external_application


def our_invoices(connection: Connection, record: PaymentRecord) -> dict[Invoice, Decimal]:
    """How much of it settles which of our invoices."""
    parts = {part.invoice_id: part.amount for part in record.settles}
    links = links_of(connection).filter(
        kind=Kind.INVOICE, gone_at=None, remote_id__in=list(parts), label="payments.invoice"
    )
    by_pk = {link.object_pk: parts[link.remote_id] for link in links}
    invoices = Invoice.objects.owned_by(connection.organization).filter(pk__in=list(by_pk))
    found = {}
    for invoice in invoices.order_by("pk"):
        invoice.organization = connection.organization
        found[invoice] = by_pk[invoice.pk]
    return found


def our_credit_notes(connection: Connection, record: PaymentRecord) -> dict[CreditNote, Decimal]:
    """How much of which of our credit notes it uses."""
    parts = {used.credit_note_id: used.amount for used in record.uses}
    links = links_of(connection).filter(
        kind=Kind.CREDIT_NOTE, gone_at=None, remote_id__in=list(parts)
    )
    by_pk = {link.object_pk: parts[link.remote_id] for link in links}
    notes = CreditNote.objects.owned_by(connection.organization).filter(pk__in=list(by_pk))
    return {note: by_pk[note.pk] for note in notes.order_by("pk")}


def without_credit(
    ours: Mapping[Invoice, Decimal], uses: Mapping[CreditNote, Decimal]
) -> tuple[dict[Invoice, Decimal], dict[Invoice, Decimal]]:
    """Of each invoice what money settles, and what our credit does, in order."""
    left = sum(uses.values(), ZERO)
    by_money, by_credit = {}, {}
    for invoice, amount in ours.items():
        credit = min(left, amount)
        left -= credit
        if credit:
            by_credit[invoice] = credit
        if amount - credit:
            by_money[invoice] = amount - credit
    return by_money, by_credit


def customer_pks(connection: Connection, record: PaymentRecord) -> Iterable[int]:
    """Whom of ours the books name."""
    links = links_of(connection).filter(kind=Kind.CUSTOMER, remote_id=record.customer_id)
    return links.values_list("object_pk", flat=True)


def customer_of(
    connection: Connection, record: PaymentRecord, ours: Mapping[Invoice, Decimal]
) -> Customer:
    """Whom the books name, else whom the invoice bills."""
    pks = customer_pks(connection, record)
    named = Customer.objects.owned_by(connection.organization).filter(pk__in=pks).first()
    return named or next(iter(ours)).customer


def take_use(
    connection: Connection,
    record: PaymentRecord,
    *,
    application: CreditApplication | None,
    payment: Payment | None = None,
) -> CreditApplication | None:
    """Record how the books use our credit notes for our invoices; None where they do not.

    `payment` is the money that came with it.
    """
    if not record.uses:
        return None
    uses, ours = our_credit_notes(connection, record), our_invoices(connection, record)
    _, settles = without_credit(ours, uses)
    if not settles:
        return None
    return record_external_application(
        application=application,
        customer=customer_of(connection, record, ours),
        applied_on=record.received_on,
        uses=uses,
        settles=settles,
        payment=payment,
        origin=str(connection.public_id),
    )
