"""What the books no longer take: a change of this invoice, a document of this day."""

from datetime import date

from ascora.outbox.models import Hold
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import Organization
from payments.models import Invoice
from payments.selectors import payment_settings_for
from payments.services.refusals import Refused


def refuse_closed_day(organization: Organization, day: date) -> None:
    """Raises Refused for a day that is closed in the books, saying what can be done."""
    closed_until = payment_settings_for(organization).books_closed_until
    if closed_until is not None and day <= closed_until:
        raise Refused(
            f"The books are closed until {closed_until:%-d %b %Y}. Choose a later date, or open the"
            " period in your books and press Refresh Chart of Accounts."
        )


def why_fixed(invoice: Invoice) -> str:
    """Why the books take no change of this invoice, as part of a sentence; empty when they do."""
    entry = entry_for(invoice)
    hold = entry.hold if entry is not None else Hold.NONE
    if hold == Hold.CHANGED_THERE:
        return f"{invoice} was changed in the books"
    closed_until = payment_settings_for(invoice.organization).books_closed_until
    is_closed = closed_until is not None and invoice.issued_on <= closed_until
    if is_closed or hold == Hold.PERIOD_CLOSED:
        return f"the month of {invoice} is closed in the books"
    return ""
