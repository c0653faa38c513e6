"""What a payment would charge: which invoices it settles, the surcharge on each, the cash rounding,
and why. Writes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ascora.common.money import ZERO, to_cents, total_of
from jobs.models import Customer
from payments.models import Invoice, InvoiceLine, PaymentMethod
from payments.selectors import offered_methods_for, rules_of
from payments.services.closed import why_fixed
from payments.services.lines import lines_of
from payments.services.quotes import Part, PaymentQuote, PaymentTerms
from payments.services.refusals import Refused
from payments.services.rounding import rounded
from payments.surcharge import charge_on, rule_on, shares_of, surcharge_on, why
from payments.totals import INCLUSIVE, PricedLine, gross_parts


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
        return rounded(PaymentQuote(tuple(parts), credit, ZERO, ZERO, reason), terms)
    if fixed := _why_own_invoice(parts, terms):
        lines = _own_lines(parts, formula)
        reason += f" It becomes an invoice of its own{fixed}, settled by the same payment."
        return rounded(PaymentQuote(tuple(parts), credit, formula, formula, reason, lines), terms)
    charged = tuple(_charged(parts, formula))
    surcharge = total_of(part.charge.amount for part in charged)
    if surcharge != formula:
        reason += f" With the tax on the whole invoice that is ${surcharge:,.2f}."
    return rounded(PaymentQuote(charged, credit, formula, surcharge, reason), terms)


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


def _why_own_invoice(parts: Iterable[Part], terms: PaymentTerms) -> str:
    """Why the surcharge goes on an invoice of its own, as part of a sentence; empty when it does
    not.
    """
    wanted = terms.get("surcharge_invoice")
    if wanted is not None:
        return ", as you chose" if wanted else ""
    reasons = [reason for part in parts if (reason := why_fixed(part.invoice))]
    return f", because {reasons[0]}" if reasons else ""


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
