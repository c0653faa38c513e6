"""Our credit in the books: credit notes and refunds edited there, credit used there."""

from ascora.outbox.models import EntryState, Hold
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import CreditNoteRecord, PaymentRecord, SpendingRecord
from integrations.links import follow_revision, link_of, note, remember, was_edited
from integrations.models import Connection, RemoteLink
from integrations.pull.edits import tell_of_edit
from integrations.shares import customer_pks, our_credit_notes, take_use
from payments.models import CreditApplication, CreditNote, Payment, Refund
from payments.services import reverse_external_application

_MARK = "Ascora credit "
_TAKEN_OFF = "Taken off in the books"


def apply_credit_note(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: CreditNoteRecord
) -> bool:
    """Notice an edit. Being used moves its balance and is none."""
    if not isinstance(document, CreditNote):
        return False
    return tell_of_edit(connection, link, document, record, is_void_here=document.is_void)


def apply_refund(
    connection: Connection, link: RemoteLink, refund: Refund, record: SpendingRecord
) -> bool:
    """Notice an edit of the purchase that paid credit out."""
    return tell_of_edit(connection, link, refund, record, is_void_here=refund.is_reversed)


def apply_new_use(connection: Connection, record: PaymentRecord) -> bool:
    """A payment of nothing that uses our credit. One that we are about to use ourselves is left to
    the sending of that, which looks there first.
    """
    if _is_our_own(connection, record) or _is_about_to_be_used(connection, record):
        return False
    taken = take_use(connection, record, application=None)
    if taken is None:
        return False
    remember(connection, taken, record)
    _tell(connection, taken, record, "Used in the books")
    return True


def apply_known_use(
    connection: Connection,
    link: RemoteLink,
    application: CreditApplication,
    record: PaymentRecord,
) -> bool:
    """Our own use coming back, or one that was pulled before: the books decide what it settles."""
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    if attempts.is_in_doubt(connection, application):
        return False
    note(link, record)
    if application.is_reversed:
        return False
    if application.refund_id is not None:
        return _tell_of_refund(connection, application, record)
    taken = None
    if not record.is_void:
        taken = take_use(connection, record, application=application)
    if taken is None:
        take_back(connection, application)
        attempts.note_read(connection, application, record.ref, message=f"{_TAKEN_OFF}.")
        return True
    _tell(connection, application, record, "Changed in the books")
    return True


def take_back(connection: Connection, application: CreditApplication) -> None:
    """The books no longer use this credit; again is harmless."""
    origin = str(connection.public_id)
    reverse_external_application(application=application, reason=_TAKEN_OFF, origin=origin)


def follow_with_money(connection: Connection, payment: Payment, record: PaymentRecord) -> None:
    """Credit that the books use together with money that they received."""
    standing = payment.used_credits.filter(reversed_at=None).first()
    taken = take_use(connection, record, application=standing, payment=payment)
    if taken is None and standing is not None:
        take_back(connection, standing)


def _tell(
    connection: Connection, application: CreditApplication, record: PaymentRecord, did: str
) -> None:
    """On the use itself and on each credit note."""
    parts = application.parts.filter(released_at=None).select_related("credit_note", "invoice")
    for part in parts:
        message = f"{did}: {part.amount:,.2f} of {part.credit_note} for {part.invoice}."
        attempts.note_read(connection, part.credit_note, record.ref, message=message)
    attempts.note_read(connection, application, record.ref, message=f"{did}.")


def _tell_of_refund(
    connection: Connection, application: CreditApplication, record: PaymentRecord
) -> bool:
    """The money has left: a person decides."""
    entry = entry_for(application)
    message = (
        "What links this refund to its credit note was changed in the books. Send Ascora's"
        " version, or take the refund back here."
    )
    if entry is None or not hold_document(entry, why=Hold.CHANGED_THERE, message=message):
        return False
    attempts.note_read(connection, application, record.ref, message=message)
    return True


def _is_our_own(connection: Connection, record: PaymentRecord) -> bool:
    """It carries our mark: the worker that sent it has not stored the answer yet."""
    if not record.marker.startswith(_MARK):
        return False
    beginning = record.marker.removeprefix(_MARK)[:8]
    uses = CreditApplication.objects.owned_by(connection.organization)
    ids = uses.filter(customer_id__in=customer_pks(connection, record))
    return any(pk.hex.startswith(beginning) for pk in ids.values_list("public_id", flat=True))


def _is_about_to_be_used(connection: Connection, record: PaymentRecord) -> bool:
    uses = CreditApplication.objects.owned_by(connection.organization).filter(
        parts__credit_note__in=our_credit_notes(connection, record), reversed_at=None
    )
    return any(_is_waiting(connection, use) for use in uses.distinct())


def _is_waiting(connection: Connection, use: CreditApplication) -> bool:
    entry = entry_for(use)
    is_waiting = entry is not None and entry.state == EntryState.WAITING
    return is_waiting and link_of(connection, use) is None
