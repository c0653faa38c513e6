"""What we bought, as the books say it stands now: a bill that was paid there, an edit."""

from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import Kind, SpendingRecord
from integrations.models import Connection, RemoteLink
from integrations.pull.credits import apply_refund
from integrations.pull.edits import tell_of_edit
from jobs.models import Expense
from jobs.services import record_owed_for_expense
from payments.models import Refund


def apply_spending(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: SpendingRecord
) -> bool:
    """Take over what is still owed; notice an edit."""
    if isinstance(document, Refund):
        return apply_refund(connection, link, document, record)
    if not isinstance(document, Expense):
        return False
    is_paid = _take_owed(connection, document, record)
    was_told = tell_of_edit(connection, link, document, record, is_void_here=document.is_void)
    return was_told or is_paid


def _take_owed(connection: Connection, expense: Expense, record: SpendingRecord) -> bool:
    """Payments move the balance of a bill and are no edit."""
    if record.ref.kind != Kind.BILL or record.is_void or not expense.is_to_be_paid:
        return False
    before = expense.total if expense.still_owed is None else expense.still_owed
    if record.balance == before:
        return False
    origin = str(connection.public_id)
    record_owed_for_expense(expense=expense, owed=record.balance, origin=origin)
    message = "Paid in the books." if not record.balance else "Partly paid in the books."
    if record.balance > before:
        message = "A payment of it was taken back in the books."
    attempts.note_read(connection, expense, record.ref, message=message)
    return True
