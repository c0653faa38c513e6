"""After an answer: link, attempt and entry in one second short transaction."""

from ascora.outbox import queue
from ascora.outbox.models import Hold
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.rls import acting_for
from integrations import attempts
from integrations.comparison import complaint
from integrations.contracts import (
    CreditNoteDraft,
    InvoiceDraft,
    PaymentDraft,
    Record,
    Totalled,
    Written,
)
from integrations.errors import NeedsMapping
from integrations.links import forget, link_to, remember
from integrations.models import Outcome
from integrations.push.files import send_files_after
from integrations.push.steps import Desk, Looking, Sending
from integrations.snapshots.charges import placed_lines
from payments.models import CreditNote, Invoice, Payment
from payments.services import keep_credit_account, keep_deposit_account, keep_line_accounts

_IN_WORDS = {"create": "Created in the books.", "update": "Brought up to date in the books."}


def settle_written(desk: Desk, sending: Sending, written: Written) -> None:
    """The books did it. Raises FencedOut, and then stores nothing."""
    message = _IN_WORDS.get(sending.attempt.operation, "Void in the books.")
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        attempts.finish(
            sending.attempt,
            Outcome.DONE,
            message=message,
            trace_id=written.trace_id,
            ref=written.ref,
        )
        _settle(desk, sending, written.record)


def settle_deleted(desk: Desk, sending: Sending, *, trace_id: str = "") -> None:
    """It is gone there, as was meant; the entry is prepared again, for what may have to be sent
    instead. Raises FencedOut.
    """
    with acting_for(desk.organization):
        queue.locked(sending.claim)
        message = "Deleted in the books."
        attempts.finish(sending.attempt, Outcome.DONE, message=message, trace_id=trace_id)
        forget(desk.connection, sending.document)


def settle_found(desk: Desk, step: Sending | Looking, record: Record, *, message: str) -> None:
    """The document stands there already: link it, as if the answer had come."""
    with acting_for(desk.organization):
        queue.locked(step.claim)
        attempts.finish(step.attempt, Outcome.ADOPTED, message=message, ref=record.ref)
        _settle(desk, step, record)


def _settle(desk: Desk, step: Sending | Looking, record: Record) -> None:
    """Link and settle; what differs in cents or in accounts is shown on the document."""
    if is_someone_elses(desk, step.document, record):
        message = "This document of the books belongs to another document here already."
        queue.hold(step.claim, why=Hold.DUPLICATE_FOUND, message=message)
        return
    remember(desk.connection, step.document, record)
    _keep_accounts(desk, step)
    send_files_after(desk, step)
    version = step.attempt.entry_version
    trouble = _trouble(step, record)
    if trouble:
        queue.hold(step.claim, why=Hold.AMOUNT_DIFFERS, message=trouble, settled_version=version)
    else:
        queue.settle(step.claim, version=version)


def _keep_accounts(desk: Desk, step: Sending | Looking) -> None:
    """Where a payment's money and an invoice's lines stand from now on, whatever the accounting
    settings say later.
    """
    document, draft = step.document, step.draft
    if isinstance(document, Payment) and isinstance(draft, PaymentDraft):
        keep_deposit_account(payment=document, remote_id=draft.deposit_account_id)
    elif isinstance(document, CreditNote) and isinstance(draft, CreditNoteDraft):
        remote_id = draft.lines[0].income_account_id
        keep_credit_account(credit_note=document, remote_id=remote_id)
    elif isinstance(document, Invoice) and isinstance(draft, InvoiceDraft):
        sent_to = {line.income_account_id for line in draft.lines}
        keep_line_accounts(invoice=document, accounts=_line_accounts(desk, document, sent_to))


def _line_accounts(desk: Desk, invoice: Invoice, sent_to: set[str]) -> dict[int, str]:
    """The account of each line that was sent, by its key."""
    try:
        placed = placed_lines(desk.books or desk.look_at_settings(), invoice)
    except NeedsMapping:
        return {}
    accounts = {line.line.pk: line.placement.code.id for line in placed}
    return {pk: account for pk, account in accounts.items() if account in sent_to}


def is_someone_elses(desk: Desk, document: OwnedModel, record: Record) -> bool:
    """It is linked to another document, or to this one before it was deleted there."""
    link = link_to(desk.connection, record.ref)
    if link is None:
        return False
    is_this = (link.label, link.object_pk) == (document._meta.label_lower, document.pk)
    return not is_this or link.gone_at is not None


def _trouble(step: Sending | Looking, record: Record) -> str:
    if step.draft is not None:
        return complaint(step.draft, record)
    if isinstance(record, Totalled) and not record.is_void:
        return "The books answered, but it is not void there: look at it in the books."
    return ""
