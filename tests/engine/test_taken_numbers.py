"""A number or a name that is taken over there: it may be our own, and nobody shows it yet."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from ascora.outbox.models import EntryState, Hold, OutboxEntry
from integrations.contracts import Kind
from integrations.errors import OutcomeUnknown
from integrations.links import link_of
from integrations.models import SyncAttempt
from tests.engine.business import Business
from tests.engine.fake_ledger import Knob
from tests.engine.test_faults import (
    QUARANTINE_IS_OVER,
    another_invoice,
    ready,
    the_only_invoice,
)

__all__ = ["ready"]


def blind_and_forgetful(business: Business, document: object) -> None:
    """It was made, its answer was lost, it cannot be seen, and the books forgot its request id."""
    business.ledger.knobs = [Knob("after", OutcomeUnknown("reset"))]
    business.drain()
    business.ledger.hidden = True
    business.ledger.keys.clear()
    business.time_passes(QUARANTINE_IS_OVER)
    business.drain()
    assert business.entry(document).state == EntryState.WAITING
    assert business.attempts(document) == [("create", "unknown"), ("create", "unknown")]


def test_a_taken_number_that_nobody_shows_yet_may_be_our_own(ready: Business) -> None:
    invoice = another_invoice(ready)
    blind_and_forgetful(ready, invoice)
    ready.ledger.hidden = False
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.entry(invoice).state == EntryState.DONE


def test_a_taken_name_that_nobody_shows_yet_makes_no_second_customer(ready: Business) -> None:
    customer = ready.customer("Late Index")
    ready.invoice(customer)
    blind_and_forgetful(ready, customer)
    ready.ledger.hidden = False
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    names = [each.name for each in ready.ledger.customers(start=1, size=100)]
    assert [name for name in names if "Late" in name] == ["Late Index"]
    assert ready.entry(customer).state == EntryState.DONE


def test_a_taken_number_that_stays_unseen_is_for_a_person(ready: Business) -> None:
    invoice = another_invoice(ready)
    blind_and_forgetful(ready, invoice)
    for _ in range(4):
        ready.time_passes(QUARANTINE_IS_OVER)
        ready.drain()
    assert ready.entry(invoice).state == EntryState.HELD
    assert ready.entry(invoice).hold == Hold.REJECTED
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")


def test_a_number_that_another_document_bears_is_not_taken_for_ours(ready: Business) -> None:
    earlier = another_invoice(ready)
    ready.drain()
    theirs = replace(ready.ledger.invoice(earlier.number), number="INV-7777", total=Decimal("9.90"))
    ready.ledger.documents[Kind.INVOICE, "7777"] = replace(
        theirs, ref=replace(theirs.ref, id="7777"), marker="Ascora INV-7777"
    )
    with ready.acting():
        customer = earlier.customer
    invoice = ready.invoice(customer, number="INV-7777")
    ready.drain()
    assert ready.entry(invoice).hold == Hold.REJECTED
    assert ready.ledger.invoice("INV-7777").total == Decimal("9.90")
    with ready.acting():
        assert link_of(ready.connection, invoice) is None


def test_the_same_document_under_its_number_is_ours(ready: Business) -> None:
    """As after yesterday's backup of Ascora was put back and the invoice was written once more."""
    invoice = another_invoice(ready)
    ready.drain()
    with ready.acting():
        link_of(ready.connection, invoice).delete()
        OutboxEntry.objects.owned_by(ready.organization).filter(object_pk=invoice.pk).update(
            state=EntryState.WAITING, settled_version=0, operation=uuid4()
        )
        SyncAttempt.objects.owned_by(ready.organization).filter(object_pk=invoice.pk).delete()
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.attempts(invoice) == [("create", "adopted")]
