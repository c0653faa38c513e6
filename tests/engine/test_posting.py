"""Which account a line goes to and why; what a document moves."""

from decimal import Decimal

import pytest

from integrations.errors import NeedsMapping
from integrations.posting import (
    Charge,
    Code,
    Defaults,
    Income,
    Nature,
    balances_of,
    invoice_postings,
    payment_postings,
    place,
)

K, L = Code("k", "4100", "Labour Income"), Code("l", "4200", "Materials Income")
DEFAULTS = Defaults(labour=K, materials=L)
OWN = Code("own", "4990", "Own")
D = Decimal


@pytest.mark.parametrize(
    ("charge", "code", "why"),
    [
        (Charge(Nature.LABOUR), K, "Labour Income Account (K) of the accounting settings"),
        (
            Charge(Nature.LABOUR, job_type="Domestic", job_type_labour=OWN),
            OWN,
            "Labour code of job type Domestic",
        ),
        (Charge(Nature.SUPPLY), L, "Materials Income Account (L) of the accounting settings"),
        (
            Charge(Nature.SUPPLY, job_type="Domestic", job_type_materials=OWN),
            OWN,
            "Materials code of job type Domestic",
        ),
        (
            Charge(
                Nature.SUPPLY,
                job_type="Domestic",
                job_type_materials=K,
                supply="Cable",
                supply_code=OWN,
            ),
            OWN,
            "Income code of supply Cable",
        ),
        (
            Charge(Nature.SURCHARGE, method="Mastercard", method_code=OWN),
            OWN,
            "Surcharge code of payment method Mastercard",
        ),
        (
            Charge(Nature.SURCHARGE, method="Visa"),
            L,
            "Materials Income Account (L) of the accounting settings",
        ),
        (
            Charge(Nature.OTHER, job_type="Domestic", job_type_labour=OWN),
            OWN,
            "Labour code of job type Domestic",
        ),
    ],
)
def test_the_nearest_code_wins_and_says_why(charge: Charge, code: Code, why: str) -> None:
    placed = place(charge, DEFAULTS)
    assert (placed.code, placed.why) == (code, why)


@pytest.mark.parametrize(
    ("nature", "named"),
    [
        (Nature.LABOUR, "Labour Income Account (K)"),
        (Nature.OTHER, "Labour Income Account (K)"),
        (Nature.SUPPLY, "Materials Income Account (L)"),
        (Nature.SURCHARGE, "Materials Income Account (L)"),
    ],
)
def test_a_missing_code_is_named(nature: Nature, named: str) -> None:
    with pytest.raises(NeedsMapping) as refused:
        place(Charge(nature), Defaults(labour=None, materials=None))
    assert named in refused.value.message


def test_an_invoice_debits_receivables_and_credits_income_and_tax() -> None:
    incomes = [Income("4100", D("350.00")), Income("4200", D("80.00")), Income("4100", D("-5.00"))]
    postings = invoice_postings(incomes, tax_by_code={"gst": D("42.50")}, receivable_id="ar")
    assert balances_of(postings) == {
        ("ar", ""): D("467.50"),
        ("4100", ""): D("-345.00"),
        ("4200", ""): D("-80.00"),
        ("", "gst"): D("-42.50"),
    }
    assert sum(posting.amount for posting in postings) == 0


def test_a_payment_moves_receivables_to_its_account() -> None:
    postings = payment_postings(D("60.00"), deposit_account_id="bank", receivable_id="ar")
    assert balances_of(postings) == {("bank", ""): D("60.00"), ("ar", ""): D("-60.00")}
