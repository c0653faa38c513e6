"""Sending an invoice and its PDF (field guide 3): no mail leaves the simulator."""

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.entities.fields import Document, Entity


def send(books: Books, entity: Entity, identifier: str, address: str) -> Document:
    """Mark a document as mailed."""
    document = books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    if address:
        document["BillEmail"] = {"Address": address}
    if not document.get("BillEmail"):
        message = "An email address is required because the delivery is by email"
        raise faults.rule("6420", message, message)
    document["EmailStatus"] = "EmailSent"
    moment = stamp(books.moment)
    document["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": moment}
    names = sorted(document, key=lambda name: entity.order.get(name, 0))
    document = {name: document[name] for name in names}
    books.write(entity.name, document, bump=True)
    books.events = [event for event in books.events if event[:2] != (entity.name, identifier)]
    books.note(entity.name, identifier, "Emailed")
    return document


def pdf(books: Books, entity: Entity, identifier: str) -> bytes:
    """The smallest document a PDF reader opens, with the number on it."""
    document = books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    text = f"Simulated invoice {document.get('DocNumber', identifier)}"
    words = text.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 18 Tf 72 720 Td (" + words + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        b" >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    start = str(len(body)).encode()
    body += b"xref\n0 5\n0000000000 65535 f \n" + table
    return body + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n" + start + b"\n%%EOF\n"
