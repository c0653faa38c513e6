"""Sending a sales form and its PDF (field guide 3): no mail leaves the simulator."""

from simulators.quickbooks import faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.entities.fields import Document, Entity
from simulators.quickbooks.entities.names import check_email

PRINTED = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
TITLES = {"CreditMemo": "credit memo", "SalesReceipt": "sales receipt"}


def send(books: Books, entity: Entity, identifier: str, address: str) -> Document:
    """Mark a document as mailed."""
    document = books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    if address:
        wrong = check_email({"Address": address}, "sendTo")
        if wrong:
            raise faults.Fault(wrong)
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
    """The smallest document a PDF reader opens: number, customer, lines and total."""
    document = books.find(entity.name, identifier)
    if document is None:
        raise faults.not_found()
    shown = b") Tj T* (".join(map(_words, _lines(books, entity, document)))
    stream = b"BT /F1 12 Tf 16 TL 72 760 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
        b"/Encoding /WinAnsiEncoding >> >> >> >>",
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


def _lines(books: Books, entity: Entity, document: Document) -> list[str]:
    title = TITLES.get(entity.name, "refund" if "Refund" in entity.name else "invoice")
    lines = [f"Simulated {title} {document.get('DocNumber', document['Id'])}", books.name]
    lines.append(document.get("CustomerRef", {}).get("name", ""))
    lines.append(document["TxnDate"])
    for line in document["Line"]:
        text = line.get("Description") or line["DetailType"].removesuffix("LineDetail")
        lines.append(f"{text}  {line.get('Amount', '')}")
    tax = document.get("TxnTaxDetail", {}).get("TotalTax", 0)
    return [*lines, f"Tax  {tax}", f"Total  {document['TotalAmt']}"]


def _words(text: str) -> bytes:
    """Text as a PDF string holds it."""
    plain = text.encode("cp1252", "replace").replace(b"\\", b"\\\\")
    return plain.replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\n", b" ")
