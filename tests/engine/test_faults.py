"""A worker killed anywhere, a lost reply, a late execution: exactly one document over there."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ascora.outbox import queue
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.rls import acting_for
from integrations import push
from integrations.contracts import Kind
from integrations.errors import (
    NeedsReconnect,
    OutcomeUnknown,
    PeriodClosed,
    RateLimited,
    RemoteBusy,
    Unreachable,
)
from integrations.models import Connection
from integrations.push import answers, draining
from integrations.push.checkpoints import reached
from tests.engine.business import Business
from tests.engine.fake_ledger import Knob, SimulatedCrash

QUARANTINE_IS_OVER = timedelta(seconds=151)


def crash_once_at(monkeypatch: pytest.MonkeyPatch, point: str, times: int = 1) -> None:
    """The worker dies when it comes to this point, `times` times."""
    left = [times]

    def die(here: str) -> None:
        if here == point and left[0]:
            left[0] -= 1
            raise SimulatedCrash
        reached(here)

    for module in (draining, answers):
        monkeypatch.setattr(module, "reached", die)


def drain_dying(business: Business) -> None:
    """A worker that dies underway."""
    with pytest.raises(SimulatedCrash):
        business.drain()


def the_only_invoice(business: Business, number: str) -> Decimal:
    """Exactly one invoice over there; its total."""
    return business.ledger.invoice(number).total


@pytest.fixture
def ready(spark: Business) -> Business:
    """Customer and items are in the books already: only invoices and payments go."""
    spark.invoice(spark.customer("Ready Customer"), number="INV-1")
    spark.drain()
    spark.ledger.calls.clear()
    spark.ledger.sent_keys.clear()
    return spark


def another_invoice(business: Business) -> object:
    """A further invoice of the customer that is in the books."""
    from jobs.models import Customer

    with business.acting():
        customer = Customer.objects.owned_by(business.organization).get(name="Ready Customer")
    return business.invoice(customer)


@pytest.mark.parametrize("point", ["k3", "k4", "k7", "k8"])
def test_a_worker_killed_at_any_point_leaves_one_invoice(
    ready: Business, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    invoice = another_invoice(ready)
    crash_once_at(monkeypatch, point)
    drain_dying(ready)
    ready.drain()
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.entry(invoice).state == EntryState.DONE
    assert ready.link(invoice).remote_id == ready.ledger.invoice(invoice.number).ref.id


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_worker_killed_on_the_wire_leaves_one_invoice(ready: Business, at: str) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob(at, SimulatedCrash())]
    drain_dying(ready)
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.entry(invoice).state == EntryState.DONE


def test_a_lost_reply_is_looked_up_once_and_adopted(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("after", OutcomeUnknown("reset"))]
    ready.drain()
    assert ready.attempts(invoice) == [("create", "unknown")]
    ready.drain()
    assert [call for call, _ in ready.ledger.calls] == ["create invoice"], (
        "not before the quarantine"
    )
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert [call for call, _ in ready.ledger.calls] == ["create invoice", "find"]
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.attempts(invoice) == [("create", "adopted")]
    assert ready.entry(invoice).state == EntryState.DONE


def test_what_was_never_executed_is_sent_again_with_the_same_bytes_and_id(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("before", OutcomeUnknown("reset"))]
    ready.drain()
    ready.amend(invoice, price="300.00")
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    sent = [detail for call, detail in ready.ledger.calls if call == "create invoice"]
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert ready.ledger.sent_keys == [f"{ready.entry(invoice).operation.hex}-1"] * 2
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("330.00"), (
        "the edit followed as an update"
    )
    assert ready.entry(invoice).state == EntryState.DONE


def test_a_request_executed_late_does_not_make_a_second_invoice(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("late", OutcomeUnknown("timed out"))]
    ready.drain()
    ready.time_passes(timedelta(seconds=100))
    ready.drain()
    assert len([call for call, _ in ready.ledger.calls if call == "create invoice"]) == 1
    ready.ledger.run_late()
    ready.time_passes(timedelta(seconds=51))
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.attempts(invoice) == [("create", "adopted")]


def test_a_blind_read_back_is_saved_by_the_request_id(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("after", OutcomeUnknown("reset"))]
    ready.drain()
    ready.ledger.hidden = True
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert len(set(ready.ledger.sent_keys)) == 1
    assert ready.attempts(invoice) == [("create", "unknown"), ("create", "done")]


def test_a_second_document_over_there_is_for_a_person_to_decide(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("after", OutcomeUnknown("reset"))]
    ready.drain()
    twin = ready.ledger.invoice(invoice.number)
    ready.ledger.documents[Kind.INVOICE, "9999"] = twin
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert ready.entry(invoice).hold == Hold.DUPLICATE_FOUND


def test_a_request_that_would_leave_too_late_is_not_sent(
    ready: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = another_invoice(ready)
    with monkeypatch.context() as slow:
        slow.setattr("integrations.push.intents.SEND_DEADLINE_SECONDS", -1.0)
        push.drain(ready.organization, most=1)
    assert len(ready.ledger.of(Kind.INVOICE)) == 1, "only the first, which was there before"
    assert ready.attempts(invoice) == [("create", "not_sent")]
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")


def test_a_worker_whose_lease_was_taken_over_cannot_store_its_result(ready: Business) -> None:
    invoice = another_invoice(ready)

    def lose_lease() -> None:
        ready.ledger.before_write = None
        with ready.acting():
            OutboxEntry.objects.owned_by(ready.organization).filter(
                label="payments.invoice", object_pk=invoice.pk
            ).update(lease_owner=None, lease_until=None, fence=99)

    ready.ledger.before_write = lose_lease
    push.drain(ready.organization, most=1)
    with ready.acting():
        from integrations.links import link_of

        assert link_of(ready.connection, invoice) is None
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.entry(invoice).state == EntryState.DONE
    assert ready.attempts(invoice) == [("create", "adopted")]


def test_two_workers_never_claim_the_same_document(ready: Business) -> None:
    invoice = another_invoice(ready)
    with acting_for(ready.organization):
        first = queue.claim_next(ready.organization, order=draining.ORDER)
        second = queue.claim_next(ready.organization, order=draining.ORDER)
    assert first is not None
    assert first.entry.object_pk == invoice.pk
    assert second is None


def test_a_second_worker_during_the_sending_finds_nothing_to_do(ready: Business) -> None:
    invoice = another_invoice(ready)

    def second_worker() -> None:
        ready.ledger.before_write = None
        push.drain(ready.organization)

    ready.ledger.before_write = second_worker
    ready.drain()
    assert len([call for call, _ in ready.ledger.calls if call == "create invoice"]) == 1
    assert ready.entry(invoice).state == EntryState.DONE


def test_an_edit_while_in_flight_follows_as_an_update(ready: Business) -> None:
    invoice = another_invoice(ready)

    def edit() -> None:
        ready.ledger.before_write = None
        ready.amend(invoice, price="250.00")

    ready.ledger.before_write = edit
    push.drain(ready.organization, most=1)
    assert ready.entry(invoice).state == EntryState.WAITING
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("275.00")
    assert ready.entry(invoice).state == EntryState.DONE


def test_throttling_stops_the_whole_company_and_burns_no_try(ready: Business) -> None:
    first, second = another_invoice(ready), another_invoice(ready)
    ready.ledger.knobs = [Knob("before", RateLimited("slow down", retry_after=60))]
    ready.drain(3)
    assert len(ready.ledger.calls) == 1
    assert ready.entry(first).tries == 0
    ready.time_passes(timedelta(seconds=61))
    ready.drain()
    assert ready.entry(first).state == ready.entry(second).state == EntryState.DONE


def test_a_lost_permission_stops_without_a_further_call(
    ready: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(connection: Connection, error: Exception) -> None:
        with ready.acting():
            Connection.objects.owned_by(ready.organization).update(state="needs_reconnect")

    monkeypatch.setattr("integrations.connections.lose", lose)
    first, second = another_invoice(ready), another_invoice(ready)
    ready.ledger.knobs = [Knob("before", NeedsReconnect("gone"))]
    ready.drain(3)
    assert len(ready.ledger.calls) == 1
    with ready.acting():
        Connection.objects.owned_by(ready.organization).update(state="connected")
    ready.drain()
    assert ready.entry(first).state == ready.entry(second).state == EntryState.DONE


@pytest.mark.parametrize("error", [RemoteBusy("locked"), Unreachable("no route")])
def test_what_cannot_be_reached_is_tried_again_by_itself(ready: Business, error: Exception) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("before", error)]
    ready.drain()
    assert ready.entry(invoice).state == EntryState.WAITING
    ready.time_passes()
    ready.drain()
    assert ready.attempts(invoice) == [("create", "not_sent"), ("create", "done")]


def test_one_refused_document_never_stops_the_others(ready: Business) -> None:
    first, second = another_invoice(ready), another_invoice(ready)
    ready.ledger.knobs = [Knob("before", PeriodClosed("The books are closed until 30 Nov."))]
    ready.drain()
    entry = ready.entry(first)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.PERIOD_CLOSED)
    assert entry.message == "The books are closed until 30 Nov."
    assert ready.entry(second).state == EntryState.DONE


def test_a_poisoned_document_ends_after_eight_tries(ready: Business) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("before", OutcomeUnknown("500")) for _ in range(20)]
    for _ in range(20):
        ready.drain()
        ready.time_passes(timedelta(hours=1))
    assert ready.entry(invoice).hold == Hold.INTERNAL
    assert len([call for call, _ in ready.ledger.calls if call == "create invoice"]) == 8


def test_a_bug_of_ours_holds_the_document_and_is_looked_up_before_it_is_sent_again(
    ready: Business,
) -> None:
    invoice = another_invoice(ready)
    ready.ledger.knobs = [Knob("after", KeyError("bug"))]
    ready.drain()
    assert ready.entry(invoice).hold == Hold.INTERNAL
    with ready.acting():
        queue.release(ready.entry(invoice))
    ready.time_passes(QUARANTINE_IS_OVER)
    ready.drain()
    assert the_only_invoice(ready, invoice.number) == Decimal("110.00")
    assert ready.attempts(invoice) == [("create", "adopted")]


def test_other_bytes_after_a_certain_failure_are_another_operation(ready: Business) -> None:
    invoice = another_invoice(ready)

    def refused() -> Knob:
        return Knob("before", PeriodClosed("closed"))

    ready.ledger.knobs = [refused()]
    ready.drain()
    with ready.acting():
        queue.release(ready.entry(invoice))
    ready.ledger.knobs = [refused()]
    ready.drain()
    ready.amend(invoice, price="120.00")
    ready.drain()
    operation = ready.entry(invoice).operation.hex
    assert ready.ledger.sent_keys == [f"{operation}-1", f"{operation}-1", f"{operation}-2"]
