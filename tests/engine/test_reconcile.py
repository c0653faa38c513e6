"""Ascora's own trial balance, while account codes are missing."""

from decimal import Decimal

import pytest

from integrations.reconcile import own_figures
from tests.builders import an_approved_expense, an_approved_supplier_invoice
from tests.engine.business import ISSUED_ON, Business

CODES = (
    "payments_account", "card_account", "labour_account", "materials_account", "expense_account",
    "supplier_invoice_account", "sales_tax_code", "purchase_tax_code",
)  # fmt: skip


@pytest.fixture
def busy(spark: Business) -> Business:
    """A sale that is paid, and two costs."""
    invoice = spark.invoice(spark.customer("Jane"), number="INV-1")
    spark.payment({invoice: "60.00"})
    job = spark.job(spark.customer("June"))
    with spark.acting():
        an_approved_expense(job, spent_on=ISSUED_ON)
        an_approved_supplier_invoice(spark.organization, "70.00")
    return spark


def figures(business: Business) -> dict[str, Decimal]:
    with business.acting():
        return {figure.code: figure.amount for figure in own_figures(business.organization)}


def test_what_waits_for_an_account_code_moves_nothing_yet(busy: Business) -> None:
    assert figures(busy)["1200"] == Decimal("50.00")
    with busy.acting():
        busy.set(**dict.fromkeys(CODES))
    assert figures(busy) == {}
