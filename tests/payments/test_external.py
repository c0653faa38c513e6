"""Payments as the books hold them: recorded as they stand there, never sent back."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState
from ascora.outbox.selectors import entry_for
from payments.models import Allocation, InvoiceStatus, Payment, PaymentOrigin
from payments.selectors import credit_left_of
from payments.services import (
    record_external_payment,
    reverse_external_payment,
    reverse_payment,
    void_invoice,
)
from tests.builders import A_DAY, a_customer, a_method, a_payment, an_invoice, mastercard

ORIGIN = "books-of-bright-spark"


@pytest.fixture
def customer(at_bright_spark):
    """Somebody with two invoices of $110.00."""
    return a_customer(at_bright_spark)


@pytest.fixture
def invoices(customer):
    """INV-1001 and INV-1002, $110.00 each."""
    return [an_invoice(customer.organization, customer=customer) for _ in range(2)]


def found(customer, amount, allocations, payment=None, **more):
    """The books say so."""
    said = {
        "received_on": A_DAY,
        "method": a_method(customer.organization),
        "reference": "",
    } | more
    return record_external_payment(
        organization=customer.organization,
        customer=customer,
        amount=Decimal(amount),
        allocations={invoice: Decimal(part) for invoice, part in allocations.items()},
        origin=ORIGIN,
        payment=payment,
        **said,
    )


def balances(invoices):
    """What is left of each now."""
    for invoice in invoices:
        invoice.refresh_from_db()
    return [(invoice.balance, invoice.status) for invoice in invoices]


def test_a_payment_in_the_books_marks_invoices_paid_and_part_paid(customer, invoices):
    payment = found(customer, "150.00", {invoices[0]: "110.00", invoices[1]: "40.00"})
    assert balances(invoices) == [
        (Decimal(0), InvoiceStatus.PAID),
        (Decimal(70), InvoiceStatus.PART_PAID),
    ]
    assert (payment.origin, payment.amount, payment.note) == (
        PaymentOrigin.BOOKS,
        Decimal(150),
        "",
    )


def test_it_is_never_sent_back(customer, invoices):
    payment = found(customer, "110.00", {invoices[0]: "110.00"})
    entry = entry_for(payment)
    assert (entry.state, entry.settled_version) == (EntryState.DONE, entry.version)
    assert entry_for(invoices[0]).version == 1


def test_the_same_again_changes_nothing(customer, invoices):
    payment = found(customer, "150.00", {invoices[0]: "110.00", invoices[1]: "40.00"})
    version = entry_for(payment).version
    again = found(customer, "150.00", {invoices[0]: "110.00", invoices[1]: "40.00"}, payment)
    assert again == payment
    assert entry_for(payment).version == version
    assert Allocation.objects.owned_by(customer.organization).count() == 2


def test_a_payment_split_differently_there_is_split_differently_here(customer, invoices):
    payment = found(customer, "150.00", {invoices[0]: "110.00", invoices[1]: "40.00"})
    found(customer, "120.00", {invoices[1]: "110.00"}, payment, reference="R-7")
    payment.refresh_from_db()
    assert balances(invoices) == [
        (Decimal(110), InvoiceStatus.ISSUED),
        (Decimal(0), InvoiceStatus.PAID),
    ]
    assert (payment.amount, payment.reference, credit_left_of(payment)) == (
        Decimal(120),
        "R-7",
        Decimal(10),
    )
    released = payment.allocations.exclude(released_at=None)
    assert {allocation.amount for allocation in released} == {Decimal(110), Decimal(40)}


def test_more_than_an_invoice_owes_stays_as_credit_and_is_said(customer, invoices):
    a_payment(invoices[0], "60.00")
    payment = found(customer, "110.00", {invoices[0]: "110.00"})
    assert balances(invoices)[0] == (Decimal(0), InvoiceStatus.PAID)
    assert credit_left_of(payment) == Decimal(60)
    assert payment.note == "$60.00 more for INV-1001 than it owes: kept as credit."


def test_a_payment_of_a_void_invoice_stays_as_credit(customer, invoices):
    void_invoice(invoice=invoices[0], reason="", by=None)
    payment = found(customer, "110.00", {invoices[0]: "110.00"})
    assert balances(invoices)[0] == (Decimal(0), InvoiceStatus.VOID)
    assert credit_left_of(payment) == Decimal(110)


def test_allocations_beyond_the_amount_do_not_invent_money(customer, invoices):
    payment = found(customer, "100.00", {invoices[0]: "80.00", invoices[1]: "80.00"})
    assert [balance for balance, _ in balances(invoices)] == [Decimal(30), Decimal(90)]
    assert credit_left_of(payment) == Decimal(0)


def test_an_odd_allocation_is_passed_over(customer, invoices):
    payment = found(customer, "10.00", {invoices[0]: "0.00", invoices[1]: "-5.00"})
    assert [balance for balance, _ in balances(invoices)] == [Decimal(110), Decimal(110)]
    assert credit_left_of(payment) == Decimal(10)


def test_a_payment_entered_here_follows_the_books_when_it_is_changed_there(customer, invoices):
    payment = a_payment(invoices[0])
    found(customer, "60.00", {invoices[0]: "60.00"}, payment, received_on=date(2026, 5, 6))
    payment.refresh_from_db()
    assert balances(invoices)[0] == (Decimal(50), InvoiceStatus.PART_PAID)
    assert (payment.amount, payment.received_on, payment.origin) == (
        Decimal(60),
        date(2026, 5, 6),
        PaymentOrigin.ENTERED,
    )


def test_a_payment_deleted_there_is_reversed_here_once(customer, invoices):
    payment = found(customer, "150.00", {invoices[0]: "110.00", invoices[1]: "40.00"})
    reverse_external_payment(payment=payment, reason="Deleted in the books", origin=ORIGIN)
    version = entry_for(payment).version
    reverse_external_payment(payment=payment, reason="Deleted in the books", origin=ORIGIN)
    payment.refresh_from_db()
    assert [balance for balance, _ in balances(invoices)] == [Decimal(110), Decimal(110)]
    assert (payment.reversal.reason, payment.reversal.origin) == ("Deleted in the books", "books")
    assert entry_for(payment).version == version
    assert Payment.objects.owned_by(customer.organization).count() == 1


def test_its_surcharge_stays_because_the_invoice_there_still_has_it(customer, invoices):
    payment = a_payment(invoices[0], method=mastercard(customer.organization))
    reverse_external_payment(payment=payment, reason="Voided", origin=ORIGIN)
    assert balances(invoices)[0] == (Decimal("112.23"), InvoiceStatus.ISSUED)
    assert payment.reversal.is_surcharge_kept


def test_a_payment_reversed_here_stays_reversed(customer, invoices):
    payment = found(customer, "110.00", {invoices[0]: "110.00"})
    reverse_payment(payment=payment, reason="Bounced", by=None)
    found(customer, "110.00", {invoices[0]: "110.00"}, payment)
    assert balances(invoices)[0] == (Decimal(110), InvoiceStatus.ISSUED)
