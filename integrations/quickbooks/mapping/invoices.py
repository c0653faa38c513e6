"""Invoices (field guide 9.3 and 10). Pure."""

from decimal import Decimal

from integrations.contracts import (
    InvoiceDraft,
    InvoiceRecord,
    Kind,
    LineDraft,
    PostedLine,
    RemoteRef,
)
from integrations.quickbooks.mapping.americantax import document_tax, is_american, line_code
from integrations.quickbooks.mapping.encoding import (
    Json,
    a_line,
    amount_at,
    changed_at,
    day_at,
    identity_of,
    reference,
    rows_at,
    some_lines,
    text_at,
)

VOIDED = "Voided"
_DESCRIPTION, _MEMO, _NUMBER, _CUSTOM = 4000, 1000, 21, 31


class Unbalanced(ValueError):
    """The lines do not add up to the document, or one has no place in the books."""


def invoice_payload(draft: InvoiceDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """Every line is placed and all adds up, or it raises Unbalanced; taxes are for the books."""
    if sum((line.amount for line in draft.lines), Decimal(0)) != draft.subtotal:
        raise Unbalanced(f"the lines of {draft.number} do not add up to {draft.subtotal}")
    if draft.subtotal + draft.tax != draft.total:
        raise Unbalanced(f"{draft.number} is not {draft.subtotal} and {draft.tax} of tax")
    if not 0 < len(draft.number) <= _NUMBER:
        raise Unbalanced(f"the number {draft.number!r} is not 1 to {_NUMBER} characters long")
    if not all(line.item_id and line.tax_code_id for line in draft.lines):
        # QuickBooks would take its own default item, which posts to an account nobody chose.
        raise Unbalanced(f"a line of {draft.number} has no item or no tax code")
    payload: dict[str, object] = {
        "DocNumber": draft.number,
        "CustomerRef": reference(draft.customer_id),
        "TxnDate": draft.issued_on,
        "DueDate": draft.due_on,
        "PrivateNote": draft.marker,
        "CustomerMemo": reference(some_lines(draft.memo, _MEMO)),
        "EmailStatus": "NotSet",
        "Line": _lines(draft),
    }
    payload |= _tax(draft)
    if draft.email:
        payload["BillEmail"] = {"Address": draft.email}
    if draft.custom_fields:
        payload["CustomField"] = [
            {"DefinitionId": key, "Type": "StringType", "StringValue": a_line(text, _CUSTOM)}
            for key, text in draft.custom_fields.items()
        ]
    return payload if existing is None else identity_of(existing.id, existing.revision) | payload


def _tax(draft: InvoiceDraft) -> dict[str, object]:
    """America names one rate for the document; elsewhere each line bears its code."""
    codes = [line.tax_code_id for line in draft.lines]
    if is_american(codes):
        try:
            return document_tax(codes)
        except ValueError as error:
            raise Unbalanced(f"{draft.number}: {error}") from error
    return {"GlobalTaxCalculation": "TaxInclusive" if draft.is_tax_inclusive else "TaxExcluded"}


def _lines(draft: InvoiceDraft) -> list[dict[str, object]]:
    lines = [_line(line) for line in draft.lines]
    if not draft.summary:
        return lines
    summary: dict[str, object] = {
        "DetailType": "DescriptionOnly",
        "Description": some_lines(draft.summary, _DESCRIPTION),
        "DescriptionLineDetail": {},
    }
    return [summary, *lines]


def _line(line: LineDraft) -> dict[str, object]:
    detail: dict[str, object] = {
        "ItemRef": reference(line.item_id),
        "TaxCodeRef": reference(line_code(line.tax_code_id)),
    }
    if line.quantity is not None and line.unit_price is not None:
        detail |= {"Qty": line.quantity, "UnitPrice": line.unit_price}
    if line.gross is not None and not is_american([line.tax_code_id]):
        detail["TaxInclusiveAmt"] = line.gross
    return {
        "DetailType": "SalesItemLineDetail",
        "Description": some_lines(line.description, _DESCRIPTION),
        "Amount": line.amount,
        "SalesItemLineDetail": detail,
    }


def invoice_record(source: Json) -> InvoiceRecord:
    """An invoice as it stands there; a void one is worth nothing and says so in its note."""
    note, total = text_at(source, "PrivateNote"), amount_at(source, "TotalAmt")
    return InvoiceRecord(
        ref=RemoteRef(Kind.INVOICE, text_at(source, "Id"), text_at(source, "SyncToken")),
        number=text_at(source, "DocNumber"),
        customer_id=text_at(source, "CustomerRef", "value"),
        issued_on=day_at(source, "TxnDate"),
        total=total,
        tax=amount_at(source, "TxnTaxDetail", "TotalTax"),
        balance=amount_at(source, "Balance"),
        is_void=total == 0 and VOIDED in note,
        marker=note,
        lines=tuple(
            _posted(line)
            for line in rows_at(source, "Line")
            if text_at(line, "DetailType") == "SalesItemLineDetail"
        ),
        payment_ids=tuple(
            text_at(link, "TxnId")
            for link in rows_at(source, "LinkedTxn")
            if text_at(link, "TxnType") == "Payment"
        ),
        changed_at=changed_at(source),
    )


def _posted(line: Json) -> PostedLine:
    detail = "SalesItemLineDetail"
    return PostedLine(
        description=text_at(line, "Description"),
        amount=amount_at(line, "Amount"),
        item_id=text_at(line, detail, "ItemRef", "value"),
        income_account_id=text_at(line, detail, "ItemAccountRef", "value"),
    )
