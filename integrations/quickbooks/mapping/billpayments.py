"""Payments of bills (field guide 9.7): made over there, only ever read. Pure."""

from collections.abc import Iterator

from integrations.contracts import BillPaymentRecord, Kind, RemoteRef, SettledBill
from integrations.quickbooks.mapping.encoding import (
    Json,
    amount_at,
    changed_at,
    day_at,
    rows_at,
    text_at,
)
from integrations.quickbooks.mapping.invoices import VOIDED

_SETTLED = {"Bill": Kind.BILL, "VendorCredit": Kind.SUPPLIER_CREDIT}


def bill_payment_record(source: Json) -> BillPaymentRecord:
    """What was paid, and which bills and credits it settles."""
    total = amount_at(source, "TotalAmt")
    settles = tuple(_settled(source))
    is_void = total == 0 and not settles and VOIDED in text_at(source, "PrivateNote")
    return BillPaymentRecord(
        ref=RemoteRef(Kind.BILL_PAYMENT, text_at(source, "Id"), text_at(source, "SyncToken")),
        supplier_id=text_at(source, "VendorRef", "value"),
        paid_on=day_at(source, "TxnDate"),
        total=total,
        settles=settles,
        is_void=is_void,
        changed_at=changed_at(source),
    )


def _settled(source: Json) -> Iterator[SettledBill]:
    for line in rows_at(source, "Line"):
        for linked in rows_at(line, "LinkedTxn"):
            kind = _SETTLED.get(text_at(linked, "TxnType"))
            if kind is not None:
                ref = RemoteRef(kind, text_at(linked, "TxnId"))
                yield SettledBill(ref=ref, amount=amount_at(line, "Amount"))
