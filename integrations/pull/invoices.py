"""An invoice of ours as the books say it stands now."""

from ascora.common.clock import database_now
from ascora.tenancy.models import OwnedModel
from integrations.contracts import InvoiceRecord
from integrations.models import Connection, RemoteLink
from integrations.pull.edits import tell_of_edit
from payments.models import Invoice


def apply_invoice(
    connection: Connection, link: RemoteLink, document: OwnedModel, record: InvoiceRecord
) -> bool:
    """Notice an edit. Payments move balance and revision of an invoice and are no edit; what is
    owed there is noted, so that the invoice can say where it differs (`owed_there`).
    """
    if not isinstance(document, Invoice):
        return False
    owed = {"balance": str(record.balance), "at": database_now().isoformat()}
    link.seen = link.seen | {"owed": owed}
    link.save(update_fields=["seen"])
    return tell_of_edit(connection, link, document, record, is_void_here=document.is_void)
