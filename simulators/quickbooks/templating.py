"""HTML pages out of jinja2 templates; every page says that it is a simulator."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

KILO = 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}


def money(amount: Any) -> str:
    """An amount with thousands and two decimals."""
    return f"{Decimal(str(amount)):,.2f}"


def of_cents(amount: int) -> str:
    """Cents as an amount, without its sign."""
    return f"{Decimal(abs(amount)).scaleb(-2):,.2f}"


def day(text: str) -> str:
    """An ISO date as people write it."""
    if not text:
        return ""
    when = date.fromisoformat(text)
    return f"{when.day} {when:%b %Y}"


def moment(seconds: float, zone: str) -> str:
    """A moment on a company's own clock."""
    when = datetime.fromtimestamp(seconds, ZoneInfo(zone))
    return f"{when.day} {when:%b %Y %H:%M:%S}"


def size(count: int) -> str:
    """The size of a file as people say it."""
    if count < KILO:
        return f"{count} bytes"
    kilos = count / KILO
    return f"{kilos:,.0f} KB" if kilos < KILO else f"{kilos / KILO:,.1f} MB"


ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(money=money, of_cents=of_cents, day=day, moment=moment, size=size)


def page(template: str, context: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """One rendered page."""
    text = ENVIRONMENT.get_template(template).render(**context)
    return HTMLResponse(text, status, dict(HEADERS))
