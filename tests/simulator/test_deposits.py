"""Deposits: waiting money taken to the bank, lines into accounts, cash back, and the freeze."""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import assert_balanced, customer, invoice, labour, line

__all__ = ["customer", "invoice", "labour"]


@pytest.fixture
def paid(sydney, invoice):
    """110.00 that waits in Undeposited Funds."""
    return sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]])


def into(company, number, amount, **detail):
    account = {"AccountRef": {"value": company.account(number)}, **detail}
    return {"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": account}


def taking(document, kind="Payment"):
    link = {"TxnId": document["Id"], "TxnType": kind, "TxnLineId": "0"}
    return {"Amount": document["TotalAmt"], "LinkedTxn": [link]}


def deposit_body(company, *lines, **more):
    return {"DepositToAccountRef": {"value": company.account("1100")}, "Line": lines, **more}


def rows_of(company, document):
    rows = company.control("journal?after=0")
    return [(row["number"], row["amount"]) for row in rows if row["document_id"] == document["Id"]]


def test_a_deposit_takes_payments_and_credits_accounts_less_the_fee(sydney, paid):
    fee = into(sydney, "6210", "-1.65")
    other = into(sydney, "8000", 5)
    made = sydney.post("Deposit", deposit_body(sydney, taking(paid), fee, other))
    assert made["TotalAmt"] == Decimal("113.35")
    assert [each.get("Id") for each in made["Line"]] == [None, "1", "2"]
    assert rows_of(sydney, made) == [
        ("1100", "113.35"),
        ("1190", "-110.00"),
        ("6210", "1.65"),
        ("8000", "-5.00"),
    ]
    assert_balanced(sydney)


def test_cash_back_goes_to_its_account(sydney, paid):
    back = {"AccountRef": {"value": sydney.account("1120")}, "Amount": 10, "Memo": "Float"}
    made = sydney.post("Deposit", deposit_body(sydney, taking(paid), CashBack=back))
    assert made["TotalAmt"] == Decimal("100.00")
    assert made["CashBack"]["Memo"] == "Float"
    assert [sydney.balance(each) for each in ("1100", "1120", "1190")] == [
        "100.00",
        "10.00",
        "0.00",
    ]


def test_what_lies_in_a_deposit_is_frozen_until_the_deposit_lets_it_go(sydney, paid, labour):
    made = sydney.post("Deposit", deposit_body(sydney, taking(paid), into(sydney, "8000", 5)))
    frozen = sydney.read("Payment", paid["Id"])
    assert frozen["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    key = {"Id": paid["Id"], "SyncToken": frozen["SyncToken"]}
    change = {**key, "sparse": True, "PrivateNote": "x"}
    assert sydney.call("POST", "payment", change).codes == ["6540"]
    assert sydney.call("POST", "payment", key, operation="delete").codes == ["6540"]
    assert sydney.call("POST", "payment", change, operation="update", include="void").codes == [
        "6540"
    ]
    again = deposit_body(sydney, into(sydney, "8000", 5), Id=made["Id"], SyncToken="0")
    sydney.post("Deposit", again)
    free = sydney.read("Payment", paid["Id"])
    assert "LinkedTxn" not in free
    change["SyncToken"] = free["SyncToken"]
    assert sydney.post("Payment", change)["PrivateNote"] == "x"
    assert [sydney.balance(each) for each in ("1100", "1190")] == ["5.00", "110.00"]
    assert_balanced(sydney)


def test_a_deposit_is_updated_whole_only(sydney, paid):
    made = sydney.post("Deposit", deposit_body(sydney, taking(paid)))
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert sydney.call("POST", "deposit", key).codes == ["2020", "2020"]


@pytest.mark.parametrize(("number", "detail", "code"), [("1200", {}, "6000"), ("2100", {}, "6000")])
def test_receivables_and_payables_need_a_name(sydney, number, detail, code):
    body = deposit_body(sydney, into(sydney, number, 10, **detail))
    assert sydney.call("POST", "deposit", body).codes == [code]
    assert sydney.control("journal?after=0") == []


def test_a_linked_line_with_a_detail_type_is_refused(sydney, paid):
    wrong = {**taking(paid), "DetailType": "DepositLineDetail"}
    answer = sydney.call("POST", "deposit", deposit_body(sydney, wrong))
    assert answer.codes == ["2020"]
    detail = answer.body["Fault"]["Error"][0]["Detail"]
    assert "Line.DepositLineDetail.AccountRef" in detail


def test_a_payment_is_not_taken_twice_nor_from_elsewhere(sydney, paid, customer):
    sydney.post("Deposit", deposit_body(sydney, taking(paid)))
    assert sydney.call("POST", "deposit", deposit_body(sydney, taking(paid))).codes == ["6540"]
    bank = {"value": sydney.account("1110")}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 5, "DepositToAccountRef": bank}
    elsewhere = sydney.post("Payment", body)
    answer = sydney.call("POST", "deposit", deposit_body(sydney, taking(elsewhere)))
    assert answer.codes == ["620"]


