"""The PDF of an invoice that goes to the books: that of its newest version, and no other."""

from ascora.attachments.files import PDF, CheckedFile
from ascora.attachments.models import Attachment, Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach, detach
from payments.models import Invoice
from payments.selectors.printed import invoice_paper


def print_for_books(*, invoice: Invoice) -> Attachment:
    """Draw it once for each version; the one before is taken off. May be called again."""
    earlier = list(attachments_for(invoice, purpose=Purpose.FOR_BOOKS))
    for attachment in earlier:
        if attachment.edition == invoice.version:
            return attachment
    for attachment in earlier:
        detach(attachment=attachment, by=None)
    paper = invoice_paper(invoice)
    file = CheckedFile(paper.file_name, PDF, paper.drawn())
    return attach(
        document=invoice, purpose=Purpose.FOR_BOOKS, upload=file, by=None, edition=invoice.version
    )
