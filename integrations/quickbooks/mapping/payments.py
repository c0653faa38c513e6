"""Payments (field guide 9.4). Pure."""

from collections.abc import Iterable
from decimal import Decimal

from integrations.contracts import (
    Kind,
    PaidOut,
    PaymentDraft,
    PaymentRecord,
    RemoteRef,
    SettledInvoice,
    UsedCredit,
)
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
# What a purchase from a bank account is called where a payment links it.
_REFUNDS = ("Expense", "Check", "CreditCardCredit")


def payment_payload(draft: PaymentDraft, *, existing: RemoteRef | None) -> dict[str, object]:
    """One line per invoice, refund and credit note, all amounts positive. What it settles cannot be
    more than the money and the credit, or it raises Unbalanced.
    """
    lines = _lines(draft)
    charged = sum((part.amount for part in draft.settles), Decimal(0))
    charged += sum((part.amount for part in draft.paid_out), Decimal(0))
    credited = sum((part.amount for part in draft.credits), Decimal(0))
    if charged > draft.total + credited:
        raise Unbalanced("a payment settles more than was received")
    if draft.total and not draft.deposit_account_id:
        raise Unbalanced("a payment has no account to go to")
    payload: dict[str, object] = {
        "CustomerRef": reference(draft.customer_id),
        "TxnDate": draft.received_on,
        "TotalAmt": draft.total,
        "PaymentRefNum": a_line(draft.reference, _REFERENCE),
        "Line": lines,
    }
    if draft.marker:
        payload["PrivateNote"] = draft.marker
    if draft.deposit_account_id:
        payload["DepositToAccountRef"] = reference(draft.deposit_account_id)
    if draft.method_id:
        payload["PaymentMethodRef"] = reference(draft.method_id)
    return payload if existing is None else identity_of(existing.id, existing.revision) | payload


def _lines(draft: PaymentDraft) -> list[dict[str, object]]:
    return [
        *(_line(part.amount, part.invoice_id, "Invoice") for part in draft.settles),
        *(_line(part.amount, part.purchase_id, "Expense") for part in draft.paid_out),
        *(_line(part.amount, part.credit_note_id, "CreditMemo") for part in draft.credits),
    ]


def _line(amount: Decimal, remote_id: str, kind: str) -> dict[str, object]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": remote_id, "TxnType": kind}]}


def payment_record(source: Json) -> PaymentRecord:
    """A payment as it stands there. A zero payment with lines links a credit note: not void."""
    total, note = amount_at(source, "TotalAmt"), text_at(source, "PrivateNote")
    lines = rows_at(source, "Line")
    used = _added_up(lines, "CreditMemo")
    return PaymentRecord(
        ref=RemoteRef(Kind.PAYMENT, text_at(source, "Id"), text_at(source, "SyncToken")),
        customer_id=text_at(source, "CustomerRef", "value"),
        received_on=day_at(source, "TxnDate"),
        total=total,
        unapplied=amount_at(source, "UnappliedAmt"),
        settles=tuple(SettledInvoice(*part) for part in _added_up(lines, "Invoice")),
        credits=sum((amount for _, amount in used), Decimal(0)),
        deposit_account_id=text_at(source, "DepositToAccountRef", "value"),
        method_id=text_at(source, "PaymentMethodRef", "value"),
        reference=text_at(source, "PaymentRefNum"),
        marker=note,
        is_void=total == 0 and not lines and VOIDED in note,
        is_deposited=any(
            text_at(link, "TxnType") == "Deposit" for link in rows_at(source, "LinkedTxn")
        ),
        changed_at=changed_at(source),
        uses=tuple(UsedCredit(*part) for part in used),
        paid_out=tuple(PaidOut(*part) for part in _added_up(lines, *_REFUNDS)),
    )


def _added_up(lines: Iterable[Json], *kinds: str) -> list[tuple[str, Decimal]]:
    """Per document of these kinds, lines to the same one added up."""
    amounts: dict[str, Decimal] = {}
    for line in lines:
        for link in rows_at(line, "LinkedTxn"):
            if text_at(link, "TxnType") in kinds:
                key = text_at(link, "TxnId")
                amounts[key] = amounts.get(key, Decimal(0)) + amount_at(line, "Amount")
    return list(amounts.items())
