"""F: off, card methods are not offered and nothing of theirs is pushed."""

from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState
from payments.selectors import offered_methods_for
from payments.services import Refused, accept_cards
from tests.brief.acts import PAID_ON, amounts, issued, paid
from tests.builders import a_method, a_payment
from tests.engine.connected import Connected


def cards(spark: Connected, *, accepts: bool) -> None:
    with spark.acting():
        accept_cards(organization=spark.organization, accepts=accepts, by=None)


def test_card_methods_are_offered_only_while_it_is_ticked(spark: Connected) -> None:
    with spark.acting():
        names = {str(method) for method in offered_methods_for(spark.organization)}
        assert {"Visa", "Mastercard", "Cash"} <= names
    cards(spark, accepts=False)
    with spark.acting():
        names = {str(method) for method in offered_methods_for(spark.organization)}
        assert names == {"Cash", "Cheque", "Direct Deposit"}
    invoice = issued(spark)
    with spark.acting(), pytest.raises(Refused, match="Visa is not offered"):
        a_payment(invoice, method=a_method(spark.organization, "Visa"))


def test_a_card_payment_stays_here_while_it_is_off_and_goes_when_it_is_ticked_again(
    spark: Connected,
) -> None:
    invoice = issued(spark)
    with spark.acting():
        visa = a_method(spark.organization, "Visa")
        payment = a_payment(invoice, method=visa, received_on=PAID_ON)
    cards(spark, accepts=False)
    spark.drain(2)
    assert spark.entry(payment).message == "Card payments are not sent: setting F is off."
    assert spark.balances() == amounts(a1200="110.00", a4100="-100.00", a2200="-10.00")
    assert spark.differences() == []
    cards(spark, accepts=True)
    spark.drain(2)
    assert spark.entry(payment).state == EntryState.DONE
    assert spark.balances() == amounts(a1150="110.00", a4100="-100.00", a2200="-10.00")
    assert spark.differences() == []


def test_a_card_payment_that_was_sent_before_stays_in_the_figures_when_it_is_turned_off(
    spark: Connected,
) -> None:
    paid(spark, issued(spark), "Visa")
    cards(spark, accepts=False)
    assert spark.balances()["1150"] == Decimal("110.00")
    assert spark.differences() == []
