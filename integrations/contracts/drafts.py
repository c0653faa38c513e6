"""Drafts: documents in neutral words on their way out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


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
