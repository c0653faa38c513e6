"""A backlog goes in batches over real HTTP: every document once, whatever befalls the request."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from ascora.outbox.models import EntryState
from integrations.errors import Rejected
from integrations.models import BatchState, Connection, PushBatch
from integrations.quickbooks.ledger import QuickBooksLedger
from integrations.throttling import throttle
from payments.models import Invoice
from tests.engine.connected import Connected, company, running, spark
from tests.engine.test_against_simulator import forked, worker

__all__ = ["company", "running", "spark"]

QUARANTINE_IS_OVER = timedelta(seconds=151)
TWELVE = 12


@pytest.fixture
def ready(spark: Connected) -> Connected:
    """Customer and items are in the books already, and numbers may be used twice there: only our
    own belts prevent a second invoice.
    """
    books = spark.company.running.simulator.books(spark.company.realm)
    books.facts["allow_duplicate_numbers"] = True
    books.save_facts()
    spark.regular = spark.invoice(number="INV-1").customer
    spark.drain()
    spark.earlier = spark.remote_count()
    return spark


def a_backlog(business: Connected, count: int = TWELVE) -> list[Invoice]:
    """So many invoices of $100 and GST, for the customer whom the books know."""
    return [business.invoice(business.regular) for _ in range(count)]


def states(business: Connected, invoices: list[Invoice]) -> Counter:
    """How many entries stand where."""
    return Counter(business.entry(invoice).state for invoice in invoices)


def are_once(business: Connected, invoices: list[Invoice]) -> None:
    """All are done, each stands there once, nothing else does, and both sides agree to the cent."""
    assert states(business, invoices) == {EntryState.DONE: len(invoices)}
    assert [len(business.remote_invoices(each.number)) for each in invoices] == [1] * len(invoices)
    assert business.remote_count() == business.earlier + len(invoices)
    assert business.balances()["1200"] == 110 * (len(invoices) + business.earlier)
    assert business.differences() == []


def batches_of(business: Connected) -> list[PushBatch]:
    with business.acting():
        return list(PushBatch.objects.owned_by(business.organization).order_by("pk"))


def test_a_backlog_goes_in_one_request(ready: Connected) -> None:
    invoices = a_backlog(ready)
    before = ready.posts()
    ready.drain()
    assert ready.posts() - before == Counter({"/batch": 1})
    are_once(ready, invoices)
    (batch,) = batches_of(ready)
    assert (batch.state, batch.payload) == (BatchState.KNOWN, "")
    assert [each["mark"] for each in batch.composition] == [str(n) for n in range(1, TWELVE + 1)]


def test_thirty_at_most_and_a_few_go_one_by_one(ready: Connected) -> None:
    invoices = a_backlog(ready, 33)
    before = ready.posts()
    ready.drain(2)
    assert ready.posts() - before == Counter({"/batch": 1, "/invoice": 3})
    are_once(ready, invoices)


def test_customers_go_first_and_their_invoices_after_them(spark: Connected) -> None:
    spark.earlier = 0
    invoices = [spark.invoice(spark.customer(f"Customer of {n}")) for n in range(TWELVE)]
    spark.drain(4)
    are_once(spark, invoices)
    assert len(spark.company.rows("Customer")) == TWELVE
    kinds = [{each["kind"] for each in batch.composition} for batch in batches_of(spark)]
    assert kinds == [{"customer", "item"}, {"invoice"}]


def test_changes_of_many_go_together_and_need_no_second_look(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.drain()
    for invoice in invoices:
        ready.amend(invoice, price="200.00")
    before = ready.posts()
    ready.drain()
    assert ready.posts() - before == Counter({"/batch": 1})
    assert states(ready, invoices) == {EntryState.DONE: TWELVE}
    assert ready.balances()["1200"] == 110 + 220 * TWELVE
    assert ready.differences() == []


def test_one_that_is_refused_holds_back_nobody(ready: Connected) -> None:
    ready.company.bookkeeper("close_books", date="2026-08-31")
    refused = ready.invoice(ready.regular, issued_on=date(2026, 8, 30))
    others = a_backlog(ready)
    ready.drain()
    entry = ready.entry(refused)
    assert (entry.state, entry.hold) == (EntryState.HELD, "period_closed")
    assert ready.remote_invoices(refused.number) == []
    assert states(ready, others) == {EntryState.DONE: TWELVE}
    assert ready.remote_count() == ready.earlier + TWELVE
    assert ready.balances()["1200"] == 110 * (TWELVE + 1)


@pytest.mark.parametrize("code", ["6240", "2500", "6000"])
def test_items_refused_for_their_own_reasons_wait_for_a_person(ready: Connected, code: str) -> None:
    invoices = a_backlog(ready)
    ready.refuse_items(code, 3)
    ready.drain(2)
    assert states(ready, invoices) == {EntryState.DONE: TWELVE - 3, EntryState.HELD: 3}
    assert ready.remote_count() == ready.earlier + TWELVE - 3
    ready.try_again_now([each for each in invoices if ready.entry(each).state == EntryState.HELD])
    ready.drain()
    are_once(ready, invoices)


def test_names_that_a_supplier_has_get_their_suffix_alone(spark: Connected) -> None:
    spark.earlier = 0
    names = [f"Trader {n}" for n in range(TWELVE)]
    for name in names[:2]:
        spark.company.post("Vendor", {"DisplayName": name})
    invoices = [spark.invoice(spark.customer(name)) for name in names]
    spark.drain(5)
    are_once(spark, invoices)
    there = {row["DisplayName"] for row in spark.company.rows("Customer")}
    assert there == {"Trader 0 (Customer)", "Trader 1 (Customer)", *names[2:]}


def test_a_throttled_item_waits_and_the_others_are_not_sent_again(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.refuse_items("429", 1)
    ready.drain()
    assert states(ready, invoices) == {EntryState.DONE: TWELVE - 1, EntryState.WAITING: 1}
    before = ready.posts()
    ready.drain()
    assert ready.posts() == before
    ready.time_passes(timedelta(seconds=61))
    ready.drain()
    assert ready.posts() - before == Counter({"/invoice": 1})
    are_once(ready, invoices)


def test_a_lost_reply_is_looked_up_document_by_document(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.lose_the_next_batch(drop_reply=1)
    ready.drain(2)
    assert states(ready, invoices) == {EntryState.WAITING: TWELVE}
    before = ready.posts()
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(2)
    assert ready.posts() == before
    are_once(ready, invoices)


def test_a_batch_that_never_arrived_is_sent_again_as_it_was(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.lose_the_next_batch(fail_before=1)
    ready.drain(2)
    (before,) = batches_of(ready)
    ready.amend(invoices[0], price="100.00")
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(3)
    first, again = ready.batch_requests()
    assert first["requestid"] == again["requestid"] == before.request_id
    assert len(before.request_id) <= 36
    are_once(ready, invoices)
    (after,) = batches_of(ready)
    assert (after.sendings, after.state) == (2, BatchState.KNOWN)


def test_a_blind_look_is_saved_by_the_id_of_the_batch(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.lose_the_next_batch(drop_reply=1)
    ready.company.running.control("/knobs", {"query_lag_seconds": 200})
    ready.drain(2)
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(2)
    ready.company.running.control("/knobs", {"query_lag_seconds": 0})
    assert len(ready.batch_requests()) == 2
    are_once(ready, invoices)


def test_what_is_missing_of_a_lost_batch_is_looked_for_twice_and_goes_alone(
    ready: Connected,
) -> None:
    invoices = a_backlog(ready)
    ready.refuse_items("429", 4)
    ready.lose_the_next_batch(drop_reply=1)
    ready.drain(2)
    before = ready.posts()
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(2)
    assert states(ready, invoices) == {EntryState.DONE: TWELVE - 4, EntryState.WAITING: 4}
    ready.try_again_now([each for each in invoices if ready.entry(each).state != EntryState.DONE])
    ready.drain(2)
    assert ready.posts() == before
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(2)
    assert ready.posts() - before == Counter({"/invoice": 4})
    are_once(ready, invoices)


def test_a_request_refused_as_a_whole_does_not_say_who_is_to_blame(
    ready: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Rejected("Unrecognized field", code="2010")

    monkeypatch.setattr(QuickBooksLedger, "write_batch", refuse)
    invoices = a_backlog(ready)
    ready.drain()
    are_once(ready, invoices)


def test_a_throttled_batch_waits_as_a_whole_and_burns_no_try(ready: Connected) -> None:
    invoices = a_backlog(ready)
    ready.company.running.control("/knobs", {"throttle_next": 1})
    ready.drain()
    assert states(ready, invoices) == {EntryState.WAITING: TWELVE}
    assert all(ready.entry(invoice).tries == 0 for invoice in invoices)
    ready.time_passes(timedelta(seconds=61))
    ready.drain()
    are_once(ready, invoices)


@pytest.mark.parametrize("is_lost_before", [False, True])
def test_a_batch_that_waited_for_its_turn_looks_again_whether_the_books_serve(
    ready: Connected, monkeypatch: pytest.MonkeyPatch, *, is_lost_before: bool
) -> None:
    invoices = a_backlog(ready)
    if is_lost_before:
        ready.lose_the_next_batch(fail_before=1)
        ready.drain()
        ready.time_passes(QUARANTINE_IS_OVER)
    before, batches = ready.posts(), len(batches_of(ready))

    @contextmanager
    def long_turn(connection: Connection, **_: object) -> Iterator[bool]:
        throttle(connection, timedelta(seconds=15))
        yield True

    with monkeypatch.context() as waiting:
        waiting.setattr("integrations.push.batches.turn", long_turn)
        waiting.setattr("integrations.push.doubts.turn", long_turn)
        ready.drain()
    assert ready.posts() == before
    assert len(batches_of(ready)) == batches
    assert states(ready, invoices) == {EntryState.WAITING: TWELVE}
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain(3)
    are_once(ready, invoices)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["k3", "k4", "k7", "k8"])
def test_a_worker_killed_with_a_batch_in_its_hands_leaves_each_invoice_once(
    transactional_db: None, ready: Connected, point: str
) -> None:
    invoices = a_backlog(ready)
    assert worker(ready, crash_at=point) == -signal.SIGKILL
    ready.time_passes(QUARANTINE_IS_OVER)
    for _ in range(3):
        assert worker(ready) == 0
    are_once(ready, invoices)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_backlog_send_each_invoice_once(
    transactional_db: None, ready: Connected
) -> None:
    invoices = a_backlog(ready, 70)
    for _ in range(2):
        children = [forked(ready), forked(ready)]
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    are_once(ready, invoices)
    assert sum(len(batch.composition) for batch in batches_of(ready)) >= 60
