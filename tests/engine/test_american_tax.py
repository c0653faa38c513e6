"""An American company in the simulator's double-entry books: which accounts, tax and cents.

Its lines say TAX or NON, the document names the rate, and what is bought carries no tax.
"""

from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations import accounting, connections
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    create_supplier,
    draft_supplier_invoice,
)
from jobs.models import Customer
from payments.models import Invoice, LineKind, TaxMode, TaxRate
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected, running, spark
from tests.engine.credits import credit, moved
from tests.engine.test_expenses import spend
from tests.simulator.client import Company, Running

__all__ = ["running", "spark"]

D = Decimal
CARD, RECEIVABLE, PAYABLE, TAX = "1150", "1200", "2100", "2200"
LABOUR, PRODUCTS, CREDITS, COST, SPENT = "4100", "4200", "4900", "5100", "6100"


@pytest.fixture
def company(running: Running, monkeypatch: pytest.MonkeyPatch) -> Company:
    """An American company in the simulator."""
    monkeypatch.setattr(Connected, "bank_number", "1000")
    return Company(running, name="Oakland Gardens", country="US")


@pytest.fixture
def oakland(spark: Connected) -> Connected:
    """Sales at California's 8 per cent; nothing on purchases."""
    with spark.acting():
        TaxRate.objects.owned_by(spark.organization).update(percent=8)
    choose(spark, "TAX:2")
    return spark


def choose(business: Connected, code: str) -> None:
    """A code as A, the one without tax as B, C and D."""
    with business.acting():
        codes = TaxCode.objects.owned_by(business.organization)
        free = codes.get(remote_id="NON")
        business.set(
            sales_tax_code=codes.get(remote_id=code),
            sales_free_code=free,
            purchase_tax_code=free,
            purchase_free_code=free,
            credit_note_account=business.accounts[CREDITS],
            supplier_invoice_account=business.accounts[COST],
            expense_account=business.accounts[SPENT],
        )


def invoice(
    business: Connected,
    percent: str = "8",
    mode: str = TaxMode.EXCLUSIVE,
    customer: Customer | None = None,
) -> Invoice:
    """100.00 of labour with tax and 50.00 of parts without, sent."""
    lines = ((LineKind.LABOUR, "100.00", True), (LineKind.SUPPLY, "50.00", False))
    made = business.invoice(customer, lines=lines, mode=mode)
    with business.acting():
        made.tax_percent = D(percent)
        business.total(made)
    business.drain()
    return made


def is_settled(business: Connected, document) -> bool:
    entry = business.entry(document)
    assert (entry.state, entry.message) == (EntryState.DONE, "")
    return business.differences() == []


