"""Credit memos: what they move, how payments of nothing use them, and what the company does by
itself.
"""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import assert_balanced, customer, invoice, labour, line

__all__ = ["customer", "invoice", "labour"]


def memo_body(customer, item, amount=40, **more):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "CN-1", "TxnDate": "2026-03-03"}
    return {**body, "Line": [line(item, amount)], **more}


@pytest.fixture
def memo(sydney, customer, labour):
    """CN-1 over 44.00."""
    return sydney.post("CreditMemo", memo_body(customer, labour))


def use(customer, *parts, **more):
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}
        for amount, identifier, kind in parts
    ]
    return {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines, **more}


def test_a_credit_memo_takes_income_and_gst_back_out_of_receivables(sydney, memo, customer):
    assert (memo["TotalAmt"], memo["Balance"], memo["RemainingCredit"]) == (44, 44, 44)
    assert sydney.balance("1200") == "-44.00"
    assert sydney.balance("4100") == "40.00"
    assert sydney.balance("2200") == "4.00"
    assert sydney.read("Customer", customer)["Balance"] == Decimal("-44.00")
    assert_balanced(sydney)


def test_a_payment_of_nothing_uses_it_and_moves_no_money(sydney, memo, invoice, customer):
    before = sydney.control("trial-balance")
    body = use(customer, (44, invoice["Id"], "Invoice"), (44, memo["Id"], "CreditMemo"))
    payment = sydney.post("Payment", body)
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (0, 0)
    assert "DepositToAccountRef" not in payment
    assert sydney.read("Invoice", invoice["Id"])["Balance"] == 66
    used = sydney.read("CreditMemo", memo["Id"])
    assert (used["Balance"], used["RemainingCredit"], "LinkedTxn" in used) == (0, 0, False)
    assert sydney.read("Customer", customer)["Balance"] == 66
    assert sydney.control("trial-balance") == before


def test_no_more_than_is_left_is_used(sydney, memo, invoice, customer):
    body = use(customer, (45, invoice["Id"], "Invoice"), (45, memo["Id"], "CreditMemo"))
    assert sydney.call("POST", "payment", body).status == 400
    assert sydney.read("CreditMemo", memo["Id"])["Balance"] == 44


def test_money_and_credit_settle_an_invoice_together(sydney, memo, invoice, customer):
    parts = (110, invoice["Id"], "Invoice"), (44, memo["Id"], "CreditMemo")
    payment = sydney.post("Payment", use(customer, *parts) | {"TotalAmt": 66})
    assert payment["UnappliedAmt"] == 0
    assert sydney.read("Invoice", invoice["Id"])["Balance"] == 0
    assert sydney.balance("1200") == "0.00"


def test_deleting_the_payment_gives_the_credit_back(sydney, memo, invoice, customer):
    body = use(customer, (44, invoice["Id"], "Invoice"), (44, memo["Id"], "CreditMemo"))
    payment = sydney.post("Payment", body)
    used = sydney.read("CreditMemo", memo["Id"])
    key = {"Id": used["Id"], "SyncToken": used["SyncToken"]}
    assert sydney.call("POST", "creditmemo", key, operation="delete").status == 400
    key = {"Id": payment["Id"], "SyncToken": payment["SyncToken"]}
    sydney.post("Payment", key, operation="delete")
    free = sydney.read("CreditMemo", memo["Id"])
    assert (free["Balance"], sydney.read("Invoice", invoice["Id"])["Balance"]) == (44, 110)
    key = {"Id": free["Id"], "SyncToken": free["SyncToken"]}
    sydney.post("CreditMemo", key, operation="delete")
    assert sydney.balance("4100") == "-100.00"
    assert_balanced(sydney)


def test_a_company_that_applies_credits_does_it_at_once(sydney, invoice, customer, labour):
    sydney.bookkeeper("apply_credits", applies_credits=True)
    prefs = sydney.rows("Preferences")[0]
    assert prefs["SalesFormsPrefs"]["AutoApplyCredit"] is True
    memo = sydney.post("CreditMemo", memo_body(customer, labour))
    (payment,) = sydney.rows("Payment", f"where CustomerRef = '{customer}'")
    assert payment["PrivateNote"] == "Created by QB Online to link credits to charges."
    assert sydney.read("CreditMemo", memo["Id"])["Balance"] == 0
    assert sydney.read("Invoice", invoice["Id"])["Balance"] == 66


def test_it_is_not_voided_through_the_api(sydney, memo):
    key = {"Id": memo["Id"], "SyncToken": memo["SyncToken"], "sparse": True}
    assert sydney.call("POST", "creditmemo", key, operation="void").status == 400
