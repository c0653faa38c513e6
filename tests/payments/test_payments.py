"""Taking money and giving it back, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from payments.models import Invoice, InvoiceStatus, Payment
from payments.selectors import credit_for, credit_left_of
from payments.services import (
    Refused,
    accept_cards,
    allocate_credit,
    quote_payment,
    record_payment,
    reverse_payment,
)
from tests.builders import (
    A_DAY,
    a_customer,
    a_line,
    a_method,
    a_payment,
    an_invoice,
    mastercard,
)


def again(row):
    """The row as the database has it now."""
    row.refresh_from_db()
    return row


def test_1734_70_by_mastercard_is_charged_1765_36_and_leaves_no_balance(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "1577.00")
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    invoice = again(invoice)
    line = invoice.lines.get(kind="surcharge")
    assert (payment.amount, payment.surcharge) == (Decimal("1765.36"), Decimal("30.66"))
    assert (line.amount, line.is_taxed, line.surcharge_method) == (
        Decimal("27.87"),
        True,
        payment.method,
    )
    assert (invoice.subtotal, invoice.tax, invoice.total, invoice.balance, invoice.status) == (
        Decimal("1604.87"),
        Decimal("160.49"),
        Decimal("1765.36"),
        Decimal(0),
        InvoiceStatus.PAID,
    )
    assert invoice.version == 2
    assert (entry_for(invoice).version, entry_for(payment).version) == (2, 1)


def test_net_100_02_is_charged_the_change_in_total_and_leaves_no_balance(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "100.02")
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    assert (payment.amount, payment.surcharge) == (Decimal("112.26"), Decimal("2.24"))
    assert (again(invoice).balance, invoice.status) == (Decimal(0), InvoiceStatus.PAID)


def test_60_inclusive_by_mastercard_is_charged_61_35(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "60.00", tax_mode="inclusive")
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    assert (payment.amount, again(invoice).total, invoice.balance) == (
        Decimal("61.35"),
        Decimal("61.35"),
        Decimal(0),
    )


def test_the_surcharge_of_half_is_on_the_half(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "1577.00")
    payment = a_payment(invoice, "867.35", method=mastercard(at_bright_spark))
    # 1.75 % of 867.35 is 15.18, plus 0.30: 15.48, net 14.07
    assert (payment.surcharge, payment.amount) == (Decimal("15.48"), Decimal("882.83"))
    invoice = again(invoice)
    assert (invoice.total, invoice.balance, invoice.status) == (
        Decimal("1750.18"),
        Decimal("867.35"),
        InvoiceStatus.PART_PAID,
    )


def test_over_several_invoices_the_surcharge_is_split_by_allocation(at_bright_spark):
    customer = a_customer(at_bright_spark)
    invoices = [an_invoice(at_bright_spark, "100.00", customer=customer) for _ in range(3)]
    payment = record_payment(
        customer=customer,
        method=mastercard(at_bright_spark),
        received_on=A_DAY,
        allocations={invoice: invoice.balance for invoice in reversed(invoices)},
        by=None,
    )
    # 1.75 % of 330.00 is 5.78, plus 0.30: 6.08 = 2.03 + 2.03 + 2.02
    lines = [again(invoice).lines.get(kind="surcharge").amount for invoice in invoices]
    assert lines == [Decimal("1.85"), Decimal("1.85"), Decimal("1.84")]
    changes = [invoice.total - 110 for invoice in invoices]
    assert changes == [Decimal("2.04"), Decimal("2.04"), Decimal("2.02")]
    assert payment.surcharge == sum(changes)
    assert payment.amount == 330 + payment.surcharge
    assert {invoice.balance for invoice in invoices} == {Decimal(0)}


def test_on_a_mixed_invoice_the_surcharge_is_two_lines_and_both_are_taken_back(at_bright_spark):
    mixed = [a_line("100.00"), a_line("90.00", is_taxed=False)]
    invoice = an_invoice(at_bright_spark, lines=mixed)
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    lines = list(invoice.lines.filter(kind="surcharge").values_list("amount", "is_taxed"))
    # 1.75 % of 200.00 + 0.30 = 3.80: 2.09 of it taxed (1.90 net), 1.71 not
    assert lines == [(Decimal("1.90"), True), (Decimal("1.71"), False)]
    reverse_payment(payment=payment, reason="Card was stolen", by=None)
    assert (again(invoice).total, invoice.balance) == (Decimal("200.00"), Decimal("200.00"))
    assert not invoice.lines.filter(kind="surcharge").exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 1), "ended on 30 September 2026"),
        (date(2025, 12, 31), "begins on 1 January"),
    ],
)
def test_a_rule_outside_its_dates_adds_nothing_and_says_why(at_bright_spark, day, words):
    invoice = an_invoice(at_bright_spark)
    terms = {"method": mastercard(at_bright_spark), "received_on": day}
    allocations = {invoice: invoice.balance}
    quote = quote_payment(customer=invoice.customer, allocations=allocations, **terms)
    assert (quote.surcharge, quote.charged) == (Decimal(0), Decimal("110.00"))
    assert words in quote.why
    assert a_payment(invoice, **terms).amount == Decimal("110.00")
    assert again(invoice).version == 1


def test_the_quote_is_what_is_charged(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "100.02")
    method = mastercard(at_bright_spark)
    allocations = {invoice: invoice.balance}
    quote = quote_payment(
        customer=invoice.customer, allocations=allocations, method=method, received_on=A_DAY
    )
    assert quote.why == (
        "Mastercard: 1.75 % + $0.30 on $110.02 is $1.93 + $0.30 = $2.23, tax included."
        " With the tax on the whole invoice that is $2.24."
    )
    assert again(invoice).total == Decimal("110.02")
    assert a_payment(invoice, method=method).amount == quote.charged == Decimal("112.26")


def test_a_person_may_choose_no_surcharge(at_bright_spark):
    invoice = an_invoice(at_bright_spark)
    payment = a_payment(invoice, method=mastercard(at_bright_spark), is_surcharged=False)
    assert (payment.amount, payment.surcharge) == (Decimal("110.00"), Decimal(0))


def test_what_is_not_allocated_stays_as_credit_and_settles_a_later_invoice(at_bright_spark):
    invoice = an_invoice(at_bright_spark)
    payment = a_payment(invoice, credit=Decimal("40.00"))
    assert (payment.amount, credit_left_of(payment)) == (Decimal(150), Decimal(40))
    later = an_invoice(at_bright_spark, customer=invoice.customer)
    with pytest.raises(Refused, match=r"Only \$40.00 of this payment is left"):
        allocate_credit(payment=payment, allocations={later: Decimal("40.01")}, by=None)
    assert again(later).balance == Decimal(110)
    allocate_credit(payment=payment, allocations={later: Decimal("15.00")}, by=None)
    allocate_credit(payment=payment, allocations={later: Decimal("25.00")}, by=None)
    assert (again(later).balance, later.status) == (Decimal(70), InvoiceStatus.PART_PAID)
    assert credit_for(invoice.customer) == Decimal(0)


def refusals(organization):
    """Payments that cannot be taken, with the sentence."""
    customer = a_customer(organization)
    invoice = an_invoice(organization, customer=customer)
    foreign = an_invoice(organization)
    cash = a_method(organization)
    return customer, [
        ({invoice: Decimal("110.01")}, {"method": cash}, "only \\$110.00 is owed"),
        ({foreign: Decimal(1)}, {"method": cash}, "belongs to another customer"),
        ({invoice: Decimal(-1)}, {"method": cash}, "less than nothing"),
        ({}, {"method": cash}, "Enter what was paid"),
        ({invoice: Decimal(0)}, {"method": cash}, "Enter what was paid"),
        ({}, {"method": cash, "credit": Decimal(-1)}, "less than nothing"),
        ({invoice: Decimal(1)}, {"method": a_method(organization, "Visa")}, "not offered"),
    ]


def test_a_payment_that_cannot_be_changes_nothing(at_bright_spark):
    accept_cards(organization=at_bright_spark, accepts=False, by=None)
    customer, cases = refusals(at_bright_spark)
    for allocations, terms, sentence in cases:
        with pytest.raises(Refused, match=sentence):
            record_payment(customer=customer, allocations=allocations, by=None, **terms)
    assert not Payment.objects.owned_by(at_bright_spark).exists()
    invoices = Invoice.objects.owned_by(at_bright_spark)
    assert set(invoices.values_list("balance", "version")) == {(Decimal("110.00"), 1)}


def test_a_draft_and_a_paid_invoice_take_no_payment(at_bright_spark):
    invoice = an_invoice(at_bright_spark)
    a_payment(invoice)
    with pytest.raises(Refused, match="INV-1001 is paid: nothing to pay"):
        a_payment(again(invoice), "1.00")


def test_reversing_takes_the_surcharge_back_and_records_the_invoice(at_bright_spark, otto):
    invoice = an_invoice(at_bright_spark, "1577.00")
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    reversal = reverse_payment(payment=payment, reason="Charged back", by=otto)
    invoice, payment = again(invoice), again(payment)
    assert (invoice.total, invoice.balance, invoice.status, invoice.version) == (
        Decimal("1734.70"),
        Decimal("1734.70"),
        InvoiceStatus.ISSUED,
        3,
    )
    assert payment.is_reversed
    assert (reversal.made_by, reversal.is_surcharge_kept) == (otto, False)
    assert payment.allocations.get().released_at is not None
    assert (entry_for(invoice).version, entry_for(payment).version) == (3, 2)


def test_a_surcharge_that_is_kept_stays_owed(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "1577.00")
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    reversal = reverse_payment(payment=payment, reason="Bounced", by=None, keep_surcharge=True)
    assert (again(invoice).total, invoice.balance, invoice.version) == (
        Decimal("1765.36"),
        Decimal("1765.36"),
        2,
    )
    assert reversal.is_surcharge_kept


def test_a_payment_is_reversed_once(at_bright_spark):
    payment = a_payment(an_invoice(at_bright_spark))
    with pytest.raises(Refused, match="Say why"):
        reverse_payment(payment=payment, reason=" ", by=None)
    assert not again(payment).is_reversed
    reverse_payment(payment=payment, reason="Bounced", by=None)
    with pytest.raises(Refused, match="reversed already"):
        reverse_payment(payment=payment, reason="Bounced", by=None)
    assert entry_for(payment).version == 2


def test_where_the_invoice_cannot_change_the_surcharge_is_an_invoice_of_its_own(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "1577.00")
    OutboxEntry.objects.owned_by(at_bright_spark).filter(label="payments.invoice").update(
        state=EntryState.HELD, hold=Hold.PERIOD_CLOSED
    )
    payment = a_payment(invoice, method=mastercard(at_bright_spark))
    own = Invoice.objects.owned_by(at_bright_spark).get(number="INV-1002")
    assert (own.total, own.tax, own.balance, own.issued_on, own.status) == (
        Decimal("30.66"),
        Decimal("2.79"),
        Decimal(0),
        A_DAY,
        InvoiceStatus.PAID,
    )
    assert payment.amount == Decimal("1765.36")
    assert (again(invoice).total, invoice.balance, invoice.version) == (
        Decimal("1734.70"),
        Decimal(0),
        1,
    )
    assert (entry_for(own).version, entry_for(invoice).version) == (1, 1)
    reverse_payment(payment=payment, reason="Bounced", by=None)
    assert (again(own).status, again(invoice).balance) == ("void", Decimal("1734.70"))