def test_the_rate_of_the_document_taxes_its_taxed_lines_only(oakland):
    made = invoice(oakland)
    assert oakland.balances() == {
        RECEIVABLE: D("158.00"), LABOUR: D("-100.00"), PRODUCTS: D("-50.00"), TAX: D("-8.00"),
    }  # fmt: skip
    (there,) = oakland.remote_invoices(made.number)
    assert there["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "2"}
    assert (there["TotalAmt"], there["TxnTaxDetail"]["TotalTax"]) == (D("158.00"), D("8.00"))
    assert is_settled(oakland, made)


def test_several_agencies_of_one_rate_agree_to_the_cent(oakland):
    choose(oakland, "TAX:3")
    made = invoice(oakland, percent="9.1")
    assert oakland.balances()[TAX] == D("-9.10")
    assert is_settled(oakland, made)


def test_prices_with_tax_inside_agree_to_the_cent(oakland):
    made = invoice(oakland, mode=TaxMode.INCLUSIVE)
    assert oakland.balances() == {
        RECEIVABLE: D("150.00"), LABOUR: D("-92.59"), PRODUCTS: D("-50.00"), TAX: D("-7.41"),
    }  # fmt: skip
    assert is_settled(oakland, made)


def test_amending_and_voiding_follow(oakland):
    made = invoice(oakland)
    oakland.amend(made, price="200.00")
    oakland.drain()
    assert oakland.balances()[TAX] == D("-16.00")
    assert is_settled(oakland, made)
    oakland.void(made)
    oakland.drain()
    assert oakland.balances() == {}
    assert is_settled(oakland, made)


def test_a_card_payment_moves_no_tax(oakland):
    made = invoice(oakland)
    before = oakland.balances()
    paid = oakland.payment({made: "158.00"}, method="Mastercard")
    oakland.drain()
    assert moved(oakland, before) == {CARD: D("158.00"), RECEIVABLE: D("-158.00")}
    assert is_settled(oakland, paid)


def test_a_credit_note_takes_the_tax_back(oakland):
    note = credit(oakland, oakland.customer(), "40.00")
    oakland.drain(2)
    assert oakland.balances() == {
        RECEIVABLE: D("-43.20"), CREDITS: D("40.00"), TAX: D("3.20"),
    }  # fmt: skip
    assert is_settled(oakland, note)


def approved(business: Connected, *, is_taxed: bool):
    cost = NewCost(description="Pipe", unit_cost=D("50.00"), is_taxed=is_taxed)
    with business.acting():
        supplier = create_supplier(organization=business.organization, by=None, name="Reece")
        draft = draft_supplier_invoice(supplier=supplier, by=None, dated_on=ISSUED_ON, lines=[cost])
        made = approve_supplier_invoice(invoice=draft, by=None)
    business.drain(2)
    return made


def test_a_supplier_invoice_carries_no_tax(oakland):
    made = approved(oakland, is_taxed=False)
    assert oakland.balances() == {PAYABLE: D("-50.00"), COST: D("50.00")}
    assert is_settled(oakland, made)


def test_an_expense_carries_no_tax(oakland):
    made = spend(oakland, oakland.job(oakland.customer()), is_taxed=False)
    oakland.drain(2)
    assert oakland.balances() == {PAYABLE: D("-60.00"), SPENT: D("60.00")}
    assert is_settled(oakland, made)


def test_a_supplier_invoice_with_tax_is_held_before_it_is_sent(oakland):
    made = approved(oakland, is_taxed=True)
    entry = oakland.entry(made)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "Purchases Tax Code (C)" in entry.message
    assert oakland.balances() == {}


def test_another_rate_than_the_books_have_is_held_before_it_is_sent(oakland):
    made = invoice(oakland, percent="10")
    entry = oakland.entry(made)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "California is 8 % in the books, it was made with 10 %" in entry.message
    assert oakland.balances() == {}


@pytest.fixture
def automated(oakland: Connected) -> Connected:
    """The company works out sales tax by where it delivers: California 8 %, Nevada none."""
    oakland.company.bookkeeper("work_out_tax", works_out_tax=True)
    connections.take_chart(oakland.connection, oakland.open())
    choose(oakland, "TAX")
    return oakland


def delivered_to(business: Connected, state: str, name: str) -> Customer:
    return business.customer(name, site_street="1 Main St", site_region=state)


def test_tax_that_the_books_work_out_and_ours_agree_at_home(automated):
    before = automated.balances()
    made = invoice(automated, customer=delivered_to(automated, "CA", "Cal"))
    assert is_settled(automated, made)
    assert moved(automated, before) == {
        RECEIVABLE: D(158), LABOUR: D(-100), PRODUCTS: D(-50), TAX: D(-8),
    }  # fmt: skip


def test_another_tax_of_the_books_is_never_silent(automated):
    before = automated.balances()
    made = invoice(automated, customer=delivered_to(automated, "NV", "Vegas"))
    entry = automated.entry(made)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.AMOUNT_DIFFERS)
    assert entry.message == (
        "The books show 150.00, Ascora 158.00: a difference of 8.00."
        " All of it is tax: 0.00 there, 8.00 here."
    )
    assert moved(automated, before) == {RECEIVABLE: D(150), LABOUR: D(-100), PRODUCTS: D(-50)}


def test_the_settings_say_that_the_books_work_it_out(automated, olive, client_of):
    page = client_of(olive).get(reverse("integrations:settings")).content.decode()
    assert "QuickBooks works out the sales tax itself" in page
    automated.company.bookkeeper("work_out_tax", works_out_tax=False)
    connections.take_chart(automated.connection, automated.open())
    page = client_of(olive).get(reverse("integrations:settings")).content.decode()
    assert "QuickBooks works out the sales tax itself" not in page


def test_the_first_guess_takes_the_code_that_the_books_work_out(automated):
    with automated.acting():
        TaxRate.objects.owned_by(automated.organization).update(percent=9)
        guess = accounting.guess(automated.connection)
    assert (guess.sales_tax_code.remote_id, guess.sales_free_code.remote_id) == ("TAX", "NON")
