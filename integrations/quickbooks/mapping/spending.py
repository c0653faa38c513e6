"""Bills, supplier credits and purchases (field guide 9.7): one shape of lines, three documents.
Pure.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from integrations.contracts import (
    BillDraft,
    Kind,
    PurchaseDraft,
    RemoteRef,
    SpendingDraft,
    SpendingLineDraft,
    SpendingRecord,
    SpentLine,
    SupplierCreditDraft,
)
from integrations.quickbooks.mapping.americantax import is_american
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
from integrations.quickbooks.mapping.invoices import VOIDED, Unbalanced

_DESCRIPTION, _NOTE, _NUMBER = 4000, 4000, 21
_DETAIL = "AccountBasedExpenseLineDetail"
_PAYEES = {Kind.SUPPLIER: "Vendor", Kind.CUSTOMER: "Customer"}


def bill_payload(draft: BillDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """What is still to be paid. Every line is placed and all adds up, or it raises Unbalanced."""
    return _payload(
        draft,
        {"VendorRef": reference(_payee(draft.supplier_id)), "DueDate": draft.due_on},
        existing,
    )


def supplier_credit_payload(
    draft: SupplierCreditDraft, *, existing: RemoteRef | None
) -> dict[str, object]:
    """What a supplier owes back; its amounts are positive there too."""
    return _payload(draft, {"VendorRef": reference(_payee(draft.supplier_id))}, existing)


def purchase_payload(draft: PurchaseDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """Money spent at once. QuickBooks wants to know whether a card or a bank account paid."""
    if not draft.paid_from_id:
        raise Unbalanced("a purchase has no account that it was paid from")
    own: dict[str, object] = {
        "PaymentType": "CreditCard" if draft.is_card else "Cash",
        "AccountRef": reference(draft.paid_from_id),
    }
    if draft.payee_id:
        own["EntityRef"] = reference(draft.payee_id) | {"type": _PAYEES[draft.payee_kind]}
    return _payload(draft, own, existing)


def _payload(
    draft: SpendingDraft, own: dict[str, object], existing: RemoteRef | None
) -> dict[str, object]:
    _check(draft)
    payload: dict[str, object] = {
        **own,
        "TxnDate": draft.dated_on,
        "DocNumber": a_line(draft.number, _NUMBER),
        "PrivateNote": some_lines(", ".join(filter(None, (draft.marker, draft.memo))), _NOTE),
        "Line": [_line(line) for line in draft.lines],
    }
    codes = {line.tax_code_id for line in draft.lines if line.tax_code_id}
    if codes and not is_american(codes):
        payload["GlobalTaxCalculation"] = (
            "TaxInclusive" if draft.is_tax_inclusive else "TaxExcluded"
        )
    return payload if existing is None else identity_of(existing.id, existing.revision) | payload


def _payee(supplier_id: str) -> str:
    if not supplier_id:
        raise Unbalanced("a document to a supplier names no supplier")
    return supplier_id


def _check(draft: SpendingDraft) -> None:
    if sum((line.amount for line in draft.lines), Decimal(0)) != draft.subtotal:
        raise Unbalanced(f"the lines of {draft.marker} do not add up to {draft.subtotal}")
    if draft.subtotal + draft.tax != draft.total:
        raise Unbalanced(f"{draft.marker} is not {draft.subtotal} and {draft.tax} of tax")
    if not draft.lines or not all(line.account_id for line in draft.lines):
        raise Unbalanced(f"a line of {draft.marker} has no account")


def _line(line: SpendingLineDraft) -> dict[str, object]:
    """Never billable over there: Ascora does the billing."""
    detail: dict[str, object] = {"AccountRef": reference(line.account_id)}
    if line.tax_code_id:
        detail["TaxCodeRef"] = reference(line.tax_code_id)
    if line.gross is not None:
        detail["TaxInclusiveAmt"] = line.gross
    if line.customer_id:
        detail["CustomerRef"] = reference(line.customer_id)
    detail["BillableStatus"] = "NotBillable"
    return {
        "DetailType": _DETAIL,
        "Description": some_lines(line.description, _DESCRIPTION),
        "Amount": line.amount,
        _DETAIL: detail,
    }


def spending_record(kind: Kind) -> Callable[[Json], SpendingRecord]:
    """How a row of this kind is read."""

    def record(source: Json) -> SpendingRecord:
        note, total = text_at(source, "PrivateNote"), amount_at(source, "TotalAmt")
        return SpendingRecord(
            ref=RemoteRef(kind, text_at(source, "Id"), text_at(source, "SyncToken")),
            number=text_at(source, "DocNumber"),
            payee_id=text_at(source, "VendorRef", "value") or text_at(source, "EntityRef", "value"),
            dated_on=day_at(source, "TxnDate"),
            due_on=day_at(source, "DueDate") if text_at(source, "DueDate") else None,
            total=total,
            tax=amount_at(source, "TxnTaxDetail", "TotalTax"),
            balance=amount_at(source, "Balance"),
            is_void=total == 0 and VOIDED in note,
            marker=note,
            lines=tuple(_spent(rows_at(source, "Line"))),
            payment_ids=tuple(
                text_at(link, "TxnId")
                for link in rows_at(source, "LinkedTxn")
                if text_at(link, "TxnType").startswith("BillPayment")
            ),
            paid_from_id=text_at(source, "AccountRef", "value"),
            changed_at=changed_at(source),
        )

    return record


def _spent(lines: Iterable[Json]) -> Iterable[SpentLine]:
    return (
        SpentLine(
            description=text_at(line, "Description"),
            amount=amount_at(line, "Amount"),
            account_id=text_at(line, _DETAIL, "AccountRef", "value"),
            customer_id=text_at(line, _DETAIL, "CustomerRef", "value"),
        )
        for line in lines
        if text_at(line, "DetailType") == _DETAIL
    )
