"""What payments are laid on keeps its customer and enough of its amount, in every kind."""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import assert_balanced, customer, invoice, labour, line
from tests.simulator.test_journal_entries import of_customer, side
from tests.simulator.walk import link

__all__ = ["customer", "invoice", "labour"]


def change(document, **fields):
    return {"Id": document["Id"], "SyncToken": document["SyncToken"], "sparse": True, **fields}


@pytest.fixture
def job(sydney, customer):
    names = {"DisplayName": "Granny flat", "Job": True, "BillWithParent": True}
    return sydney.post("Customer", {**names, "ParentRef": {"value": customer}})["Id"]


@pytest.fixture
def opening(sydney, job):
    """The job owed 250.00 when the books began; its parent paid 100.00 of that."""
    made = sydney.post("JournalEntry", {"Line": owed(sydney, job, 250), "TxnDate": "2026-03-02"})
    return made["Id"]


@pytest.fixture
def paid(sydney, opening, customer):
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 100}
    return sydney.post("Payment", {**body, "Line": [link("JournalEntry", opening, 100)]})


def owed(company, customer, amount):
    return [
        side(company, "Debit", "1200", amount, **of_customer(customer)),
        side(company, "Credit", "3000", amount),
    ]


def test_a_parent_that_pays_an_entry_of_its_job_lowers_what_the_job_owes(
    sydney, opening, paid, customer, job
):
    entry = sydney.read("JournalEntry", opening)
    assert entry["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert sydney.read("Customer", job)["Balance"] == Decimal("150.00")
    parent = sydney.read("Customer", customer)
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, Decimal("150.00"))
    assert sydney.balance("1200") == "150.00"


def test_a_paid_entry_is_neither_deleted_nor_lowered_below_what_was_paid(
    sydney, opening, paid, job
):
    entry = sydney.read("JournalEntry", opening)
    gone = sydney.call("POST", "journalentry", change(entry), operation="delete")
    assert gone.codes == ["6400"]
    less = change(entry, Line=owed(sydney, job, "99.99"))
    assert sydney.call("POST", "journalentry", less).codes == ["6000"]
    assert sydney.read("JournalEntry", opening) == entry
    enough = sydney.post("JournalEntry", change(entry, Line=owed(sydney, job, 100)))
    assert enough["LinkedTxn"] == entry["LinkedTxn"]
    assert sydney.read("Customer", job)["Balance"] == 0
    assert_balanced(sydney)


def test_an_entry_deleted_by_hand_leaves_the_money_unapplied(sydney, opening, paid, customer, job):
    sydney.bookkeeper("delete", kind="JournalEntry", id=opening)
    after = sydney.read("Payment", paid["Id"])
    assert (after["UnappliedAmt"], after["Line"]) == (Decimal("100.00"), [])
    assert sydney.read("Customer", customer)["Balance"] == Decimal("-100.00")
    assert sydney.read("Customer", job)["Balance"] == 0
    assert sydney.balance("1200") == "-100.00"
    assert_balanced(sydney)


@pytest.mark.parametrize("kind", ["Invoice", "CreditMemo", "JournalEntry"])
def test_what_a_payment_is_laid_on_does_not_go_to_another_customer(
    sydney, invoice, customer, labour, opening, paid, kind
):
    wish = {"customer_id": customer, "item_id": labour, "amount": 60}
    memo = sydney.bookkeeper("add_credit_memo", **wish)
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    stranger = sydney.post("Customer", {"DisplayName": "Stranger"})["Id"]
    named = {"Invoice": invoice["Id"], "CreditMemo": memo["Id"], "JournalEntry": opening}
    before = sydney.read(kind, named[kind])
    moved = {"CustomerRef": {"value": stranger}}
    if kind == "JournalEntry":
        moved = {"Line": owed(sydney, stranger, 250)}
    assert sydney.call("POST", kind.lower(), change(before, **moved)).codes == ["6000"]
    assert sydney.read(kind, named[kind]) == before
    assert sydney.read("Customer", stranger)["Balance"] == 0


def test_an_invoice_may_go_to_a_job_that_its_payer_pays_for(sydney, invoice, customer, job):
    sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]], amount=50)
    paid = sydney.read("Invoice", invoice["Id"])
    moved = sydney.post("Invoice", change(paid, CustomerRef={"value": job}))
    assert moved["Balance"] == Decimal("60.00")
    assert sydney.read("Customer", job)["Balance"] == Decimal("60.00")
    assert sydney.read("Customer", customer)["BalanceWithJobs"] == Decimal("60.00")


@pytest.mark.parametrize(
    ("after", "tax", "total"), [(False, "10.00", "100.00"), (True, "9.00", "99.00")]
)
def test_a_discount_lowers_the_tax_where_the_form_says_so(
    sydney, customer, labour, after, tax, total
):
    """100.00 of labour less 10 %, with GST."""
    off = {"PercentBased": True, "DiscountPercent": 10}
    lines = [line(labour, 100), {"DetailType": "DiscountLineDetail", "DiscountLineDetail": off}]
    body = {"CustomerRef": {"value": customer}, "ApplyTaxAfterDiscount": after, "Line": lines}
    made = sydney.post("Invoice", body)
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal(tax)
    assert made["TotalAmt"] == Decimal(total)
    rows = [(row["number"], row["amount"]) for row in sydney.control("journal?after=0")]
    discounts = sydney.read(
        "Account", made["Line"][-1]["DiscountLineDetail"]["DiscountAccountRef"]["value"]
    )
    assert rows == [
        ("1200", total),
        ("4100", "-100.00"),
        (discounts["AcctNum"], "10.00"),
        ("2200", f"-{tax}"),
    ]
    assert_balanced(sydney)


def test_an_american_discount_lowers_the_taxable_share_only(oakland):
    customer = oakland.post("Customer", {"DisplayName": "Al"})["Id"]
    off = {"PercentBased": True, "DiscountPercent": 10}
    lines = [line("1", 100, "TAX"), line("1", 100, "NON")]
    lines.append({"DetailType": "DiscountLineDetail", "DiscountLineDetail": off})
    body = {"CustomerRef": {"value": customer}, "ApplyTaxAfterDiscount": True, "Line": lines}
    rate = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}}}
    made = oakland.post("Invoice", {**body, **rate, "GlobalTaxCalculation": "TaxExcluded"})
    assert (str(made["TotalAmt"]), str(made["TxnTaxDetail"]["TotalTax"])) == ("187.20", "7.20")
    assert made["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "2"}
    assert "GlobalTaxCalculation" not in made
    assert oakland.balance("2200") == "-7.20"
    assert_balanced(oakland)


def test_a_document_without_tax_brings_none_of_its_own(sydney, invoice, labour, customer):
    body = {"CustomerRef": {"value": customer}, "GlobalTaxCalculation": "NotApplicable"}
    body["Line"] = [line(labour, 100)]
    wrong = {**body, "TxnTaxDetail": {"TotalTax": 10}}
    assert sydney.call("POST", "invoice", wrong).codes == ["6170"]
    without = sydney.post("Invoice", change(invoice, GlobalTaxCalculation="NotApplicable"))
    assert (without["TotalAmt"], "TxnTaxDetail" in without) == (Decimal("100.00"), False)
    assert sydney.balance("2200") == "0.00"
