"""Credit notes: CreditMemo (field guide 9.5), an invoice the other way round. Pure."""

from dataclasses import replace

from integrations.contracts import (
    CreditNoteDraft,
    CreditNoteRecord,
    InvoiceDraft,
    Kind,
    RemoteRef,
)
from integrations.quickbooks.mapping.encoding import Json
from integrations.quickbooks.mapping.invoices import invoice_payload, invoice_record


def credit_note_payload(draft: CreditNoteDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """The body of an invoice without a due date; raises Unbalanced as that does."""
    as_invoice = InvoiceDraft(
        number=draft.number,
        customer_id=draft.customer_id,
        issued_on=draft.issued_on,
        due_on=draft.issued_on,
        is_tax_inclusive=draft.is_tax_inclusive,
        lines=draft.lines,
        subtotal=draft.subtotal,
        tax=draft.tax,
        total=draft.total,
        summary=draft.summary,
        memo=draft.memo,
        marker=draft.marker,
        email=draft.email,
    )
    payload = invoice_payload(as_invoice, existing=existing)
    del payload["DueDate"]
    return payload


def credit_note_record(source: Json) -> CreditNoteRecord:
    """A credit note as it stands there; its balance is what is not used yet."""
    read = invoice_record(source)
    return CreditNoteRecord(
        ref=replace(read.ref, kind=Kind.CREDIT_NOTE),
        number=read.number,
        customer_id=read.customer_id,
        issued_on=read.issued_on,
        total=read.total,
        tax=read.tax,
        balance=read.balance,
        is_void=read.is_void,
        marker=read.marker,
        lines=read.lines,
        payment_ids=read.payment_ids,
        changed_at=read.changed_at,
    )
