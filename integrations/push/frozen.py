"""What of a draft is kept with a sent request, so that the document can be looked for as it was
sent.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from integrations.contracts import (
    CustomerDraft,
    Draft,
    InvoiceDraft,
    ItemDraft,
    Kind,
    LineDraft,
    PaymentDraft,
    SettledInvoice,
)

Frozen = dict[str, object]


def freeze(draft: Draft) -> Frozen:
    """The draft's identity and amounts as plain JSON."""
    if isinstance(draft, CustomerDraft):
        return {"name": draft.name}
    if isinstance(draft, ItemDraft):
        return {"name": draft.name, "income_account_id": draft.income_account_id}
    if isinstance(draft, InvoiceDraft):
        return _freeze_invoice(draft)
    return {
        "customer_id": draft.customer_id,
        "received_on": draft.received_on.isoformat(),
        "total": str(draft.total),
        "deposit_account_id": draft.deposit_account_id,
        "settles": [[part.invoice_id, str(part.amount)] for part in draft.settles],
        "marker": draft.marker,
    }


def thaw(kind: Kind, frozen: Mapping[str, object]) -> Draft:
    """The draft again, with what it takes to find and to compare it."""
    kept = dict(frozen)
    if kind == Kind.CUSTOMER:
        return CustomerDraft(name=str(kept["name"]))
    if kind == Kind.ITEM:
        return ItemDraft(str(kept["name"]), str(kept["income_account_id"]))
    if kind == Kind.INVOICE:
        return _thaw_invoice(kept)
    settles: list[list[str]] = kept["settles"]  # type: ignore[assignment]
    return PaymentDraft(
        customer_id=str(kept["customer_id"]),
        received_on=date.fromisoformat(str(kept["received_on"])),
        total=Decimal(str(kept["total"])),
        deposit_account_id=str(kept["deposit_account_id"]),
        settles=tuple(SettledInvoice(invoice, Decimal(amount)) for invoice, amount in settles),
        marker=str(kept["marker"]),
    )


def _freeze_invoice(draft: InvoiceDraft) -> Frozen:
    return {
        "number": draft.number,
        "customer_id": draft.customer_id,
        "issued_on": draft.issued_on.isoformat(),
        "due_on": draft.due_on.isoformat(),
        "is_tax_inclusive": draft.is_tax_inclusive,
        "subtotal": str(draft.subtotal),
        "tax": str(draft.tax),
        "total": str(draft.total),
        "marker": draft.marker,
        "lines": [[str(line.amount), line.item_id, line.income_account_id] for line in draft.lines],
    }


def _thaw_invoice(kept: Frozen) -> InvoiceDraft:
    lines: list[list[str]] = kept["lines"]  # type: ignore[assignment]
    return InvoiceDraft(
        number=str(kept["number"]),
        customer_id=str(kept["customer_id"]),
        issued_on=date.fromisoformat(str(kept["issued_on"])),
        due_on=date.fromisoformat(str(kept["due_on"])),
        is_tax_inclusive=bool(kept["is_tax_inclusive"]),
        lines=tuple(
            LineDraft(
                description="",
                amount=Decimal(amount),
                item_id=item_id,
                tax_code_id="",
                income_account_id=account_id,
            )
            for amount, item_id, account_id in lines
        ),
        subtotal=Decimal(str(kept["subtotal"])),
        tax=Decimal(str(kept["tax"])),
        total=Decimal(str(kept["total"])),
        marker=str(kept["marker"]),
    )
