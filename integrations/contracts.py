"""The words between the engine and a provider: drafts going out, records coming in, two protocols.

Pure. Amounts are Decimals in the company's home currency with two places (quantities and unit
prices up to four), positive unless a docstring says otherwise. Dates are company-local; datetimes
are aware (UTC).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

# --- Identity
# ---------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a remote document is, in words that every package has."""

    CUSTOMER = "customer"
    ITEM = "item"
    INVOICE = "invoice"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """A document in the books. `revision` is the optimistic lock the package handed out last ("" if
    unknown).
    """

    kind: Kind
    id: str
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Permission to enter one company's books. Texts are opaque and may exceed 1,000 characters."""

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime | None = None
    refresh_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What the callback of a successful sign-in gives: tokens for a company."""

    realm: str = field(repr=False)
    tokens: Tokens


# --- Drafts: going out
# ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """A customer. `name` is the display name, at most 100 characters, without colon, tab or
    newline.
    """

    name: str
    company_name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    billing: Address = Address()
    site: Address = Address()
    notes: str = ""
    is_taxed: bool = True
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """The service item that carries one income account: income follows the item."""

    name: str
    income_account_id: str


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A priced line. `amount` is NET of tax; `gross` is set in tax-inclusive documents only.

    `quantity` and `unit_price` (net) are given only when quantity x unit_price rounds to `amount`.
    """

    description: str
    amount: Decimal
    item_id: str
    tax_code_id: str
    income_account_id: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    gross: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """An issued invoice. subtotal + tax = total; `subtotal` is the sum of the lines' net amounts.

    `summary` is a description-only first line ("" for none). `marker` is fit for a customer's eyes.
    `custom_fields`
    maps the package's field id to a text of at most 31 characters.
    """

    number: str
    customer_id: str
    issued_on: date
    due_on: date
    is_tax_inclusive: bool
    lines: tuple[LineDraft, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    summary: str = ""
    memo: str = ""
    marker: str = ""
    email: str = ""
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledInvoice:
    """The part of a payment that settles one remote invoice."""

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """Money received. The settled amounts add up to at most `total`; the rest stays unapplied."""

    customer_id: str
    received_on: date
    total: Decimal
    deposit_account_id: str
    settles: tuple[SettledInvoice, ...]
    method_id: str = ""
    reference: str = ""
    marker: str = ""


Draft = CustomerDraft | ItemDraft | InvoiceDraft | PaymentDraft


# --- Records: coming in
# -----------------------------------------------------------------------------


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
    """A tax code with its summed rates in per cent; None where it does not apply."""

    id: str
    name: str
    description: str
    sales_percent: Decimal | None
    purchase_percent: Decimal | None
    is_active: bool


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
class PaymentRecord:
    """A payment as it stands in the books. `settles` holds its invoices only; `credits` what credit
    notes add.
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


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A document that the books report as deleted."""

    ref: RemoteRef
    changed_at: datetime


Record = CustomerRecord | ItemRecord | InvoiceRecord | PaymentRecord | DeletedRecord


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
class Hint:
    """A webhook said that something changed: nothing more is believed of it."""

    event_id: str
    realm: str
    kind: str
    remote_id: str
    operation: str


# --- The two protocols
# ------------------------------------------------------------------------------


class Ledger(Protocol):
    """One company's books, opened with a live access token. Never retries and never sleeps by
    itself.

    Every method may raise the names of `integrations.errors`. A write whose answer is lost, late,
    5xx or unreadable
    raises OutcomeUnknown; the same on a read raises RemoteBusy or Unreachable. Reads are counted by
    the caller.
    """

    def company(self) -> CompanyRecord:
        """Company information and preferences (two reads)."""
        ...

    def chart(self) -> ChartRecord:
        """Accounts (inactive too), tax codes, payment methods and custom fields."""
        ...

    def payload(self, draft: Draft, *, existing: RemoteRef | None = None) -> bytes:
        """The exact bytes of the request body for a create (existing None) or an update. Pure."""
        ...

    def create(self, kind: Kind, payload: bytes, *, key: str, send_before: float) -> Written:
        """Send frozen bytes under an idempotency key, unless `time.monotonic()` has passed
        `send_before`.

        A passed deadline raises DeadlinePassed before anything is written to the socket.
        """
        ...

    def update(self, kind: Kind, payload: bytes, *, send_before: float) -> Written:
        """Send frozen bytes of an update; the revision inside guards it (StaleRevision)."""
        ...

    def void(self, ref: RemoteRef, *, send_before: float) -> Written:
        """Void an invoice or a payment; it keeps its number and is worth nothing."""
        ...

    def read(self, ref: RemoteRef) -> Record:
        """One document as it stands now; DeletedRecord when the books no longer have it."""
        ...

    def read_many(self, kind: Kind, ids: Sequence[str]) -> tuple[Record, ...]:
        """Up to 1,000 documents in one metered read."""
        ...

    def find(self, draft: Draft, *, since: datetime) -> tuple[Record, ...]:
        """Documents that may be this draft: the read-back after an unknown outcome.

        By number (invoice), display name (customer, item: also inactive), or customer and date
        (payment), narrowed to the same marker where the document has one. Zero, one, or more.
        """
        ...

    def count_customers(self) -> int:
        """How many customers there are, inactive ones not counted."""
        ...

    def customers(self, *, start: int, size: int) -> tuple[CustomerRecord, ...]:
        """A page of active customers in a stable order, `start` from 1, `size` at most 1,000."""
        ...

    def changes(self, kinds: Iterable[Kind], *, since: datetime) -> Changes:
        """Everything of these kinds changed since then, deletions included, in one metered read."""
        ...

    def payments_between(
        self, since: datetime, until: datetime, *, start: int
    ) -> tuple[PaymentRecord, ...]:
        """A page of 1,000 payments by time of change (since <= changed < until), ordered by id;
        `start` from 1.
        """
        ...

    def document_url(self, ref: RemoteRef) -> str:
        """Where a person looks at this document in the package ("" when it has no page)."""
        ...


class DeadlinePassed(Exception):
    """The send deadline passed before anything was written: certainly not sent."""


class Provider(Protocol):
    """An accounting package: signing in, tokens, webhooks, and opening a company's books."""

    slug: str
    label: str
    connect_label: str

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Where the browser is sent to sign in and to allow the connection."""
        ...

    def grant_from(self, query: Mapping[str, str], *, redirect_uri: str) -> Grant:
        """Exchange the callback's code. Raises ConnectionRefused when the person said no, Rejected
        when malformed.
        """
        ...

    def refresh(self, tokens: Tokens) -> Tokens:
        """A new pair (the refresh token may have rotated). NeedsReconnect when the old one is
        refused.
        """
        ...

    def revoke(self, tokens: Tokens) -> None:
        """End the permission over there. A dead token is not an error."""
        ...

    def open(self, realm: str, tokens: Tokens) -> Ledger:
        """The books of one company; no request is made."""
        ...

    def hints_from(self, body: bytes, headers: Mapping[str, str]) -> tuple[Hint, ...]:
        """Check the signature over the raw body and read the hints. Raises BadSignature."""
        ...


class ConnectionRefused(Exception):
    """The person said no on the package's own page. A normal outcome."""


class BadSignature(Exception):
    """A webhook that the package did not sign."""
