"""Reading the books: once, by one worker, in full where it must be, and nothing is passed over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ascora.outbox.services import record_known
from integrations.comparison import essence
from integrations.contracts import Kind, SettledInvoice
from integrations.errors import NeedsReconnect, RateLimited, RemoteBusy, TokenExpired
from integrations.models import Connection, PullCursor, ReadMeter, RemoteLink
from integrations.pull import pull
from payments.models import (
    Allocation,
    Invoice,
    InvoiceStatus,
    Payment,
    PaymentOrigin,
)
from tests.engine.business import Business
from tests.engine.pulling import invoice, receive, remote, status, the_payments

__all__ = ["invoice"]

# For a payment and for the invoice that it changed.
MOST_STATEMENTS = 38


def test_a_bad_record_stops_neither_the_others_nor_moves_the_cursor(
    spark: Business, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = spark.invoice(invoice.customer)
    spark.drain()
    pull(spark.organization)
    before = cursor(spark).seen_until
    bad = receive(spark, {invoice: "110.00"})
    receive(spark, {second: "110.00"})
    from integrations.pull import sweeping

    genuine = sweeping.apply

    def choke(connection: Connection, record: object) -> bool:
        if record.ref == bad.ref:
            raise ValueError("cannot")
        return genuine(connection, record)

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "apply", choke)
        pull(spark.organization)
    assert status(spark, second)[0] == InvoiceStatus.PAID
    assert cursor(spark).seen_until == before
    assert cursor(spark).bad_records[0]["id"] == bad.ref.id
    pull(spark.organization)
    assert status(spark, invoice)[0] == InvoiceStatus.PAID
    assert cursor(spark).seen_until > before
    assert cursor(spark).bad_records == []


def cursor(business: Business) -> PullCursor:
    with business.acting():
        return PullCursor.objects.owned_by(business.organization).get()


def test_a_cursor_older_than_the_window_reads_in_full(spark: Business, invoice: Invoice) -> None:
    pull(spark.organization)
    receive(spark, {invoice: "110.00"})
    spark.ledger.age(timedelta(days=35))
    with spark.acting():
        PullCursor.objects.owned_by(spark.organization).update(
            seen_until=datetime.now(UTC) - timedelta(days=40)
        )
    spark.ledger.calls.clear()
    pull(spark.organization)
    assert "changes" not in [call for call, _ in spark.ledger.calls]
    assert status(spark, invoice)[0] == InvoiceStatus.PAID
    assert cursor(spark).seen_until > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.parametrize("error", [RateLimited("slow"), RemoteBusy("busy"), NeedsReconnect("gone")])
def test_a_broken_pass_moves_nothing(
    spark: Business, invoice: Invoice, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(spark.organization)
    before = cursor(spark).seen_until
    receive(spark, {invoice: "110.00"})
    lost: list[Connection] = []
    monkeypatch.setattr(
        "integrations.connections.lose", lambda connection, _: lost.append(connection)
    )

    def refuse(*_: object, **__: object) -> None:
        raise error

    genuine = spark.ledger.changes
    spark.ledger.changes = refuse
    assert not pull(spark.organization).was_made
    spark.ledger.changes = genuine
    assert cursor(spark).seen_until == before
    assert len(lost) == isinstance(error, NeedsReconnect)
    spark.time_passes()
    pull(spark.organization)
    assert status(spark, invoice)[0] == InvoiceStatus.PAID


def test_a_refused_token_is_refreshed_once(spark: Business, invoice: Invoice) -> None:
    genuine = spark.ledger.changes
    answers: Iterator[object] = iter([TokenExpired("old")])

    def once(*args: object, **kwargs: object):
        for error in answers:
            raise error
        return genuine(*args, **kwargs)

    spark.ledger.changes = once
    receive(spark, {invoice: "110.00"})
    assert pull(spark.organization).applied == 1


def test_two_workers_do_not_read_the_same_company_at_once(
    spark: Business, invoice: Invoice
) -> None:
    second_worker: list[bool] = []
    genuine = spark.ledger.changes

    def meanwhile(*args: object, **kwargs: object):
        second_worker.append(pull(spark.organization).was_made)
        return genuine(*args, **kwargs)

    spark.ledger.changes = meanwhile
    assert pull(spark.organization).was_made
    assert second_worker == [False]


def test_a_quiet_company_costs_one_read(spark: Business, invoice: Invoice) -> None:
    with spark.acting():
        ReadMeter.objects.owned_by(spark.organization).delete()
    pull(spark.organization)
    with spark.acting():
        (meter,) = ReadMeter.objects.owned_by(spark.organization)
    assert meter.reads == 1


def test_a_thousand_and_one_payments_changed_voided_and_deleted_meanwhile_are_all_seen(
    spark: Business, invoice: Invoice
) -> None:
    many = [spark.invoice(invoice.customer, number=f"BIG-{n}") for n in range(13)]
    spark.drain()
    places = [many[number % 13] for number in range(1001)]
    records = [receive(spark, {place: "1.00"}) for place in places]
    were_pulled(spark, records, places)
    spark.ledger.age(timedelta(hours=1))
    pull(spark.organization)
    for number, record in enumerate(records):
        if number % 3 == 0:
            spark.ledger.void_there(record)
        elif number % 3 == 1:
            spark.ledger.delete_there(record)
        else:
            settles = (SettledInvoice(remote(spark, places[number]), Decimal("0.70")),)
            spark.ledger.edit(record, total=Decimal("0.70"), settles=settles)
    pulled = pull(spark.organization)
    assert pulled.bad == []
    assert pulled.applied == 1001
    with spark.acting():
        standing = Payment.objects.owned_by(spark.organization).standing()
        assert standing.count() == 333
        assert {payment.amount for payment in standing} == {Decimal("0.70")}
    left = sum(status(spark, place)[1] for place in many)
    assert left == 13 * Decimal("110.00") - 333 * Decimal("0.70")


def were_pulled(business: Business, records: list, places: list[Invoice]) -> None:
    """As if these payments had been pulled before, in bulk."""
    organization = business.organization
    with business.acting():
        payments = Payment.objects.bulk_create(
            Payment(
                organization=organization, customer=place.customer, received_on=record.received_on,
                amount=record.total, origin=PaymentOrigin.BOOKS,
            )
            for record, place in zip(records, places, strict=True)
        )  # fmt: skip
        Allocation.objects.bulk_create(
            Allocation(
                organization=organization, payment=payment, invoice=place, amount=payment.amount
            )
            for payment, place in zip(payments, places, strict=True)
        )
        record_known(payments)
        RemoteLink.objects.bulk_create(
            RemoteLink(
                organization=organization, connection=business.connection,
                label="payments.payment", object_pk=payment.pk, kind=Kind.PAYMENT,
                remote_id=record.ref.id, revision=record.ref.revision, seen={"is": essence(record)},
            )
            for payment, record in zip(payments, records, strict=True)
        )  # fmt: skip
        for place in set(places):
            place.amount_paid = Decimal(places.count(place))
            place.balance = place.total - place.amount_paid
            place.status = InvoiceStatus.PART_PAID
            place.save()


def test_a_stranger_sees_none_of_it(spark: Business, drain: Business, invoice: Invoice) -> None:
    receive(spark, {invoice: "110.00"})
    pull(spark.organization)
    pull(drain.organization)
    drain.drain()
    assert the_payments(drain) == []
    assert drain.ledger.of(Kind.INVOICE) == []


def statements_of_a_pull(business: Business) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert pull(business.organization).bad == []
    return len(seen)


def test_a_payment_more_costs_no_more_than_its_statements(
    spark: Business, invoice: Invoice
) -> None:
    """Thousands come back at once after a holiday: what all of them need is not asked for each."""
    invoices = [invoice, *(spark.invoice(invoice.customer) for _ in range(4))]
    spark.drain()
    pull(spark.organization)
    costs = []
    for count in (1, 4):
        for _ in range(count):
            receive(spark, {invoices.pop(): "10.00"})
        costs.append(statements_of_a_pull(spark))
    assert (costs[1] - costs[0]) / 3 <= MOST_STATEMENTS
