"""What a payment would charge: which invoices it settles, the surcharge on each, and why. Writes
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from ascora.common.money import ZERO, to_cents, total_of
from ascora.outbox.models import Hold
from ascora.outbox.selectors import entry_for
from jobs.models import Customer
from payments.models import Invoice, InvoiceLine, PaymentMethod
from payments.selectors import offered_methods_for, rules_of
from payments.services.lines import lines_of
from payments.services.refusals import Refused
from payments.surcharge import (
    NO_CHARGE,
    Charge,
    charge_on,
    rule_on,
    shares_of,
    surcharge_on,
    why,
)
from payments.totals import INCLUSIVE, PricedLine, gross_parts

_CANNOT_CHANGE = {Hold.PERIOD_CLOSED, Hold.CHANGED_THERE}


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
    """What one invoice gets of a payment, and the surcharge that is added to it."""

    invoice: Invoice
    amount: Decimal
    charge: Charge = NO_CHARGE

    @property
    def settled(self) -> Decimal:
        """All that the payment settles of it."""
        return self.amount + self.charge.amount


@dataclass(frozen=True, slots=True)
class PaymentQuote:
    """What would be charged: `charged` = the parts + credit + surcharge. `why` is a sentence for a
    person.
    """

    parts: tuple[Part, ...]
    credit: Decimal
    formula: Decimal
    surcharge: Decimal
    why: str
    own_lines: tuple[PricedLine, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What is paid before the surcharge."""
        return total_of(part.amount for part in self.parts) + self.credit

    @property
    def charged(self) -> Decimal:
        """All that is taken."""
        return self.amount + self.surcharge

    @property
    def has_own_invoice(self) -> bool:
        """The surcharge becomes an invoice of its own."""
        return bool(self.own_lines)


def quote(
    customer: Customer, allocations: Mapping[Invoice, Decimal], terms: PaymentTerms
) -> PaymentQuote:
    """Work out a payment. Raises Refused where it is not possible."""
    parts = [Part(invoice, to_cents(amount)) for invoice, amount in allocations.items() if amount]
    parts.sort(key=lambda part: part.invoice.pk)
    credit = to_cents(terms.get("credit") or ZERO)
    _check(customer, parts, credit, terms.get("method"))
    settled = total_of(part.amount for part in parts)
    formula, reason = _surcharge(settled, terms)
    if not formula:
        return PaymentQuote(tuple(parts), credit, ZERO, ZERO, reason)
    if _wants_own_invoice(parts, terms):
        lines = _own_lines(parts, formula)
        reason += " It becomes an invoice of its own, settled by the same payment."
        return PaymentQuote(tuple(parts), credit, formula, formula, reason, lines)
    charged = tuple(_charged(parts, formula))
    surcharge = total_of(part.charge.amount for part in charged)
    if surcharge != formula:
        reason += f" With the tax on the whole invoice that is ${surcharge:,.2f}."
    return PaymentQuote(charged, credit, formula, surcharge, reason)


def _check(
    customer: Customer, parts: Sequence[Part], credit: Decimal, method: PaymentMethod | None
) -> None:
    if method is not None and not _is_offered(customer, method):
        raise Refused(f"{method.name} is not offered. Choose another payment method.")
    for part in parts:
        _check_part(customer, part)
    if credit < 0:
        raise Refused("What is left as credit cannot be less than nothing.")
    if not parts and not credit:
        raise Refused("Enter what was paid.")


def _is_offered(customer: Customer, method: PaymentMethod) -> bool:
    return offered_methods_for(customer.organization).filter(pk=method.pk).exists()


def _check_part(customer: Customer, part: Part) -> None:
    invoice = part.invoice
    if invoice.customer_id != customer.pk:
        raise Refused(f"{invoice} belongs to another customer.")
    if not invoice.is_open:
        raise Refused(f"{invoice} is {invoice.get_status_display().lower()}: nothing to pay.")
    if part.amount < 0:
        raise Refused(f"{invoice}: the amount cannot be less than nothing.")
    if part.amount > invoice.balance:
        raise Refused(f"{invoice}: only ${invoice.balance:,.2f} is owed. Enter the rest as credit.")


def _surcharge(amount: Decimal, terms: PaymentTerms) -> tuple[Decimal, str]:
    method, day = terms.get("method"), terms["received_on"]
    if method is None:
        return ZERO, "Without a payment method no surcharge is added."
    rules = rules_of(method)
    if not terms.get("is_surcharged", True) and rule_on(rules, day):
        return ZERO, "No surcharge, as you chose."
    reason = why(method.name, rules, amount=amount, day=day)
    return surcharge_on(amount, rule_on(rules, day)), reason


def _wants_own_invoice(parts: Iterable[Part], terms: PaymentTerms) -> bool:
    wanted = terms.get("surcharge_invoice")
    if wanted is not None:
        return wanted
    return any(_cannot_change_in_books(part.invoice) for part in parts)


def _cannot_change_in_books(invoice: Invoice) -> bool:
    """Its month is closed over there, or somebody changed it there."""
    entry = entry_for(invoice)
    return entry is not None and entry.hold in _CANNOT_CHANGE


def _charged(parts: Sequence[Part], formula: Decimal) -> Iterable[Part]:
    shares = shares_of(formula, [part.amount for part in parts])
    for part, share in zip(parts, shares, strict=True):
        invoice = part.invoice
        lines = lines_of(invoice)
        charge = charge_on(lines, share, percent=invoice.tax_percent, mode=invoice.tax_mode)
        yield Part(invoice, part.amount, charge)


def _own_lines(parts: Sequence[Part], formula: Decimal) -> tuple[PricedLine, ...]:
    """Tax included, taxed as the invoices together are."""
    taxed = free = ZERO
    for part in parts:
        invoice = part.invoice
        lines: list[InvoiceLine] = lines_of(invoice)
        of_this = gross_parts(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
        taxed, free = taxed + of_this[0], free + of_this[1]
    both = [PricedLine(taxed), PricedLine(free, is_taxed=False)]
    return charge_on(both, formula, percent=parts[0].invoice.tax_percent, mode=INCLUSIVE).lines
