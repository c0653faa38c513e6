"""What happens in the books is seen here, once, whatever was down in between."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold
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
    PaymentReversal,
)
from tests.engine.business import Business


@pytest.fixture
def invoice(spark: Business) -> Invoice:
    """An invoice of 110.00 in the books."""
    made = spark.invoice(spark.customer("Jane Bloggs"))
    spark.drain()
    spark.ledger.calls.clear()
    return made


def customer_id(business: Business, invoice: Invoice) -> str:
    return business.link(invoice.customer).remote_id


def remote(business: Business, invoice: Invoice) -> str:
    return business.link(invoice).remote_id


def receive(business: Business, parts: dict[Invoice, str], **how: object):
    """The bookkeeper receives a payment in the books."""
    return business.ledger.receive(
        {remote(business, invoice): amount for invoice, amount in parts.items()},
        customer_id=customer_id(business, next(iter(parts))),
        **how,
    )


def the_payments(business: Business) -> list[Payment]:
    with business.acting():
        return list(Payment.objects.owned_by(business.organization).order_by("pk"))


def status(business: Business, invoice: Invoice) -> tuple[str, Decimal]:
    with business.acting():
        invoice.refresh_from_db()
    return invoice.status, invoice.balance


def test_a_payment_into_account_g_marks_the_invoice_paid_once(
    spark: Business, invoice: Invoice
) -> None:
    receive(spark, {invoice: "110.00"})
    assert pull(spark.organization).applied == 1
    assert status(spark, invoice) == (InvoiceStatus.PAID, Decimal("0.00"))
    assert pull(spark.organization).applied == 0
    (payment,) = the_payments(spark)
    assert payment.amount == Decimal("110.00")
    assert spark.entry(payment).state == EntryState.DONE
    spark.drain()
    assert [call for call, _ in spark.ledger.calls if call.startswith(("create", "update"))] == []


def test_one_payment_may_settle_several_invoices_partly(spark: Business, invoice: Invoice) -> None:
    second = spark.invoice(invoice.customer)
    spark.drain()
    receive(spark, {invoice: "110.00", second: "30.00"}, total="150.00")
    pull(spark.organization)
    assert status(spark, invoice) == (InvoiceStatus.PAID, Decimal("0.00"))
    assert status(spark, second) == (InvoiceStatus.PART_PAID, Decimal("80.00"))
    (payment,) = the_payments(spark)
    assert payment.amount == Decimal("150.00"), "the rest stays as the customer's credit"


def test_a_payment_shared_with_a_foreign_invoice_counts_for_ours_only(
    spark: Business, invoice: Invoice
) -> None:
    foreign = replace(
        spark.ledger.invoice(invoice.number),
        ref=replace(spark.ledger.invoice(invoice.number).ref, id="777"),
        number="BK-1",
    )
    spark.ledger.documents[Kind.INVOICE, "777"] = foreign
    spark.ledger.receive(
        {remote(spark, invoice): "40.00", "777": "60.00"}, customer_id=customer_id(spark, invoice)
    )
    pull(spark.organization)
    (payment,) = the_payments(spark)
    assert payment.amount == Decimal("40.00")
    assert status(spark, invoice) == (InvoiceStatus.PART_PAID, Decimal("70.00"))


def test_a_changed_payment_changes_here(spark: Business, invoice: Invoice) -> None:
    record = receive(spark, {invoice: "110.00"})
    pull(spark.organization)
    spark.ledger.edit(
        record,
        total=Decimal("50.00"),
        settles=(SettledInvoice(remote(spark, invoice), Decimal("50.00")),),
    )
    pull(spark.organization)
    assert status(spark, invoice) == (InvoiceStatus.PART_PAID, Decimal("60.00"))
    assert len(the_payments(spark)) == 1


def test_a_payment_moved_to_another_invoice_moves_here(spark: Business, invoice: Invoice) -> None:
    second = spark.invoice(invoice.customer)
    spark.drain()
    record = receive(spark, {invoice: "110.00"})
    pull(spark.organization)
    spark.ledger.edit(record, settles=(SettledInvoice(remote(spark, second), Decimal("110.00")),))
    pull(spark.organization)
    assert status(spark, invoice) == (InvoiceStatus.ISSUED, Decimal("110.00"))
    assert status(spark, second) == (InvoiceStatus.PAID, Decimal("0.00"))


@pytest.mark.parametrize("how", ["void", "delete"])
@pytest.mark.parametrize("whose", ["found", "entered"])
def test_a_payment_voided_or_deleted_there_is_reversed_here_with_a_note(
    spark: Business, invoice: Invoice, how: str, whose: str
) -> None:
    if whose == "found":
        record = receive(spark, {invoice: "110.00"})
    else:
        spark.payment({invoice: "110.00"})
        spark.drain()
        (record,) = spark.ledger.of(Kind.PAYMENT)
    pull(spark.organization)
    getattr(spark.ledger, f"{how}_there")(record)
    pull(spark.organization)
    pull(spark.organization)
    (payment,) = the_payments(spark)
    assert payment.is_reversed
    assert status(spark, invoice) == (InvoiceStatus.ISSUED, Decimal("110.00"))
    with spark.acting():
        (reversal,) = PaymentReversal.objects.owned_by(spark.organization)
    assert reversal.reason == {"void": "Voided in the books", "delete": "Deleted in the books"}[how]
    spark.drain()
    assert not [call for call, _ in spark.ledger.calls if call.startswith("void")]


def test_a_deletion_that_is_not_true_is_not_believed(spark: Business, invoice: Invoice) -> None:
    record = receive(spark, {invoice: "110.00"})
    pull(spark.organization)
    spark.ledger.delete_there(record)
    gone = spark.ledger.documents[Kind.PAYMENT, record.ref.id]
    genuine = spark.ledger.changes
    spark.ledger.documents[Kind.PAYMENT, record.ref.id] = record
    spark.ledger.changes = lambda kinds, since: replace(
        genuine(kinds, since=since), records=(gone,)
    )
    pull(spark.organization)
    assert status(spark, invoice)[0] == InvoiceStatus.PAID


def test_our_own_payment_does_not_come_back_as_new(spark: Business, invoice: Invoice) -> None:
    spark.payment({invoice: "60.00"})
    spark.drain()
    assert pull(spark.organization).applied == 0
    assert len(the_payments(spark)) == 1


def test_our_own_payment_in_flight_is_not_taken_for_a_strangers(
    spark: Business, invoice: Invoice
) -> None:
    payment = spark.payment({invoice: "60.00"})
    spark.drain()
    with spark.acting():
        RemoteLink.objects.owned_by(spark.organization).filter(label="payments.payment").delete()
    assert pull(spark.organization).applied == 0
    assert the_payments(spark) == [payment]


def test_a_payment_into_another_account_is_told_and_taken_with_one_press(
    spark: Business, invoice: Invoice
) -> None:
    record = receive(spark, {invoice: "110.00"}, account_id="acc-1110")
    pull(spark.organization)
    assert the_payments(spark) == []
    elsewhere = spark.link(invoice).seen["elsewhere"]
    assert elsewhere[record.ref.id]["account"] == "1110 Savings"
    assert pull(spark.organization).applied == 0, "told once"
    from integrations.pull import take_payment

    with spark.acting():
        assert take_payment(spark.connection, record)
    assert status(spark, invoice)[0] == InvoiceStatus.PAID
    assert spark.link(invoice).seen["elsewhere"] == {}


def test_money_in_undeposited_funds_counts(spark: Business, invoice: Invoice) -> None:
    receive(spark, {invoice: "110.00"}, account_id="acc-1190")
    pull(spark.organization)
    assert status(spark, invoice)[0] == InvoiceStatus.PAID


def test_an_invoice_edited_there_is_held_and_never_overwritten_silently(
    spark: Business, invoice: Invoice
) -> None:
    spark.ledger.edit(spark.ledger.invoice(invoice.number), total=Decimal("150.00"))
    pull(spark.organization)
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.CHANGED_THERE)
    assert "150.00 there now, 110.00 before" in entry.message
    spark.amend(invoice, price="120.00")
    spark.drain()
    assert spark.entry(invoice).hold == Hold.CHANGED_THERE
    assert spark.ledger.invoice(invoice.number).total == Decimal("150.00")


def test_an_invoice_voided_or_deleted_there_is_told(spark: Business, invoice: Invoice) -> None:
    other = spark.invoice(invoice.customer)
    spark.drain()
    spark.ledger.void_there(spark.ledger.invoice(invoice.number))
    spark.ledger.delete_there(spark.ledger.invoice(other.number))
    pull(spark.organization)
    assert spark.entry(invoice).hold == Hold.CHANGED_THERE
    assert spark.entry(other).hold == Hold.REMOTE_GONE


def test_a_payment_applied_there_is_no_edit_of_the_invoice(
    spark: Business, invoice: Invoice
) -> None:
    receive(spark, {invoice: "10.00"})
    pull(spark.organization)
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.link(invoice).revision == "1"


def test_a_customer_changed_there_is_taken_over_field_by_field(
    spark: Business, invoice: Invoice
) -> None:
    record = spark.ledger.documents[Kind.CUSTOMER, customer_id(spark, invoice)]
    spark.ledger.edit(record, email="new@bloggs.test")
    pull(spark.organization)
    customer = invoice.customer
    with spark.acting():
        customer.refresh_from_db()
    assert customer.email == "new@bloggs.test"
    assert spark.entry(customer).state == EntryState.DONE


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
