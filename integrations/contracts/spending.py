"""Suppliers and what is bought, going out and coming in: bills, supplier credits, purchases. Pure.

One shape for the three documents; which one it is says the kind.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from integrations.contracts.drafts import Address
from integrations.contracts.identity import Kind, RemoteRef

NOWHERE = Address()


@dataclass(frozen=True, slots=True)
class SupplierDraft:
    """A supplier. `name` is the display name, at most 100 characters, without colon, tab or
    newline. `tax_number` is the ABN, digits only.
    """

    kind: ClassVar[Kind] = Kind.SUPPLIER

    name: str
    company_name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    tax_number: str = ""
    address: Address = NOWHERE
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """A supplier as it stands in the books."""

    ref: RemoteRef
    name: str
    company_name: str
    given_name: str
    family_name: str
    email: str
    phone: str
    mobile: str
    tax_number: str
    address: Address
    is_active: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SpendingLineDraft:
    """A line of what is bought. `amount` is NET of tax; `gross` is set in tax-inclusive documents
    only. `customer_id` names the customer of a line to receivables, and of no other.
    """

    description: str
    amount: Decimal
    account_id: str
    tax_code_id: str = ""
    gross: Decimal | None = None
    customer_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDraft:
    """A supplier's invoice that is still to be paid. subtotal + tax = total."""

    kind: ClassVar[Kind] = Kind.BILL

    number: str
    supplier_id: str
    dated_on: date
    due_on: date
    is_tax_inclusive: bool
    lines: tuple[SpendingLineDraft, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    memo: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierCreditDraft:
    """What a supplier owes back. Amounts are positive; it takes cost back."""

    kind: ClassVar[Kind] = Kind.SUPPLIER_CREDIT

    number: str
    supplier_id: str
    dated_on: date
    is_tax_inclusive: bool
    lines: tuple[SpendingLineDraft, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    memo: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseDraft:
    """Money spent at once, from a bank or a card account: an expense, or a credit paid out to a
    customer (then `payee_kind` is CUSTOMER and its one line goes to receivables).
    """

    kind: ClassVar[Kind] = Kind.PURCHASE

    number: str
    payee_id: str
    payee_kind: Kind = Kind.SUPPLIER
    dated_on: date
    paid_from_id: str
    is_card: bool
    is_tax_inclusive: bool
    lines: tuple[SpendingLineDraft, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    memo: str = ""
    marker: str = ""


SpendingDraft = BillDraft | SupplierCreditDraft | PurchaseDraft


@dataclass(frozen=True, slots=True)
class SpentLine:
    """A line of what was bought, as the books hold it."""

    description: str
    amount: Decimal
    account_id: str
    customer_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingRecord:
    """A bill, a supplier credit or a purchase as it stands in the books; `ref.kind` says which.

    `balance` is what is still owed (a purchase: nothing). `payment_ids` are the bill payments
    linked to it. `paid_from_id` is set for purchases.
    """

    ref: RemoteRef
    number: str
    payee_id: str
    dated_on: date
    due_on: date | None
    total: Decimal
    tax: Decimal
    balance: Decimal
    is_void: bool
    marker: str
    lines: tuple[SpentLine, ...]
    payment_ids: tuple[str, ...]
    paid_from_id: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SettledBill:
    """The part of a bill payment that settles one bill or uses one supplier credit (see kind)."""

    ref: RemoteRef
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BillPaymentRecord:
    """Bills paid in the books; only ever read."""

    ref: RemoteRef
    supplier_id: str
    paid_on: date
    total: Decimal
    settles: tuple[SettledBill, ...]
    is_void: bool
    changed_at: datetime
