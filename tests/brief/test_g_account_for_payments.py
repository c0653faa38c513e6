"""G: where the money goes, and where it is found. Judged by the balances over there."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.pull import pull
from integrations.selectors import document_state_for
from payments.models import Invoice, Payment
from payments.services import allocate_credit
from tests.brief.acts import account_of, again, amounts, issued, paid, received_there
from tests.builders import a_customer, an_invoice
from tests.engine.connected import Connected

OLD_DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("method", "card_account", "number"),
    [("Direct Deposit", "1150", "1100"), ("Visa", "1150", "1150"), ("Visa", None, "1100")],
)
def test_a_payment_goes_to_the_account_for_payments_and_a_card_payment_to_its_own(
    spark: Connected, method: str, card_account: str | None, number: str
) -> None:
    spark.set(card_account=spark.accounts[card_account] if card_account else None)
    payment = paid(spark, issued(spark), method)
    assert spark.entry(payment).state == EntryState.DONE
    assert spark.balances() == {
        number: Decimal("110.00"), "4100": Decimal("-100.00"), "2200": Decimal("-10.00"),
    }  # fmt: skip
    assert account_of(spark, payment) == number
    assert spark.differences() == []


def test_a_payment_keeps_its_account_when_the_setting_changes(spark: Connected) -> None:
    invoice = issued(spark)
    payment = paid(spark, invoice, credit=Decimal("40.00"))
    spark.set(payments_account=spark.accounts["1110"])
    assert spark.differences() == []
    with spark.acting():
        later = an_invoice(spark.organization, customer=invoice.customer)
        allocate_credit(payment=payment, allocations={later: Decimal("40.00")}, by=None)
    spark.drain(2)
    assert spark.entry(payment).state == EntryState.DONE
    assert spark.balances() == amounts(a1100="150.00", a1200="70.00", a4100="-200.00", a2200="-20")
    assert spark.differences() == []
    assert account_of(spark, paid(spark, again(spark, later))) == "1110"
    assert spark.balances()["1110"] == Decimal("70.00")


@pytest.mark.parametrize("number", ["1100", "1150", "1190"])
def test_a_payment_found_in_it_or_in_undeposited_funds_marks_the_invoice_paid(
    spark: Connected, number: str
) -> None:
    invoice = issued(spark)
    received_there(spark, invoice, number)
    assert again(spark, invoice).status == "paid"
    with spark.acting():
        (payment,) = Payment.objects.owned_by(spark.organization).select_related("deposit_account")
    assert payment.deposit_account.code == number
    assert spark.balances() == {
        number: Decimal("110.00"), "4100": Decimal("-100.00"), "2200": Decimal("-10.00"),
    }  # fmt: skip
    assert spark.differences() == []


def test_a_payment_found_in_another_account_is_told_and_taken_with_one_press(
    spark: Connected,
) -> None:
    invoice = issued(spark)
    received_there(spark, invoice, "1120")
    assert again(spark, invoice).status == "issued"
    with spark.acting():
        (said,) = document_state_for(invoice).elsewhere
    assert (said.account, said.amount) == ("1120 Petty Cash", Decimal("110.00"))
    repairs.take_elsewhere(
        organization=spark.organization, invoice=invoice, remote_id=said.remote_id
    )
    assert again(spark, invoice).status == "paid"
    assert spark.balances()["1120"] == Decimal("110.00")
    assert spark.differences() == []
    with spark.acting():
        assert document_state_for(invoice).elsewhere == []


def test_the_payment_of_an_older_invoice_waits_before_the_cut_off_and_both_buttons_let_it_go(
    spark: Connected,
) -> None:
    with spark.acting():
        customer = a_customer(spark.organization, name="Old Customer")
        linked, sent = (
            an_invoice(spark.organization, customer=customer, issued_on=OLD_DAY, due_on=OLD_DAY)
            for _ in range(2)
        )
    spark.drain()
    there = the_same_invoice_there(spark, linked)
    payments = [paid(spark, linked), paid(spark, sent)]
    for payment in payments:
        assert spark.entry(payment).hold == Hold.BEFORE_CUT_OFF
        with spark.acting():
            state = document_state_for(payment)
        assert state.words == "Before the cut-off"
        assert [action for action, _ in state.presses] == ["link", "send-too"]
    assert "1100" not in spark.balances()
    repairs.link_invoices_of(organization=spark.organization, document=payments[0])
    with spark.acting():
        repairs.send_too(document=payments[1], by=None)
    spark.drain(3)
    assert [spark.entry(payment).state for payment in payments] == [EntryState.DONE] * 2
    assert spark.balances()["1100"] == Decimal("220.00")
    assert "1200" not in spark.balances()
    assert spark.link(linked).remote_id == there
    assert [account_of(spark, payment) for payment in payments] == ["1100", "1100"]
    # What the bookkeeper entered is the bookkeeper's: everything else agrees.
    left = {each.code: each.amount for each in spark.differences()}
    assert left == amounts(a1200="110.00", a2200="-10.00", a4100="-100.00")


def test_a_payment_received_there_for_a_linked_older_invoice_is_in_the_figures(
    spark: Connected,
) -> None:
    with spark.acting():
        customer = a_customer(spark.organization, name="Old Customer")
        invoice = an_invoice(
            spark.organization, customer=customer, issued_on=OLD_DAY, due_on=OLD_DAY
        )
    spark.drain()
    the_same_invoice_there(spark, invoice)
    repairs.link_existing(organization=spark.organization, invoice=invoice)
    received_there(spark, invoice, "1190")
    assert again(spark, invoice).status == "paid"
    left = {each.code: each.amount for each in spark.differences()}
    assert left == amounts(a1200="110.00", a2200="-10.00", a4100="-100.00")


def the_same_invoice_there(spark: Connected, invoice: Invoice) -> str:
    """As the bookkeeper entered it long ago: number, customer and total are the same."""
    gst = next(row["Id"] for row in spark.company.rows("TaxCode") if row["Name"] == "GST")
    customer = spark.company.post("Customer", {"DisplayName": invoice.customer.name})["Id"]
    item = spark.company.item("Work done", "4100")
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 100,
        "SalesItemLineDetail": {"ItemRef": {"value": item}, "TaxCodeRef": {"value": gst}},
    }
    made = spark.company.post(
        "Invoice",
        {
            "CustomerRef": {"value": customer},
            "DocNumber": invoice.number,
            "TxnDate": invoice.issued_on.isoformat(),
            "Line": [line],
        },
    )
    return str(made["Id"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "60.00"}, "60.00 there, 110.00 here"),
        ({"date": "2026-09-02"}, "dated 02 Sep 2026 there"),
        ({"account_number": "1190"}, "the money goes to 1190 Undeposited Funds there"),
    ],
)
def test_what_was_changed_there_of_a_payment_that_was_entered_here_is_named(
    spark: Connected, change: dict[str, str], said: str
) -> None:
    payment = paid(spark, issued(spark))
    spark.company.bookkeeper("edit_payment", id=spark.link(payment).remote_id, **change)
    assert pull(spark.organization).bad == []
    entry = spark.entry(payment)
    assert entry.hold == Hold.CHANGED_THERE
    assert f"It was changed in the books: {said}. Send Ascora's version" in entry.message
