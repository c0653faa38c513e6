"""What goes before a document is sent once, however many documents wait for it at the same time."""

from collections.abc import Callable

import pytest

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_anew, record_change
from integrations.push import intents
from integrations.snapshots import Requires, Snapshot
from jobs.models import Customer
from payments.models import Invoice
from tests.engine.business import Business


@pytest.fixture
def customer(spark: Business) -> Customer:
    """One whom the books have never heard of."""
    return spark.customer()


def looks_late(
    monkeypatch: pytest.MonkeyPatch, invoice: Invoice, meanwhile: Callable[[], object]
) -> None:
    """Its customer was not there yet when this invoice was looked at first."""
    real, looks = intents.snapshot, []

    def late(books: object, document: object, entry: OutboxEntry) -> Snapshot:
        if document == invoice and not looks:
            looks.append(entry.pk)
            meanwhile()
            return Requires((invoice.customer,))
        return real(books, document, entry)

    monkeypatch.setattr(intents, "snapshot", late)


def test_a_customer_that_was_sent_while_another_invoice_looked_is_not_sent_again(
    spark: Business, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    spark.invoice(customer)
    spark.drain()
    second = spark.invoice(customer)
    looks_late(monkeypatch, second, meanwhile=lambda: None)
    spark.drain(3)
    assert spark.entry(second).state == EntryState.DONE
    assert spark.attempts(customer) == [("create", "done")]
    assert spark.entry(customer).version == 1


def test_two_invoices_of_a_new_customer_put_it_on_its_way_once(
    spark: Business, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = spark.invoice(customer)
    real = intents.entry_for

    def late(document: object) -> OutboxEntry | None:
        seen = real(document)
        if document == customer and seen is None:
            record_change(customer, by=None)
        return seen

    monkeypatch.setattr(intents, "entry_for", late)
    spark.drain(3)
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.attempts(customer) == [("create", "done")]
    assert spark.entry(customer).version == 1


@pytest.mark.parametrize("times", [1, 2])
def test_what_was_done_without_being_sent_is_put_on_its_way_once(
    spark: Business, customer: Customer, times: int
) -> None:
    with spark.acting():
        record_change(customer, by=None)
    spark.drain()
    with spark.acting():
        seen = entry_for(customer)
        assert seen is not None
        assert seen.state == EntryState.DONE
        entries = [record_anew(customer, by=None, seen=seen) for _ in range(times)]
    assert {(entry.pk, entry.version, entry.state) for entry in entries} == {
        (seen.pk, 2, EntryState.WAITING)
    }


def test_a_customer_that_was_done_without_being_sent_goes_before_its_first_invoice(
    spark: Business, customer: Customer
) -> None:
    """It is done, and still has to go first: that is no late look."""
    with spark.acting():
        record_change(customer, by=None)
    spark.drain()
    invoice = spark.invoice(customer)
    spark.drain(3)
    assert spark.attempts(customer) == [("create", "done")]
    assert spark.entry(customer).version == 2
    assert spark.entry(invoice).state == EntryState.DONE
