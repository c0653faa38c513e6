"""What a remote document and a permission are called on both sides. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a remote document is, in words that every package has."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    ITEM = "item"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    BILL = "bill"
    SUPPLIER_CREDIT = "supplier_credit"
    BILL_PAYMENT = "bill_payment"
    PURCHASE = "purchase"
    ATTACHMENT = "attachment"


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
class Limits:
    """What a package allows one company: requests and batches a minute, and requests at once.

    `reads_per_month` is what it allows all companies of the installation together; 0: no end.
    """

    per_minute: int
    batches_per_minute: int
    in_flight: int
    reads_per_month: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What the callback of a successful sign-in gives: tokens for a company."""

    realm: str = field(repr=False)
    tokens: Tokens
