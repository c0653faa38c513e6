"""The history of an invoice in words: what each version changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ascora.common import wording
from payments.models import Invoice, InvoiceVersion, TaxMode


@dataclass(frozen=True, slots=True)
class Change:
    """A version with what it changed, a sentence each."""

    version: InvoiceVersion
    sentences: Sequence[str]


def history_of(invoice: Invoice) -> list[Change]:
    """Every version, newest first."""
    versions = list(
        InvoiceVersion.objects.owned_by(invoice.organization)
        .filter(invoice=invoice)
        .select_related("made_by")
        .order_by("-version")
    )
    before = {version.version: version.document for version in versions}
    return [
        Change(version, _sentences(before.get(version.version - 1), version.document))
        for version in versions
    ]


def _sentences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    if before is None:
        return [f"Total {_money(after['total'])}"]
    return [*_changed_facts(before, after), *_changed_lines(before, after)]


def _changed_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    shown: dict[str, tuple[str, Callable[[str], object]]] = {
        "issued_on": ("Date", _day),
        "due_on": ("Due", _day),
        "tax_mode": ("Prices", lambda mode: TaxMode(mode).label),
        "summary": ("Summary", str),
        "purchase_order": ("Purchase order", str),
        "total": ("Total", _money),
    }
    return [
        f"{label}: {words(before[name]) or 'none'} → {words(after[name]) or 'none'}"
        for name, (label, words) in shown.items()
        if before[name] != after[name]
    ]


def _changed_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = [_line(x) for x in before["lines"]], [_line(x) for x in after["lines"]]
    gone = [f"Removed: {line}" for line in old if old.count(line) > new.count(line)]
    come = [f"Added: {line}" for line in new if new.count(line) > old.count(line)]
    return [*dict.fromkeys(gone), *dict.fromkeys(come)]


def _line(line: Mapping[str, Any]) -> str:
    tax = "" if line["is_taxed"] else ", no tax"
    price = wording.unit_price(Decimal(line["unit_price"]))
    priced = f"{line['quantity']} at ${price} = {_money(line['amount'])}"
    return f"{line['description']} ({priced}{tax})"


def _money(amount: str) -> str:
    return f"${Decimal(amount):,.2f}"


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
