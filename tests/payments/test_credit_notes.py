"""Credit notes: what they come to, what of them is used, paid out and taken back."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.chart.models import AccountKind
from ascora.outbox.selectors import entry_for
from payments.models import CreditApplication, CreditNoteStatus, InvoiceStatus, Refund
from payments.selectors import credit_for, credit_left_of
from payments.services import (
    NewCreditLine,
    Refused,
    amend_invoice,
    apply_credit_note,
    change_credit_draft,
    draft_credit_for_invoice,
    draft_credit_note,
    issue_credit_note,
    record_payment,
    refund_credit_note,
    refund_payment,
    reverse_application,
    reverse_payment,
    reverse_refund,
    void_credit_note,
    void_invoice,
)
from tests.builders import (
    A_DAY,
    a_credit_line,
    a_credit_note,
    a_customer,
    a_line,
    a_method,
    a_payment,
    an_income_account,
    an_invoice,
)

pytestmark = pytest.mark.usefixtures("at_bright_spark")


@pytest.fixture
def customer(bright_spark):
    return a_customer(bright_spark)


@pytest.fixture
def invoice(bright_spark, customer):
    """INV-1001 over $110.00."""
    return an_invoice(bright_spark, customer=customer)


@pytest.fixture
def note(bright_spark, customer):
    """CN-1001 over $44.00."""
    return a_credit_note(bright_spark, "40.00", customer=customer)


@pytest.fixture
def bank(bright_spark):
    return an_income_account(bright_spark, kind=AccountKind.BANK, code="1000", name="Bank")


def figures(note):
    note.refresh_from_db()
    return tuple(
        f"{amount:.2f}"
        for amount in (note.total, note.amount_applied, note.amount_refunded, note.remaining)
    )


def refund_of(note, amount, bank):
    return refund_credit_note(
        credit_note=note,
        by=None,
        amount=Decimal(amount),
        paid_from=bank,
        paid_on=A_DAY,
        reference="EFT 9",
    )


def test_issuing_gives_a_number_of_its_own_and_tells_the_books(note):
    assert (note.number, note.status) == ("CN-1001", CreditNoteStatus.ISSUED)
    assert (note.subtotal, note.tax, note.total) == (Decimal(40), Decimal(4), Decimal(44))
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")
    assert entry_for(note).version == 1


def test_prices_that_include_tax_give_back_what_was_typed(bright_spark):
    note = a_credit_note(bright_spark, "60.00", tax_mode="inclusive")
    assert (note.subtotal, note.tax, note.total) == (Decimal("54.55"), Decimal("5.45"), 60)


def test_a_draft_is_free_to_change_and_no_business_of_the_books(bright_spark, customer):
    note = draft_credit_note(customer=customer, by=None, lines=[a_credit_line("10.00")])
    note = change_credit_draft(
        credit_note=note, by=None, lines=[a_credit_line("30.00", is_taxed=False)], reason="Broken"
    )
    assert (note.total, note.tax, note.reason, str(note)) == (30, 0, "Broken", "Draft credit note")
    assert entry_for(note) is None
    with pytest.raises(Refused, match="issue it first"):
        apply_credit_note(credit_note=note, allocations={}, by=None)


def test_an_empty_credit_note_is_not_issued(customer):
    note = draft_credit_note(customer=customer, by=None)
    with pytest.raises(Refused, match="nothing yet"):
        issue_credit_note(credit_note=note, by=None)
    note.refresh_from_db()
    assert note.is_draft


def test_an_issued_credit_note_stays_as_it_is(note):
    with pytest.raises(Refused, match="Void it and write another"):
        change_credit_draft(credit_note=note, by=None, lines=[a_credit_line("1.00")])
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")


def test_a_credit_for_an_invoice_takes_its_lines_and_its_tax(bright_spark, customer):
    invoice = an_invoice(bright_spark, customer=customer, lines=[a_line("33.00"), a_line("7.00")])
    first, _ = invoice.lines.all()
    line = NewCreditLine(description="Work", unit_price=first.unit_price, invoice_line=first)
    draft = draft_credit_for_invoice(invoice=invoice, by=None, lines=[line], reason="Not done")
    note = issue_credit_note(credit_note=draft, by=None)
    assert (note.invoice, note.customer, note.total) == (invoice, customer, Decimal("36.30"))


def test_an_invoice_is_credited_once_only(bright_spark, invoice):
    line = a_credit_line("60.00")
    draft = draft_credit_for_invoice(invoice=invoice, by=None, lines=[line])
    again = draft_credit_for_invoice(invoice=invoice, by=None, lines=[line])
    issue_credit_note(credit_note=draft, by=None)
    with pytest.raises(Refused, match=r"Of INV-1001 \$44.00 can still be credited"):
        issue_credit_note(credit_note=again, by=None)
    again.refresh_from_db()
    assert (again.is_draft, again.number) == (True, "")


def test_applying_settles_the_invoice_as_a_payment_does(note, invoice):
    application = apply_credit_note(
        credit_note=note, allocations={invoice: Decimal("44.00")}, by=None
    )
    invoice.refresh_from_db()
    assert (invoice.status, invoice.balance) == (InvoiceStatus.PART_PAID, Decimal(66))
    assert figures(note) == ("44.00", "44.00", "0.00", "0.00")
    assert entry_for(application).version == 1
    a_payment(invoice)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.balance) == (InvoiceStatus.PAID, 0)


def test_one_credit_note_settles_several_invoices(bright_spark, customer, invoice, note):
    small = an_invoice(bright_spark, "10.00", customer=customer)
    shares = {invoice: Decimal("33.00"), small: Decimal("11.00")}
    apply_credit_note(credit_note=note, allocations=shares, by=None)
    invoice.refresh_from_db(), small.refresh_from_db()
    assert (invoice.balance, small.balance) == (Decimal(77), 0)
    assert CreditApplication.objects.owned_by(bright_spark).get().parts.count() == 2


@pytest.mark.parametrize(
    ("amount", "words"),
    [("44.01", r"Only \$44.00 of CN-1001"), ("-1.00", "less than nothing"), ("0.00", "Enter")],
)
def test_no_more_is_applied_than_there_is(note, invoice, amount, words):
    with pytest.raises(Refused, match=words):
        apply_credit_note(credit_note=note, allocations={invoice: Decimal(amount)}, by=None)
    invoice.refresh_from_db()
    assert (invoice.balance, figures(note)) == (110, ("44.00", "0.00", "0.00", "44.00"))


def test_no_more_is_applied_than_is_owed_nor_to_others(bright_spark, customer, note):
    small = an_invoice(bright_spark, "10.00", customer=customer)
    stranger = an_invoice(bright_spark)
    with pytest.raises(Refused, match=r"only \$11.00 is owed"):
        apply_credit_note(credit_note=note, allocations={small: Decimal("11.01")}, by=None)
    with pytest.raises(Refused, match="another customer"):
        apply_credit_note(credit_note=note, allocations={stranger: Decimal(1)}, by=None)
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")


def test_unapplying_is_a_record_and_gives_everything_back(note, invoice):
    application = apply_credit_note(credit_note=note, allocations={invoice: Decimal(44)}, by=None)
    with pytest.raises(Refused, match="Say why"):
        reverse_application(application=application, reason=" ", by=None)
    reversal = reverse_application(application=application, reason="Wrong invoice", by=None)
    invoice.refresh_from_db(), application.refresh_from_db()
    assert (invoice.balance, invoice.status) == (110, InvoiceStatus.ISSUED)
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")
    assert (reversal.reason, application.is_reversed) == ("Wrong invoice", True)
    assert application.parts.get().released_at
    with pytest.raises(Refused, match="already"):
        reverse_application(application=application, reason="Again", by=None)


def test_an_invoice_settled_by_credit_is_neither_voided_nor_made_smaller(note, invoice):
    apply_credit_note(credit_note=note, allocations={invoice: Decimal(44)}, by=None)
    with pytest.raises(Refused, match=r"Credit notes have settled \$44.00"):
        void_invoice(invoice=invoice, reason="", by=None)
    with pytest.raises(Refused, match="take a credit back"):
        amend_invoice(invoice=invoice, reason="Less", by=None, lines=[a_line("20.00")])
    invoice.refresh_from_db()
    assert (invoice.total, invoice.balance) == (110, 66)


def test_a_used_credit_note_is_not_voided_an_unused_one_is(note, invoice):
    application = apply_credit_note(credit_note=note, allocations={invoice: Decimal(4)}, by=None)
    with pytest.raises(Refused, match=r"\$4.00 of CN-1001 has been used"):
        void_credit_note(credit_note=note, reason="Mistake", by=None)
    reverse_application(application=application, reason="Mistake", by=None)
    void_credit_note(credit_note=note, reason="Mistake", by=None)
    assert figures(note) == ("0.00", "0.00", "0.00", "0.00")
    assert (note.is_void, note.number, note.void_reason) == (True, "CN-1001", "Mistake")
    with pytest.raises(Refused, match="void"):
        apply_credit_note(credit_note=note, allocations={invoice: Decimal(4)}, by=None)


def test_what_is_left_of_a_credit_note_is_paid_out(note, bank):
    refund = refund_of(note, "30.00", bank)
    assert figures(note) == ("44.00", "0.00", "30.00", "14.00")
    assert (refund.paid_from, refund.reference, refund.customer) == (bank, "EFT 9", note.customer)
    assert (entry_for(refund).version, entry_for(refund.application).version) == (1, 1)
    with pytest.raises(Refused, match=r"Only \$14.00"):
        refund_of(note, "14.01", bank)
    with pytest.raises(Refused, match="Take the refund back instead"):
        reverse_application(application=refund.application, reason="No", by=None)
    with pytest.raises(Refused, match="has been used"):
        void_credit_note(credit_note=note, reason="", by=None)


def test_a_refund_comes_from_a_bank_account(bright_spark, note):
    income = an_income_account(bright_spark)
    with pytest.raises(Refused, match="bank account"):
        refund_of(note, "30.00", income)
    assert not Refund.objects.owned_by(bright_spark).exists()
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")


def test_taking_a_refund_back_gives_the_credit_back(note, bank):
    refund = refund_of(note, "44.00", bank)
    reverse_refund(refund=refund, reason="Bounced", by=None)
    refund.refresh_from_db()
    assert (refund.is_reversed, refund.reversal.reason) == (True, "Bounced")
    assert figures(note) == ("44.00", "0.00", "0.00", "44.00")
    with pytest.raises(Refused, match="already"):
        reverse_refund(refund=refund, reason="Bounced", by=None)


def test_what_a_payment_left_over_is_paid_out(bright_spark, customer, invoice, bank):
    payment = record_payment(
        customer=customer,
        allocations={invoice: Decimal(110)},
        credit=Decimal(20),
        method=a_method(bright_spark),
        received_on=date(2026, 5, 4),
        by=None,
    )
    terms = {"paid_from": bank, "paid_on": A_DAY, "reference": ""}
    with pytest.raises(Refused, match=r"Only \$20.00"):
        refund_payment(payment=payment, by=None, amount=Decimal("20.01"), **terms)
    refund = refund_payment(payment=payment, by=None, amount=Decimal(15), **terms)
    assert (credit_left_of(payment), credit_for(customer)) == (5, 5)
    assert entry_for(payment).version == 2
    with pytest.raises(Refused, match="Take that refund back first"):
        reverse_payment(payment=payment, reason="Bounced", by=None)
    reverse_refund(refund=refund, reason="Bounced", by=None)
    assert credit_left_of(payment) == 20
    reverse_payment(payment=payment, reason="Bounced", by=None)
