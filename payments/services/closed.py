"""What the books no longer take: a change of this invoice, a document of this day."""

from datetime import date

from ascora.outbox.models import Hold
from ascora.outbox.selectors import entry_for
from ascora.tenancy.days import why_closed
from ascora.tenancy.models import Organization
from payments.models import Invoice
from payments.services.refusals import Refused


def refuse_closed_day(organization: Organization, day: date) -> None:
    """Raises Refused for a day that is closed in the books, saying what can be done."""
    if why := why_closed(organization, day):
        raise Refused(why)


def why_fixed(invoice: Invoice) -> str:
    """Why the books take no change of this invoice, as part of a sentence; empty when they do."""
    entry = entry_for(invoice)
    hold = entry.hold if entry is not None else Hold.NONE
    if hold == Hold.CHANGED_THERE:
        return f"{invoice} was changed in the books"
    is_closed = bool(why_closed(invoice.organization, invoice.issued_on))
    if is_closed or hold == Hold.PERIOD_CLOSED:
        return f"the month of {invoice} is closed in the books"
    return ""
