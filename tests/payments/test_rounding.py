"""What paying in coins adds to an invoice, or takes off, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascora.common.money import to_step
from payments.services import (
    Refused,
    change_method,
    note_closed_books,
    quote_payment,
    record_payment,
    reverse_payment,
    round_cash,
)
from tests.builders import A_DAY, a_customer, a_method, a_payment, an_invoice

FIVE = Decimal("0.05")


@pytest.fixture
def coins(at_bright_spark):
    """Bright Spark rounds cash to five cents."""
    round_cash(organization=at_bright_spark, step=FIVE, by=None)
    return at_bright_spark


def again(row):
    """As the database has it now."""
    row.refresh_from_db()
    return row


def test_cash_is_not_rounded_unless_it_is_turned_on(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "100.02")
    assert a_payment(invoice).amount == Decimal("110.02")
    assert again(invoice).version == 1


@pytest.mark.parametrize(
    ("net", "gross", "taken"),
    [("100.01", "110.01", "110.00"), ("100.02", "110.02", "110.00"),
     ("100.03", "110.03", "110.05"), ("100.07", "110.08", "110.10"), ("50.00", "55.00", "55.00")],
)  # fmt: skip
def test_cash_is_rounded_to_five_cents_with_a_line_that_bears_no_tax(coins, net, gross, taken):
    invoice = an_invoice(coins, net)
    tax = invoice.tax
    assert invoice.total == Decimal(gross)
    payment = a_payment(invoice)
    invoice = again(invoice)
    off = Decimal(taken) - Decimal(gross)
    assert (payment.amount, payment.rounding) == (Decimal(taken), off)
    assert (invoice.total, invoice.balance, invoice.tax) == (Decimal(taken), Decimal(0), tax)
    lines = list(invoice.lines.filter(kind="rounding").values_list("amount", "is_taxed"))
    assert lines == ([(off, False)] if off else [])


def test_a_quote_says_what_is_taken_in_cash(coins):
    invoice = an_invoice(coins, "100.02")
    quote = quote_payment(
        customer=invoice.customer,
        allocations={invoice: invoice.balance},
        method=a_method(coins),
        received_on=A_DAY,
    )
    assert quote.charged == Decimal("110.00")
    assert quote.why == "Cash adds no surcharge. In cash that is $110.00."


def test_no_other_way_of_paying_is_rounded(coins):
    invoice = an_invoice(coins, "100.02")
    assert a_payment(invoice, method=a_method(coins, "Cheque")).amount == Decimal("110.02")


def test_the_last_invoice_paid_in_full_takes_the_rounding_of_all(coins):
    customer = a_customer(coins)
    first, second, third = (an_invoice(coins, "100.01", customer=customer) for _ in range(3))
    allocations = {
        first: first.balance,
        second: second.balance,
        third: Decimal("10.00"),
    }
    payment = record_payment(
        customer=customer, method=a_method(coins), received_on=A_DAY, allocations=allocations,
        by=None,
    )  # fmt: skip
    assert (payment.amount, payment.rounding) == (Decimal("230.00"), Decimal("-0.02"))
    totals = [again(invoice).total for invoice in (first, second, third)]
    assert totals == [Decimal("110.01"), Decimal("109.99"), Decimal("110.01")]
    assert second.balance == Decimal(0)


def test_part_of_an_invoice_is_not_rounded_and_the_quote_says_why(coins):
    invoice = an_invoice(coins, "100.02")
    quote = quote_payment(
        customer=invoice.customer,
        allocations={invoice: Decimal("50.03")},
        method=a_method(coins),
        received_on=A_DAY,
    )
    assert quote.charged == Decimal("50.03")
    assert quote.why.endswith("Not rounded: only what settles an invoice in full is.")


def test_two_cents_are_not_rounded_to_nothing(coins):
    invoice = an_invoice(coins, "0.02")
    assert a_payment(invoice).amount == Decimal("0.02")


def test_reversing_takes_the_rounding_back_whatever_becomes_of_the_surcharge(coins):
    invoice = an_invoice(coins, "100.02")
    payment = a_payment(invoice)
    reverse_payment(payment=payment, reason="A mistake", by=None, keep_surcharge=True)
    invoice = again(invoice)
    assert (invoice.total, invoice.balance) == (Decimal("110.02"), Decimal("110.02"))
    assert not invoice.lines.filter(kind="rounding").exists()


def test_a_card_is_not_cash(coins):
    with pytest.raises(Exception, match="A card is not cash"):
        change_method(method=a_method(coins, "Visa"), by=None, is_cash=True)


def test_a_closed_day_takes_no_payment_and_nothing_is_saved(coins):

    invoice = an_invoice(coins, issued_on=date(2026, 5, 1), due_on=date(2026, 5, 1))
    note_closed_books(organization=coins, until=date(2026, 5, 31))
    with pytest.raises(Refused, match="The books are closed until 31 May 2026"):
        a_payment(invoice, received_on=date(2026, 5, 31))
    assert again(invoice).balance == invoice.total
    assert a_payment(invoice, received_on=date(2026, 6, 1)).amount == Decimal("110.00")


@given(st.integers(1, 10**9), st.sampled_from(["0.05", "0.10", "0.50", "1.00"]))
def test_what_is_paid_in_coins_is_a_multiple_and_no_further_off_than_half_a_coin(cents, step):
    amount, coin = Decimal(cents) / 100, Decimal(step)
    paid = to_step(amount, coin)
    assert paid % coin == 0
    assert abs(paid - amount) <= coin / 2
