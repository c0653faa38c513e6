"""The surcharge, in the books of both sides: line, own invoice, several invoices, reversal."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.outbox.models import EntryState, Hold
from integrations import connections
from integrations.pull import pull
from payments.models import Invoice
from payments.services import record_payment, reverse_payment, take_off_surcharge
from tests.brief.acts import again, amounts, issued, paid, there
from tests.builders import a_customer, a_payment, an_invoice, mastercard
from tests.engine.connected import Connected

IN_FORCE = date(2026, 8, 3)


@pytest.fixture
def charging(spark: Connected) -> Connected:
    """Mastercard costs 1.75 % + 0.30 until the end of September."""
    with spark.acting():
        mastercard(spark.organization)
    return spark


@pytest.mark.parametrize(
    ("net", "charged", "surcharge", "tax"),
    [("1577.00", "1765.36", "27.87", "160.49"), ("100.02", "112.26", "2.03", "10.21")],
)
def test_it_leaves_no_balance_and_both_sides_agree(
    charging: Connected, net: str, charged: str, surcharge: str, tax: str
) -> None:
    invoice = issued(charging, net)
    payment = paid(charging, invoice, "Mastercard", received_on=IN_FORCE)
    assert payment.amount == Decimal(charged) == there(charging, invoice)["TotalAmt"]
    assert there(charging, invoice)["Balance"] == 0
    assert charging.balances() == {
        "1150": Decimal(charged), "4100": -Decimal(net), "4200": -Decimal(surcharge),
        "2200": -Decimal(tax),
    }  # fmt: skip
    assert charging.differences() == []


def test_the_invoice_with_its_surcharge_goes_to_the_books_before_a_part_payment(
    charging: Connected,
) -> None:
    invoice = issued(charging, "1577.00")
    paid(charging, invoice, "Mastercard", received_on=IN_FORCE, amount="867.35")
    assert again(charging, invoice).status == "part_paid"
    assert there(charging, invoice)["TotalAmt"] == invoice.total == Decimal("1750.18")
    assert there(charging, invoice)["Balance"] == invoice.balance == Decimal("867.35")
    assert charging.differences() == []


def test_over_several_invoices_it_is_split_by_allocation_in_one_payment(
    charging: Connected,
) -> None:
    with charging.acting():
        customer = a_customer(charging.organization)
        invoices = [an_invoice(charging.organization, customer=customer) for _ in range(3)]
        payment = record_payment(
            customer=customer,
            method=mastercard(charging.organization),
            received_on=IN_FORCE,
            allocations={invoice: invoice.balance for invoice in invoices},
            by=None,
        )
    charging.drain(4)
    assert charging.entry(payment).state == EntryState.DONE
    (remote,) = charging.company.rows("Payment")
    assert remote["TotalAmt"] == payment.amount == Decimal("336.10")
    assert [line["Amount"] for line in remote["Line"]] == [
        Decimal("112.04"), Decimal("112.04"), Decimal("112.02"),
    ]  # fmt: skip
    assert "1200" not in charging.balances()
    assert charging.differences() == []


def its_own_invoice(charging: Connected, of: Invoice) -> Invoice:
    with charging.acting():
        return Invoice.objects.owned_by(charging.organization).exclude(pk=of.pk).get()


def a_closed_july(charging: Connected) -> Invoice:
    """An invoice of July; then the books are closed until the end of it."""
    day = date(2026, 7, 6)
    invoice = issued(charging, "100.02", issued_on=day, due_on=day)
    charging.company.bookkeeper("close_books", date="2026-07-31")
    connections.take_chart(charging.connection, charging.open())
    return invoice


def test_in_a_closed_month_it_becomes_an_invoice_of_its_own_settled_by_the_same_payment(
    charging: Connected,
) -> None:
    invoice = a_closed_july(charging)
    payment = paid(charging, invoice, "Mastercard", received_on=IN_FORCE)
    own = its_own_invoice(charging, invoice)
    assert (own.total, own.issued_on, own.status) == (Decimal("2.23"), IN_FORCE, "paid")
    assert again(charging, invoice).total == Decimal("110.02")
    assert charging.entry(payment).state == EntryState.DONE
    (remote,) = charging.company.rows("Payment")
    assert [line["Amount"] for line in remote["Line"]] == [Decimal("110.02"), Decimal("2.23")]
    assert charging.balances() == amounts(
        a1150="112.25", a4100="-100.02", a4200="-2.03", a2200="-10.20"
    )
    assert charging.differences() == []


def test_reversing_it_voids_the_invoice_of_its_own_and_leaves_the_closed_month_alone(
    charging: Connected,
) -> None:
    invoice = a_closed_july(charging)
    payment = paid(charging, invoice, "Mastercard", received_on=IN_FORCE)
    with charging.acting():
        reverse_payment(payment=payment, reason="The card was stolen", by=None)
    charging.drain(4)
    assert its_own_invoice(charging, invoice).status == "void"
    assert again(charging, invoice).balance == Decimal("110.02")
    assert charging.balances() == amounts(a1200="110.02", a4100="-100.02", a2200="-10.00")
    assert charging.differences() == []


def test_on_an_invoice_that_was_changed_there_it_becomes_an_invoice_of_its_own(
    charging: Connected,
) -> None:
    invoice = issued(charging)
    link = charging.link(invoice)
    charging.company.bookkeeper("edit_invoice", id=link.remote_id, TxnDate="2026-11-02")
    assert pull(charging.organization).bad == []
    assert charging.entry(invoice).hold == "changed_there"
    with charging.acting():
        payment = record_payment(
            customer=invoice.customer,
            method=mastercard(charging.organization),
            received_on=IN_FORCE,
            allocations={again(charging, invoice): Decimal("50.00")},
            by=None,
        )
    assert its_own_invoice(charging, invoice).total == payment.surcharge == Decimal("1.18")
    assert again(charging, invoice).total == Decimal("110.00")


@pytest.mark.parametrize("keeps", [True, False])
def test_reversing_the_payment_takes_its_line_back_unless_it_is_kept(
    charging: Connected, keeps: bool
) -> None:
    invoice = issued(charging, "1577.00")
    payment = paid(charging, invoice, "Mastercard", received_on=IN_FORCE)
    with charging.acting():
        reverse_payment(payment=payment, reason="Bounced", by=None, keep_surcharge=keeps)
    charging.drain(4)
    total = "1765.36" if keeps else "1734.70"
    assert there(charging, invoice)["TotalAmt"] == Decimal(total)
    assert again(charging, invoice).balance == Decimal(total) == charging.balances()["1200"]
    assert "1150" not in charging.balances()
    assert charging.differences() == []


def test_a_surcharge_that_was_kept_can_be_taken_off_later(charging: Connected) -> None:
    invoice = issued(charging, "1577.00")
    payment = paid(charging, invoice, "Mastercard", received_on=IN_FORCE)
    with charging.acting():
        reverse_payment(payment=payment, reason="Bounced", by=None, keep_surcharge=True)
    charging.drain(4)
    with charging.acting():
        take_off_surcharge(payment=payment, by=None)
    charging.drain(4)
    assert charging.balances() == amounts(a1200="1734.70", a4100="-1577.00", a2200="-157.70")
    assert charging.differences() == []


def test_a_surcharge_that_met_a_closed_month_moves_to_an_invoice_of_its_own(
    charging: Connected, olive, client_of
) -> None:
    """The books are closed after the payment was taken here, before its surcharge was sent."""
    invoice = issued(charging, "1577.00", issued_on=date(2026, 7, 10))
    with charging.acting():
        method = mastercard(charging.organization)
        payment = a_payment(again(charging, invoice), method=method, received_on=IN_FORCE)
    charging.company.bookkeeper("close_books", date="2026-07-31")
    charging.drain(4)
    entry = charging.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.PERIOD_CLOSED)
    press = reverse("payments:payment_move_surcharge", args=[payment.public_id])
    state = reverse("integrations:document_state", args=["payments.invoice", invoice.public_id])
    office, page = client_of(olive), reverse("payments:payment_detail", args=[payment.public_id])
    assert f'href="{press}"' in office.get(state).content.decode()
    assert "Own Invoice for the Surcharge" in office.get(page).content.decode()
    assert "settled by this payment" in office.get(press).content.decode()
    assert office.post(press, {"pressed": "yes"}).status_code == 302
    again_pressed = office.post(press, {"pressed": "yes"})
    assert again_pressed.status_code == 422
    assert "Nothing of its surcharge waits" in again_pressed.content.decode()
    with charging.acting():
        own = Invoice.objects.owned_by(charging.organization).exclude(pk=invoice.pk).get()
    assert (own.total, own.balance, own.status) == (Decimal("30.66"), 0, "paid")
    assert (again(charging, invoice).total, again(charging, invoice).balance) == (
        Decimal("1734.70"), 0,
    )  # fmt: skip
    charging.drain(4)
    assert [charging.entry(each).state for each in (invoice, own, payment)] == [EntryState.DONE] * 3
    assert there(charging, own)["TotalAmt"] == Decimal("30.66")
    assert charging.balances() == amounts(
        a1150="1765.36", a4100="-1577.00", a4200="-27.87", a2200="-160.49"
    )
    assert charging.differences() == []
    assert "Own Invoice for the Surcharge" not in office.get(page).content.decode()
