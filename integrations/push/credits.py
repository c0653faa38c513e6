"""Before credit is used in the books: they may have used it by themselves, and then that stands."""

import logging

from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.outbox.selectors import entry_for
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.contracts import (
    CreditNoteRecord,
    Kind,
    PaymentDraft,
    PaymentRecord,
    Record,
)
from integrations.errors import BooksError, ReadsUsedUp
from integrations.links import link_to, remember
from integrations.models import Outcome
from integrations.push.failures import settle_failure
from integrations.push.steps import Desk, Sending
from integrations.shares import take_use
from payments.models import CreditApplication

logger = logging.getLogger(__name__)

_ADOPTED = "The books had used this credit already; taken over as it stands there."


def stands_already(desk: Desk, sending: Sending) -> bool:
    """Read what is left of the credit notes there. True: nothing is to be sent any more.

    Where the books have applied a credit note by themselves (AutoApplyCredit), their application
    replaces ours.
    """
    draft, is_new = sending.draft, sending.attempt.operation == "create"
    if not isinstance(sending.document, CreditApplication) or not is_new:
        return False
    if not isinstance(draft, PaymentDraft):
        return False
    try:
        notes = desk.ledger.read_many(
            Kind.CREDIT_NOTE, [used.credit_note_id for used in draft.credits]
        )
        if _is_enough(draft, notes):
            return False
        found = desk.ledger.payments_of(draft.customer_id)
    except ReadsUsedUp:
        # What is sent need not wait for the month's end: credit used there meanwhile is refused.
        logger.info("credit is used without a look: the month's reads are used up")
        return False
    except BooksError as error:
        settle_failure(desk, sending, error)
        return True
    if not any(_adopt(desk, sending, draft, record) for record in found):
        _hold(desk, sending, draft, notes)
    return True


def _is_enough(draft: PaymentDraft, notes: tuple[Record, ...]) -> bool:
    """Of a credit note that is not there any more the write itself will tell."""
    left = {note.ref.id: note.balance for note in notes if isinstance(note, CreditNoteRecord)}
    return all(left.get(used.credit_note_id, used.amount) >= used.amount for used in draft.credits)


def _uses_the_same(draft: PaymentDraft, record: PaymentRecord) -> bool:
    """A payment of nothing that takes some of the same credit. Money was paid out for a refund:
    no other use can stand for it.
    """
    if record.is_void or record.total or draft.paid_out:
        return False
    wanted = {used.credit_note_id for used in draft.credits}
    return any(used.credit_note_id in wanted for used in record.uses)


def _adopt(desk: Desk, sending: Sending, draft: PaymentDraft, record: PaymentRecord) -> bool:
    """Take over one use that stands there, if it is nobody's yet and can be told here."""
    application = sending.document
    if not isinstance(application, CreditApplication) or not _uses_the_same(draft, record):
        return False
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        if link_to(desk.connection, record.ref) is not None:
            return False
        if not take_use(desk.connection, record, application=application):
            return False
        remember(desk.connection, application, record)
        attempts.finish(sending.attempt, Outcome.ADOPTED, message=_ADOPTED, ref=record.ref)
        entry = entry_for(application)
        version = entry.version if entry is not None else sending.claim.version
        queue.settle(sending.claim, version=version, message=_ADOPTED)
    return True


def _hold(desk: Desk, sending: Sending, draft: PaymentDraft, notes: tuple[Record, ...]) -> None:
    left = sum(note.balance for note in notes if isinstance(note, CreditNoteRecord))
    wanted = sum(used.amount for used in draft.credits)
    message = (
        f"The books have {left:,.2f} of this credit left, {wanted:,.2f} is needed: it was used"
        " there for something else. Take it off there and press Try again, or take it back here."
    )
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(sending.attempt, Outcome.FAILED, message=message, fault="CreditUsedThere")
        queue.hold(sending.claim, why=Hold.REJECTED, message=message)
