"""The history of an issued invoice: a frozen copy of what it said, for every change."""

from typing import Any

from ascora.tenancy.models import User
from payments.models import Invoice, InvoiceVersion
from payments.services.lines import lines_of


def document_of(invoice: Invoice) -> dict[str, Any]:
    """What the invoice says now, as plain text and decimal strings."""
    return {
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "tax_mode": invoice.tax_mode,
        "tax_percent": f"{invoice.tax_percent.normalize():f}",
        "summary": invoice.summary,
        "purchase_order": invoice.purchase_order,
        "lines": [
            {
                "kind": line.kind,
                "description": line.description,
                "quantity": f"{line.quantity.normalize():f}",
                "unit_price": f"{line.unit_price.normalize():f}",
                "amount": str(line.amount),
                "is_taxed": line.is_taxed,
            }
            for line in lines_of(invoice)
        ],
        "subtotal": str(invoice.subtotal),
        "tax": str(invoice.tax),
        "total": str(invoice.total),
    }


def keep_version(invoice: Invoice, *, reason: str, by: User | None) -> InvoiceVersion:
    """Keep what the invoice says now under its version number."""
    return InvoiceVersion.objects.create(
        organization=invoice.organization,
        invoice=invoice,
        version=invoice.version,
        reason=reason[:200],
        document=document_of(invoice),
        made_by=by,
    )
