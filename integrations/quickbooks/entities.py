"""One table: what each kind is called in QuickBooks, how it is written, read, found and taken back.

A new kind is a module in `mapping` and a row in ENTITIES.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from integrations.contracts import (
    AttachmentDraft,
    CreditNoteDraft,
    CreditNoteRecord,
    CustomerDraft,
    Draft,
    InvoiceDraft,
    InvoiceRecord,
    ItemDraft,
    Kind,
    PaymentDraft,
    Record,
    RemoteRef,
    SpendingDraft,
    SupplierDraft,
)
from integrations.quickbooks.mapping.attachments import (
    TARGETS,
    attachment_payload,
    attachment_record,
)
from integrations.quickbooks.mapping.billpayments import bill_payment_record
from integrations.quickbooks.mapping.creditnotes import credit_note_payload, credit_note_record
from integrations.quickbooks.mapping.customers import customer_payload, customer_record
from integrations.quickbooks.mapping.encoding import Json
from integrations.quickbooks.mapping.invoices import invoice_payload, invoice_record
from integrations.quickbooks.mapping.items import item_payload, item_record
from integrations.quickbooks.mapping.payments import payment_payload, payment_record
from integrations.quickbooks.mapping.spending import (
    bill_payload,
    purchase_payload,
    spending_record,
    supplier_credit_payload,
)
from integrations.quickbooks.mapping.suppliers import supplier_payload, supplier_record

EVERY = "Active in (true, false)"


def quoted(value: str) -> str:
    """A value in a query: single quotes, backslash before what would end it (field guide 4)."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def is_marked(record: Record, marker: str) -> bool:
    """Bears this marker, and not one that only begins with it (`PAY-1` in `PAY-12`)."""
    note = str(getattr(record, "marker", ""))
    return bool(marker) and re.search(rf"(?<!\w){re.escape(marker)}(?![\w-])", note) is not None


def _any(record: Record, draft: Draft) -> bool:
    del record, draft
    return True


def _has_its_marker(record: Record, draft: Draft) -> bool:
    return is_marked(record, str(getattr(draft, "marker", "")))


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of document there.

    `condition` of a query narrows to what may be a draft (the read-back after an unknown outcome)
    and `is_it` decides. `void_parameters` are those of the write that voids it. A `is_name` may be
    inactive. `page` is its deep link.
    """

    name: str
    record: Callable[[Json], Record]
    payload: Callable[..., dict[str, object]]
    condition: Callable[[Any], str]
    is_it: Callable[[Any, Any], bool] = _any
    void_parameters: tuple[tuple[str, str], ...] = ()
    is_name: bool = False
    page: str = ""


def _never(*_: object, **__: object) -> NoReturn:
    raise TypeError("this kind of document is only ever read")


def _customer_condition(draft: CustomerDraft) -> str:
    name = customer_payload(draft, existing=None)["DisplayName"]
    return f"DisplayName = {quoted(str(name))}"


def _supplier_condition(draft: SupplierDraft) -> str:
    name = supplier_payload(draft, existing=None)["DisplayName"]
    return f"DisplayName = {quoted(str(name))}"


def _item_condition(draft: ItemDraft) -> str:
    return f"Name = {quoted(str(item_payload(draft, existing=None)['Name']))}"


def _invoice_condition(draft: InvoiceDraft | CreditNoteDraft) -> str:
    return f"DocNumber = {quoted(draft.number)}"


def _is_invoice(record: Record, draft: InvoiceDraft | CreditNoteDraft) -> bool:
    """Of two anchors one may be lost: voiding and people write over the note (bar A.3, c).

    Our number on the same customer is ours when the total is, or when it was voided.
    """
    if not isinstance(record, InvoiceRecord | CreditNoteRecord):
        return False
    is_same = record.is_void or record.total == draft.total
    return is_marked(record, draft.marker) or (record.customer_id == draft.customer_id and is_same)


def _payment_condition(draft: PaymentDraft) -> str:
    customer, day = quoted(draft.customer_id), quoted(draft.received_on.isoformat())
    return f"CustomerRef = {customer} and TxnDate = {day}"


def _spending_condition(draft: SpendingDraft) -> str:
    """Accounts and payees of purchases cannot be asked for (field guide 4): day and marker do."""
    return f"TxnDate = {quoted(draft.dated_on.isoformat())}"


def _attachment_condition(draft: AttachmentDraft) -> str:
    kind, target = quoted(TARGETS[draft.target_kind]), quoted(draft.target_id)
    return f"AttachableRef.EntityRef.Type = {kind} and AttachableRef.EntityRef.value = {target}"


ENTITIES: dict[Kind, Entity] = {
    Kind.CUSTOMER: Entity(
        "Customer",
        customer_record,
        customer_payload,
        _customer_condition,
        is_name=True,
        page="customerdetail?nameId=",
    ),
    Kind.SUPPLIER: Entity(
        "Vendor",
        supplier_record,
        supplier_payload,
        _supplier_condition,
        is_name=True,
        page="vendordetail?nameId=",
    ),
    Kind.ITEM: Entity("Item", item_record, item_payload, _item_condition, is_name=True),
    Kind.INVOICE: Entity(
        "Invoice",
        invoice_record,
        invoice_payload,
        _invoice_condition,
        _is_invoice,
        void_parameters=(("operation", "void"),),
        page="invoice?txnId=",
    ),
    Kind.CREDIT_NOTE: Entity(
        "CreditMemo",
        credit_note_record,
        credit_note_payload,
        _invoice_condition,
        _is_invoice,
        page="creditmemo?txnId=",
    ),
    Kind.PAYMENT: Entity(
        "Payment",
        payment_record,
        payment_payload,
        _payment_condition,
        _has_its_marker,
        void_parameters=(("operation", "update"), ("include", "void")),
        page="recvpayment?txnId=",
    ),
    Kind.BILL: Entity(
        "Bill",
        spending_record(Kind.BILL),
        bill_payload,
        _spending_condition,
        _has_its_marker,
        page="bill?txnId=",
    ),
    Kind.SUPPLIER_CREDIT: Entity(
        "VendorCredit",
        spending_record(Kind.SUPPLIER_CREDIT),
        supplier_credit_payload,
        _spending_condition,
        _has_its_marker,
        page="vendorcredit?txnId=",
    ),
    Kind.ATTACHMENT: Entity(
        "Attachable",
        attachment_record,
        attachment_payload,
        _attachment_condition,
        _has_its_marker,
    ),
    Kind.BILL_PAYMENT: Entity("BillPayment", bill_payment_record, _never, _never),
    Kind.PURCHASE: Entity(
        "Purchase",
        spending_record(Kind.PURCHASE),
        purchase_payload,
        _spending_condition,
        _has_its_marker,
        page="expense?txnId=",
    ),
}


def payload_of(draft: Draft, *, existing: RemoteRef | None) -> dict[str, object]:
    """The body of a create (existing None) or of an update."""
    return ENTITIES[draft.kind].payload(draft, existing=existing)
