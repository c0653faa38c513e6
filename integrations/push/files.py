"""Files follow their document: after it is settled they are printed, recorded, and uploaded."""

import logging

from django.db import transaction

from ascora.attachments.models import FOR_THE_BOOKS, Attachment
from ascora.attachments.selectors import attachment_content_for, attachments_for
from ascora.outbox.services import record_change
from ascora.tenancy.rls import acting_for
from integrations.contracts import AttachmentDraft, Written
from integrations.errors import Rejected
from integrations.links import link_of
from integrations.models import AccountingSettings
from integrations.push.steps import Desk, Looking, Sending
from payments.models import Invoice
from payments.services import print_for_books

logger = logging.getLogger(__name__)


def send_files_after(desk: Desk, step: Sending | Looking) -> None:
    """In the transaction that settles the document. What goes wrong here never undoes that."""
    document = step.document
    if isinstance(document, Attachment) or not _attaches_files(desk):
        return
    try:
        with transaction.atomic():
            if isinstance(document, Invoice) and not document.is_void:
                print_for_books(invoice=document)
            for attachment in attachments_for(document).filter(purpose__in=FOR_THE_BOOKS):
                if link_of(desk.connection, attachment) is None:
                    record_change(attachment, by=None)
    except Exception:
        said = {
            "organization": document.organization_id,
            "document": f"{document._meta.label_lower} {document.pk}",
        }
        logger.exception("the files were not recorded", extra=said)


def upload(desk: Desk, sending: Sending) -> Written:
    """The frozen metadata with the bytes that it was made for."""
    draft, document = sending.draft, sending.document
    if not isinstance(draft, AttachmentDraft) or not isinstance(document, Attachment):
        raise TypeError("no file to upload")
    with acting_for(desk.organization):
        content = attachment_content_for(document, sha256=draft.sha256)
    if content is None:
        raise Rejected("The file was removed before it was sent.")
    return desk.ledger.upload(
        sending.payload,
        content,
        key=sending.attempt.request_id,
        send_before=sending.send_before,
    )


def _attaches_files(desk: Desk) -> bool:
    rows = AccountingSettings.objects.owned_by(desk.organization)
    return rows.filter(connection=desk.connection, attaches_files=True).exists()
