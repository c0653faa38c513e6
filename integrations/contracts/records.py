"""Records: documents as the books hold them, coming in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from integrations.contracts.attachments import AttachmentRecord
from integrations.contracts.drafts import Address, PaidOut, SettledInvoice, UsedCredit
from integrations.contracts.identity import Kind, RemoteRef
from integrations.contracts.spending import BillPaymentRecord, SpendingRecord, SupplierRecord


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """The company behind the connection and the preferences that matter to us."""

    realm: str
    name: str
    country: str
    home_currency: str
    uses_own_numbers: bool
    books_closed_until: date | None
    is_multicurrency: bool
    subscription: str = ""
    applies_credits_itself: bool = False


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account. `kind` is a value of ascora.chart AccountKind; only active ones may be used on
    new documents.
    """

    id: str
    code: str
    name: str
    full_name: str
    kind: str
    currency: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class TaxCodeRecord:
    """A tax code with its summed rates in per cent; None where it does not apply.

    `is_worked_out_there`: the books decide the tax of each sale; `sales_percent` is what is usual.
    """

    id: str
    name: str
    description: str
    sales_percent: Decimal | None
    purchase_percent: Decimal | None
    is_active: bool
    is_worked_out_there: bool = False


@dataclass(frozen=True, slots=True)
class PaymentMethodRecord:
    """A payment method of the books."""

    id: str
    name: str
    is_card: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class CustomFieldRecord:
    """A custom field on sales documents."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ChartRecord:
    """Everything that a drop-down of the accounting settings offers."""

    accounts: tuple[AccountRecord, ...]
    tax_codes: tuple[TaxCodeRecord, ...]
    payment_methods: tuple[PaymentMethodRecord, ...]
    custom_fields: tuple[CustomFieldRecord, ...]


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as it stands in the books. `parent_id` is set for sub-customers.

    `name` is its own name; `full_name` begins with its parents' names ("" when the same as `name`).
    """

    ref: RemoteRef
    name: str
    company_name: str
    given_name: str
    family_name: str
    email: str
    phone: str
    mobile: str
    billing: Address
    site: Address
    notes: str
    is_taxed: bool
    is_active: bool
    parent_id: str
    changed_at: datetime
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An item: what it posts to and whether it may be used."""

    ref: RemoteRef
    name: str
    income_account_id: str
    is_active: bool
    is_sellable: bool


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A line as the books hold it; `income_account_id` is where it posted, when the books say."""

    description: str
    amount: Decimal
    item_id: str
    income_account_id: str


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice as it stands in the books."""

    ref: RemoteRef
    number: str
    customer_id: str
    issued_on: date
    total: Decimal
    tax: Decimal
    balance: Decimal
    is_void: bool
    marker: str
    lines: tuple[PostedLine, ...]
    payment_ids: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CreditNoteRecord:
    """A credit note as it stands in the books. `balance` is what is not used yet; `payment_ids`
    are the payments that link it to invoices.
    """

    ref: RemoteRef
    number: str
    customer_id: str
    issued_on: date
    total: Decimal
    tax: Decimal
    balance: Decimal
    is_void: bool
    marker: str
    lines: tuple[PostedLine, ...]
    payment_ids: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment as it stands in the books. `settles` holds its invoices only; `credits` what credit
    notes add, `uses` which; `paid_out` the purchases that it links.
    """

    ref: RemoteRef
    customer_id: str
    received_on: date
    total: Decimal
    unapplied: Decimal
    settles: tuple[SettledInvoice, ...]
    credits: Decimal
    deposit_account_id: str
    method_id: str
    reference: str
    marker: str
    is_void: bool
    is_deposited: bool
    changed_at: datetime
    uses: tuple[UsedCredit, ...] = ()
    paid_out: tuple[PaidOut, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A document that the books report as deleted. A name that was merged into another has the
    `survivor`.
    """

    ref: RemoteRef
    changed_at: datetime
    survivor: CustomerRecord | SupplierRecord | None = None


# What has a total and can be worth nothing.
Totalled = InvoiceRecord | CreditNoteRecord | PaymentRecord | SpendingRecord
Record = (
    CustomerRecord
    | SupplierRecord
    | ItemRecord
    | Totalled
    | BillPaymentRecord
    | AttachmentRecord
    | DeletedRecord
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a moment. `is_complete` is False when the package cut the list: narrow or
    read in full.
    """

    records: tuple[Record, ...]
    is_complete: bool
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The answer to a write, taken as the new truth. `record` is the document as the books hold it
    now.
    """

    record: Record
    trace_id: str
    exchange: Mapping[str, object] = field(default_factory=dict)

    @property
    def ref(self) -> RemoteRef:
        """The document."""
        return self.record.ref


@dataclass(frozen=True, slots=True)
class Piece:
    """One of several writes that travel in one request: a create, or an update with its revision
    inside. `mark` tells it from the others there.
    """

    mark: str
    kind: Kind
    operation: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Hint:
    """A webhook said that something changed: nothing more is believed of it.

    `gone_id` is who was merged into it, where that is what it says.
    """

    event_id: str
    realm: str
    kind: str
    remote_id: str
    operation: str
    gone_id: str = ""
