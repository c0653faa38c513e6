"""The engine with one belt taken off, to prove that the harness would see it."""

import uuid
from datetime import timedelta

from ascora.outbox import queue
from integrations import attempts, backoff
from integrations.push import draining, intents
from integrations.quickbooks.ledger import QuickBooksLedger

# Every belt on, and each document alone.
ALONE = "alone"
NEVER = 1e12


def take_off(belt: str) -> None:
    """Weaken this process. Each document goes alone: a batch has belts of its own."""
    if belt:
        draining.claim_backlog = lambda *_, **__: []  # type: ignore[assignment]
        {
            ALONE: lambda: None,
            "intent": _forget_the_intent,
            "read-back": _never_look,
            "quarantine": _wait_for_nothing,
            "deadline": _send_however_late,
            "requestid": _draw_an_id,
            "fence": _store_any_result,
        }[belt]()


def _forget_the_intent() -> None:
    """As if nothing had been committed before the wire."""
    attempts.unresolved_create = lambda *_: None  # type: ignore[assignment]


def _never_look() -> None:
    """Nothing is ever found."""
    QuickBooksLedger.find = lambda *_, **__: ()  # type: ignore[method-assign]


def _wait_for_nothing() -> None:
    intents.QUARANTINE = backoff.QUARANTINE = timedelta(0)


def _send_however_late() -> None:
    intents.SEND_DEADLINE_SECONDS = NEVER


def _draw_an_id() -> None:
    """Another request id for every sending."""
    create = QuickBooksLedger.create

    def with_any_id(self, kind, payload, *, key, send_before):  # type: ignore[no-untyped-def]
        return create(self, kind, payload, key=uuid.uuid4().hex, send_before=send_before)

    QuickBooksLedger.create = with_any_id  # type: ignore[method-assign]


def _store_any_result() -> None:
    """Whoever comes back late writes its old answer all the same."""

    def any_claim(claim):  # type: ignore[no-untyped-def]
        entries = queue.OutboxEntry.objects.owned_by(claim.entry.organization)
        return entries.filter(pk=claim.entry.pk)

    queue._held = any_claim  # type: ignore[assignment]
