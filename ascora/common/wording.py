"""How numbers read on a page: thousands marked, no idle zeros in quantities and rates. Pure."""

from decimal import Decimal

from ascora.common.money import to_cents

MINUS = "\N{MINUS SIGN}"


def plain_money(amount: Decimal | int) -> str:
    """1,765.36; a true minus sign in front of a negative amount."""
    cents = to_cents(Decimal(amount))
    return f"{MINUS if cents < 0 else ''}{abs(cents):,.2f}"


def money(amount: Decimal | int) -> str:
    """$1,765.36, and the minus sign before the dollar sign."""
    text = plain_money(amount)
    return f"{MINUS}${text[1:]}" if text.startswith(MINUS) else f"${text}"


def quantity(amount: Decimal | int) -> str:
    """3.5 for 3.5000, 1,200 for 1200.0000: up to four places, none of them idle."""
    number = Decimal(amount)
    text = f"{abs(number):,.4f}".rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if number < 0 and text != "0" else text


def unit_price(amount: Decimal | int) -> str:
    """12.50 and 7.2055: two places, or up to four where they say something."""
    whole, _, places = f"{abs(Decimal(amount)):,.4f}".partition(".")
    return f"{MINUS if amount < 0 else ''}{whole}.{places[:2]}{places[2:].rstrip('0')}"


def percent(rate: Decimal | int) -> str:
    """1.75 %, with a space that does not break."""
    return f"{quantity(rate)}\N{NO-BREAK SPACE}%"
