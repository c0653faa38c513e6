"""Drafts of names and of what is sold: documents in neutral words on their way out. Pure.

Every draft says its `kind`. Those of what is bought stand in `spending`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from integrations.contracts.identity import Kind


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

    kind: ClassVar[Kind] = Kind.CUSTOMER

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

    kind: ClassVar[Kind] = Kind.ITEM

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

    kind: ClassVar[Kind] = Kind.INVOICE

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
class CreditNoteDraft:
    """An issued credit note: lines and totals as of an invoice, all positive; it takes income
    back.
    """

    kind: ClassVar[Kind] = Kind.CREDIT_NOTE

    number: str
    customer_id: str
    issued_on: date
    is_tax_inclusive: bool
    lines: tuple[LineDraft, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    summary: str = ""
    memo: str = ""
    marker: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class SettledInvoice:
    """The part of a payment that settles one remote invoice."""

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class UsedCredit:
    """The part of a remote credit note that a payment links; positive."""

    credit_note_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A remote purchase that pays a credit out to the customer; positive, settled like an
    invoice.
    """

    purchase_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """Money received, credit used, or both: settled + paid out <= total + credits used.

    What is left of the money stays unapplied. The application of a credit note is a payment with
    total 0 and no account to go to.
    """

    kind: ClassVar[Kind] = Kind.PAYMENT

    customer_id: str
    received_on: date
    total: Decimal
    deposit_account_id: str
    settles: tuple[SettledInvoice, ...]
    method_id: str = ""
    reference: str = ""
    marker: str = ""
    credits: tuple[UsedCredit, ...] = ()
    paid_out: tuple[PaidOut, ...] = ()
