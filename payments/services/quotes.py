"""What a payment is made of: its terms, its parts, and the quote that is shown before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from ascora.common.money import ZERO, total_of
from payments.models import Invoice, PaymentMethod
from payments.surcharge import NO_CHARGE, Charge
from payments.totals import PricedLine


class PaymentTerms(TypedDict, total=False):
    """How a payment is made. `credit` is money beyond the invoices, kept as the customer's credit.

    `is_surcharged` False adds nothing whatever the method's rule says. `surcharge_invoice` puts
    the surcharge on an
    invoice of its own; left out, that is done where an invoice cannot change in the books.
    """

    method: PaymentMethod | None
    received_on: date
    reference: str
    note: str
    credit: Decimal
    is_surcharged: bool
    surcharge_invoice: bool | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one invoice gets of a payment, and what is added to it: surcharge, cash rounding."""

    invoice: Invoice
    amount: Decimal
    charge: Charge = NO_CHARGE
    rounding: Decimal = ZERO

    @property
    def settled(self) -> Decimal:
        """All that the payment settles of it."""
        return self.amount + self.charge.amount + self.rounding

    @property
    def is_in_full(self) -> bool:
        """Nothing is left of the invoice."""
        return bool(self.amount == self.invoice.balance)


@dataclass(frozen=True, slots=True)
class PaymentQuote:
    """What would be charged: `charged` = the parts + credit + surcharge + rounding. `why` says it
    to a person.
    """

    parts: tuple[Part, ...]
    credit: Decimal
    formula: Decimal
    surcharge: Decimal
    why: str
    own_lines: tuple[PricedLine, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What is paid before surcharge and rounding."""
        return total_of(part.amount for part in self.parts) + self.credit

    @property
    def charged(self) -> Decimal:
        """All that is taken."""
        return self.amount + self.surcharge + self.rounding

    @property
    def rounding(self) -> Decimal:
        """What paying in cash adds, or takes off."""
        return total_of(part.rounding for part in self.parts)

    @property
    def has_own_invoice(self) -> bool:
        """The surcharge becomes an invoice of its own."""
        return bool(self.own_lines)
