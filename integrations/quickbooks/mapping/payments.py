"""Payments (field guide 9.4). Pure."""

from collections.abc import Iterable
from decimal import Decimal

from integrations.contracts import Kind, PaymentDraft, PaymentRecord, RemoteRef, SettledInvoice
from integrations.quickbooks.mapping.encoding import (
    Json,
    a_line,
    amount_at,
    changed_at,
    day_at,
    identity_of,
    reference,
    rows_at,
    text_at,
)
from integrations.quickbooks.mapping.invoices import VOIDED, Unbalanced

_REFERENCE = 21


def payment_payload(draft: PaymentDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """One line per invoice; a payment cannot settle more than it is, or it raises Unbalanced."""
    if sum((part.amount for part in draft.settles), Decimal(0)) > draft.total:
        raise Unbalanced("a payment settles more than was received")
    if not draft.deposit_account_id:
        raise Unbalanced("a payment has no account to go to")
    payload: dict[str, object] = {
        "CustomerRef": reference(draft.customer_id),
        "TxnDate": draft.received_on,
        "TotalAmt": draft.total,
        "DepositToAccountRef": reference(draft.deposit_account_id),
        "PaymentRefNum": a_line(draft.reference, _REFERENCE),
        "PrivateNote": draft.marker,
        "Line": [
            {
                "Amount": part.amount,
                "LinkedTxn": [{"TxnId": part.invoice_id, "TxnType": "Invoice"}],
            }
            for part in draft.settles
        ],
    }
    if draft.method_id:
        payload["PaymentMethodRef"] = reference(draft.method_id)
    return payload if existing is None else identity_of(existing.id, existing.revision) | payload


def payment_record(source: Json) -> PaymentRecord:
    """A payment as it stands there. A zero payment with lines links a credit note: not void."""
    total, note = amount_at(source, "TotalAmt"), text_at(source, "PrivateNote")
    lines = rows_at(source, "Line")
    return PaymentRecord(
        ref=RemoteRef(Kind.PAYMENT, text_at(source, "Id"), text_at(source, "SyncToken")),
        customer_id=text_at(source, "CustomerRef", "value"),
        received_on=day_at(source, "TxnDate"),
        total=total,
        unapplied=amount_at(source, "UnappliedAmt"),
        settles=tuple(_settled(lines)),
        credits=sum(
            (amount_at(line, "Amount") for line in lines if _links(line, "CreditMemo")), Decimal(0)
        ),
        deposit_account_id=text_at(source, "DepositToAccountRef", "value"),
        method_id=text_at(source, "PaymentMethodRef", "value"),
        reference=text_at(source, "PaymentRefNum"),
        marker=note,
        is_void=total == 0 and not lines and VOIDED in note,
        is_deposited=any(
            text_at(link, "TxnType") == "Deposit" for link in rows_at(source, "LinkedTxn")
        ),
        changed_at=changed_at(source),
    )


def _settled(lines: Iterable[Json]) -> list[SettledInvoice]:
    """Per invoice, lines to the same one added up."""
    amounts: dict[str, Decimal] = {}
    for line in lines:
        for link in _links(line, "Invoice"):
            key = text_at(link, "TxnId")
            amounts[key] = amounts.get(key, Decimal(0)) + amount_at(line, "Amount")
    return [SettledInvoice(key, amount) for key, amount in amounts.items()]


def _links(line: Json, kind: str) -> list[Json]:
    return [link for link in rows_at(line, "LinkedTxn") if text_at(link, "TxnType") == kind]
