"""Races: a bookkeeper acts on the very object that a request is about to touch, or just has."""

from collections.abc import Iterator
from typing import Any, Protocol

from simulators.quickbooks import bookkeeper, faults
from simulators.quickbooks.rules import Rule
from simulators.quickbooks.serialise import read
from simulators.quickbooks.simulator import Simulator


class Racing(Protocol):
    """The request that is raced."""

    simulator: Simulator
    realm: str


def interfere(arrival: Racing, rule: Rule, text: bytes) -> None:
    """Let a bookkeeper act; what the books refuse them is counted as failed, and nothing else."""
    simulator = arrival.simulator
    try:
        books = simulator.books(arrival.realm)
        books.by = "bookkeeper"
        wish = _filled(rule.wish, _names(text))
        with simulator.store.transaction():
            bookkeeper.act(books, rule.action, wish)
    except (faults.Fault, KeyError, ValueError, TypeError, AttributeError):
        rule.failed += 1
        return
    simulator.publish(books)


def _names(text: bytes) -> dict[str, str]:
    """What a wish may name: {id}, {customer}, {vendor} of the document and {invoice} it pays."""
    found = read(text)
    answered = (each for each in found.values() if isinstance(each, dict) and "SyncToken" in each)
    document = next(answered, found)
    names = {"{id}": document.get("Id")}
    for name, key in (("{customer}", "CustomerRef"), ("{vendor}", "VendorRef")):
        names[name] = document.get(key, {}).get("value")
    names["{invoice}"] = next(_paid(document), None)
    return {name: str(value) for name, value in names.items() if value is not None}


def _paid(document: dict[str, Any]) -> Iterator[str]:
    for line in document.get("Line", []):
        for link in line.get("LinkedTxn", []):
            if link.get("TxnType") == "Invoice":
                yield link["TxnId"]


def _filled(wish: Any, names: dict[str, str]) -> Any:
    if isinstance(wish, dict):
        return {key: _filled(value, names) for key, value in wish.items()}
    if isinstance(wish, list):
        return [_filled(each, names) for each in wish]
    if isinstance(wish, str) and wish.startswith("{"):
        return names[wish]
    return wish
