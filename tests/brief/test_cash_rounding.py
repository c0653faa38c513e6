"""Cash rounding: off by default; its own account and an out-of-scope tax code of its own."""

from decimal import Decimal

import pytest

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations import accounting
from payments.services import reverse_payment, round_cash
from tests.brief.acts import again, amounts, issued, paid, sold, there
from tests.engine.connected import Connected


@pytest.fixture
def coins(spark: Connected) -> Connected:
    """Cash to 0.05, on 4500 Rounding, out of scope."""
    with spark.acting():
        round_cash(organization=spark.organization, step=Decimal("0.05"), by=None)
        code = TaxCode.objects.owned_by(spark.organization).get(name="Out of Scope")
    spark.set(rounding_account=spark.accounts["4500"], rounding_tax_code=code)
    return spark


def test_it_is_off_by_default(spark: Connected) -> None:
    paid(spark, issued(spark, "100.02"), "Cash")
    assert spark.balances() == amounts(a1100="110.02", a4100="-100.02", a2200="-10.00")


@pytest.mark.parametrize("pushes_lines", [True, False])
@pytest.mark.parametrize(
    ("net", "taken", "off"), [("100.02", "110.00", "0.02"), ("100.03", "110.05", "-0.02")]
)
def test_a_cash_payment_is_rounded_to_five_cents_and_both_sides_agree(
    coins: Connected, net: str, taken: str, off: str, pushes_lines: bool
) -> None:
    coins.set(pushes_lines=pushes_lines)
    invoice = issued(coins, net)
    payment = paid(coins, invoice, "Cash")
    assert coins.entry(payment).state == EntryState.DONE
    assert payment.amount == Decimal(taken) == there(coins, invoice)["TotalAmt"]
    with coins.acting():
        code = coins.settings.rounding_tax_code.remote_id
    line = sold(there(coins, invoice))[-1]
    assert line[1:] == (-Decimal(off), "Ascora 4500 Rounding", code)
    tax = Decimal(net) - Decimal(taken) - Decimal(off)
    assert coins.balances() == {
        "1100": Decimal(taken), "4100": -Decimal(net), "4500": Decimal(off), "2200": tax,
    }  # fmt: skip
    assert coins.differences() == []


def test_reversing_the_payment_takes_the_rounding_back(coins: Connected) -> None:
    invoice = issued(coins, "100.02")
    payment = paid(coins, invoice, "Cash")
    with coins.acting():
        reverse_payment(payment=payment, reason="False notes", by=None)
    coins.drain(4)
    assert again(coins, invoice).balance == Decimal("110.02")
    assert coins.balances() == amounts(a1200="110.02", a4100="-100.02", a2200="-10.00")
    assert coins.differences() == []


def test_without_its_account_the_invoice_waits_and_the_settings_let_it_go(
    coins: Connected,
) -> None:
    coins.set(rounding_account=None)
    invoice = issued(coins, "100.02")
    payment = paid(coins, invoice, "Cash")
    entry = coins.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert entry.message.startswith("Choose the Account for Cash Rounding")
    with coins.acting():
        values = {"rounding_account": coins.accounts["4500"]}
        accounting.save_settings(connection=coins.connection, values=values, by=None)
    coins.drain(4)
    assert coins.entry(payment).state == EntryState.DONE
    assert coins.differences() == []
