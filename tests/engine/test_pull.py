"""What happens in the books is seen here, once, whatever was down in between."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations.contracts import Kind, SettledInvoice
from integrations.models import RemoteLink
from integrations.pull import pull
from payments.models import (
    Invoice,
    InvoiceStatus,
    PaymentReversal,
)
from tests.engine.business import Business
from tests.engine.pulling import customer_id, invoice, receive, remote, status, the_payments

__all__ = ["invoice"]


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
