"""Cash rounding: what paying in coins adds to the last invoice that is settled in full, or takes
off.
"""

from dataclasses import replace
from decimal import Decimal

from ascora.common.money import ZERO, to_step
from payments.selectors import payment_settings_for
from payments.services.closed import why_fixed
from payments.services.quotes import Part, PaymentQuote, PaymentTerms


def rounded(quote: PaymentQuote, terms: PaymentTerms) -> PaymentQuote:
    """The same quote as it is paid in cash; unchanged for every other way of paying."""
    step = _step(quote, terms)
    off = to_step(quote.charged, step) - quote.charged if step else ZERO
    if not off:
        return quote
    place = _place(quote, off)
    if place is None:
        return replace(quote, why=f"{quote.why} {_why_not(quote, off)}")
    parts = list(quote.parts)
    parts[place] = replace(parts[place], rounding=off)
    words = f"In cash that is ${quote.charged + off:,.2f}."
    return replace(quote, parts=tuple(parts), why=f"{quote.why} {words}")


def _step(quote: PaymentQuote, terms: PaymentTerms) -> Decimal:
    method = terms.get("method")
    if method is None or not method.is_cash or not quote.parts:
        return ZERO
    return Decimal(payment_settings_for(method.organization).cash_step)


def _place(quote: PaymentQuote, off: Decimal) -> int | None:
    """The last invoice that is settled in full and can still change in the books."""
    places = [place for place, part in enumerate(quote.parts) if _takes(part, off)]
    return places[-1] if places else None


def _takes(part: Part, off: Decimal) -> bool:
    return part.is_in_full and part.settled + off > 0 and not why_fixed(part.invoice)


def _why_not(quote: PaymentQuote, off: Decimal) -> str:
    if quote.charged + off <= 0:
        return "It is too little to be rounded."
    fixed = [reason for part in quote.parts if (reason := why_fixed(part.invoice))]
    if fixed:
        return f"Not rounded, because {fixed[0]}."
    return "Not rounded: only what settles an invoice in full is."
