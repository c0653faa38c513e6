"""A draft that was kept with its sending comes back as it was, whatever its kind."""

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from integrations import contracts
from integrations.contracts import (
    Address,
    AttachmentDraft,
    BillDraft,
    CreditNoteDraft,
    CustomerDraft,
    Draft,
    InvoiceDraft,
    ItemDraft,
    Kind,
    LineDraft,
    PaidOut,
    PaymentDraft,
    PurchaseDraft,
    SettledInvoice,
    SpendingLineDraft,
    SupplierCreditDraft,
    SupplierDraft,
    UsedCredit,
)
from integrations.push.frozen import freeze, thaw

D = Decimal
DAY = date(2026, 3, 31)
LINE = LineDraft("Wörk", D("54.55"), "7", "10", "4100", D("1.5"), D("36.3667"), D("60.00"))
PRICED = {
    "is_tax_inclusive": True, "subtotal": D("54.55"), "tax": D("5.45"), "total": D("60.00"),
    "marker": "Ascora 1",
}  # fmt: skip
BOUGHT = PRICED | {
    "number": "S-9", "dated_on": DAY,
    "lines": (SpendingLineDraft("Wire", D("54.55"), "5100", "11", D("60.00"), "8"),),
}  # fmt: skip
DRAFTS = [
    CustomerDraft("Zoë", billing=Address("1 High St", "Perth"), is_active=False),
    SupplierDraft("Wire & Co", tax_number="51824753556", address=Address(city="Perth")),
    ItemDraft("Ascora 4100", "4100"),
    InvoiceDraft("INV-1", "5", DAY, DAY, lines=(LINE, LINE), custom_fields={"1": "Web"}, **PRICED),
    CreditNoteDraft("CN-1", "5", DAY, lines=(LINE,), **PRICED),
    PaymentDraft(
        "5", DAY, D(0), "", (SettledInvoice("3", D("10.00")),),
        credits=(UsedCredit("4", D("12.00")),), paid_out=(PaidOut("6", D("2.00")),),
    ),
    BillDraft(supplier_id="8", due_on=DAY, **BOUGHT),
    SupplierCreditDraft(supplier_id="8", **BOUGHT),
    PurchaseDraft(payee_id="8", payee_kind=Kind.CUSTOMER, paid_from_id="1", is_card=True, **BOUGHT),
    AttachmentDraft(Kind.INVOICE, "3", "INV-1.pdf", "application/pdf", "ab" * 32, "Ascora 1"),
]  # fmt: skip


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.kind)
def test_a_kept_draft_comes_back_as_it_was(draft):
    assert thaw(draft.kind, freeze(draft)) == draft


def test_every_kind_of_draft_is_tried_here():
    assert {type(draft) for draft in DRAFTS} == set(get_args(Draft))
    assert all(hasattr(contracts, each.__name__) for each in get_args(Draft))
