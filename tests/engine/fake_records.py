"""Records as the books in memory keep them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from integrations.contracts import (
    Address,
    CustomerRecord,
    PaymentRecord,
    Record,
    RemoteRef,
    SettledInvoice,
)

CENT = Decimal("0.01")


def next_revision(record: Record) -> Record:
    revision = str(int(record.ref.revision or "0") + 1)
    return replace(record, ref=replace(record.ref, revision=revision))


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    return (amount * percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def customer_record(ref: RemoteRef, body: Mapping, now: datetime) -> CustomerRecord:
    texts = (
        "name",
        "company_name",
        "given_name",
        "family_name",
        "email",
        "phone",
        "mobile",
        "notes",
    )
    return CustomerRecord(
        ref=ref,
        billing=Address(**body.get("billing", {})),
        site=Address(**body.get("site", {})),
        is_taxed=body.get("is_taxed", True),
        is_active=body.get("is_active", True),
        parent_id="",
        changed_at=now,
        **{text: body.get(text, "") for text in texts},
    )


def payment_record(ref: RemoteRef, body: Mapping, now: datetime) -> PaymentRecord:
    settles = tuple(
        SettledInvoice(part["invoice_id"], Decimal(part["amount"])) for part in body["settles"]
    )
    total = Decimal(body["total"])
    return PaymentRecord(
        ref=ref,
        customer_id=body["customer_id"],
        received_on=date.fromisoformat(body["received_on"]),
        total=total,
        unapplied=total - sum((part.amount for part in settles), Decimal(0)),
        settles=settles,
        credits=Decimal(0),
        deposit_account_id=body["deposit_account_id"],
        method_id=body["method_id"],
        reference=body["reference"],
        marker=body["marker"],
        is_void=False,
        is_deposited=False,
        changed_at=now,
    )
