"""What the books say is owed of an invoice, where that is not what is owed here."""

from datetime import datetime
from decimal import Decimal

from ascora.common.wording import money
from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.models import OwnedModel
from integrations.models import RemoteLink
from payments.models import Allocation, CreditPart, Invoice


def owed_there(document: OwnedModel, link: RemoteLink | None) -> str:
    """A sentence when something there settles a part of the invoice that is not known here, else
    nothing. Silent while anything of ours on this invoice is still on its way, or went since the
    books were read.
    """
    owed = link.seen.get("owed") if link else None
    if not isinstance(document, Invoice) or owed is None or not document.is_open:
        return ""
    there = Decimal(owed["balance"])
    if link is None or there == document.balance or link.seen.get("elsewhere"):
        return ""
    if _moved_since(document, datetime.fromisoformat(owed["at"])):
        return ""
    return (
        f"QuickBooks shows {money(there)} owed, Ascora {money(document.balance)}. Something there"
        " settles a part that Ascora does not know: a credit note or a journal entry of the"
        " bookkeeper's own. Enter a credit note here and use it, or take it off there."
    )


def _moved_since(invoice: Invoice, read_at: datetime) -> bool:
    """The invoice, its payments and its credit: something waits, or was settled after the books
    were read.
    """
    entries = OutboxEntry.objects.owned_by(invoice.organization)
    allocations = Allocation.objects.owned_by(invoice.organization).filter(invoice=invoice)
    parts = CreditPart.objects.owned_by(invoice.organization).filter(invoice=invoice)
    ours = {
        "payments.invoice": [invoice.pk],
        "payments.payment": list(allocations.values_list("payment_id", flat=True)),
        "payments.creditapplication": list(parts.values_list("application_id", flat=True)),
    }
    found = [
        entry
        for label, pks in ours.items()
        for entry in entries.filter(label=label, object_pk__in=pks)
    ]
    return any(
        entry.state != EntryState.DONE
        or (entry.settled_at is not None and entry.settled_at > read_at)
        for entry in found
    )