def test_a_sales_receipt_waits_and_is_taken_like_a_payment(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "SR-1", "Line": [line(labour, 100)]}
    sold = sydney.post("SalesReceipt", body)
    assert (sold["TotalAmt"], sold["Balance"]) == (Decimal("110.00"), 0)
    assert rows_of(sydney, sold) == [("1190", "110.00"), ("4100", "-100.00"), ("2200", "-10.00")]
    sydney.post("Deposit", deposit_body(sydney, taking(sold, "SalesReceipt")))
    frozen = sydney.read("SalesReceipt", sold["Id"])
    key = {"Id": sold["Id"], "SyncToken": frozen["SyncToken"], "sparse": True}
    assert sydney.call("POST", "salesreceipt", key, operation="delete").codes == ["6540"]
    assert sydney.call("POST", "salesreceipt", {**key, "PrivateNote": "x"}).codes == ["6540"]
    assert sydney.balance("1100") == "110.00"
    assert sydney.read("Customer", customer)["Balance"] == 0
    assert_balanced(sydney)


def test_a_sales_receipt_is_voided_by_update_with_include(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "SR-1", "Line": [line(labour, 100)]}
    sold = sydney.post("SalesReceipt", body)
    key = {"Id": sold["Id"], "SyncToken": "0", "sparse": True}
    voided = sydney.post("SalesReceipt", key, operation="update", include="void")
    assert (voided["TotalAmt"], voided["PrivateNote"], voided["DocNumber"]) == (0, "Voided", "SR-1")
    assert sydney.balance("4100") == "0.00"


def test_a_refund_receipt_is_a_sale_the_other_way_round(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "Line": [line(labour, 50)]}
    assert sydney.call("POST", "refundreceipt", body).codes == ["2020"]
    paid_from = {"DepositToAccountRef": {"value": sydney.account("1100")}}
    given = sydney.post("RefundReceipt", {**body, **paid_from})
    assert rows_of(sydney, given) == [("1100", "-55.00"), ("4100", "50.00"), ("2200", "5.00")]
    key = {"Id": given["Id"], "SyncToken": "0"}
    sydney.post("RefundReceipt", key, operation="delete")
    assert sydney.balance("1100") == "0.00"
    assert_balanced(sydney)


def test_one_series_numbers_every_sales_form(oakland):
    customer = {"CustomerRef": {"value": oakland.post("Customer", {"DisplayName": "Ann"})["Id"]}}
    body = {**customer, "Line": [line("1", 5, "NON")]}
    place = {"DepositToAccountRef": {"value": oakland.account("1000")}}
    kinds = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt", "Invoice")
    numbers = [oakland.post(kind, {**body, **place})["DocNumber"] for kind in kinds]
    assert numbers == ["1001", "1002", "1003", "1004", "1005"]
