"""Payments of bills: what they move, what credits they use, and who may undo them."""

from decimal import Decimal

import pytest

from tests.simulator.test_purchases import posted, spent


@pytest.fixture
def vendor(sydney):
    return sydney.post("Vendor", {"DisplayName": "Reece Plumbing"})["Id"]


@pytest.fixture
def bill(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "5200", 100)]}
    return sydney.post("Bill", body)["Id"]


@pytest.fixture
def credit(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "5200", 30)]}
    return sydney.post("VendorCredit", body)["Id"]


def laid(amount, kind, identifier):
    return {"Amount": amount, "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}


@pytest.fixture
def payment(sydney, vendor):
    """The body of a payment of nothing from the bank account."""
    bank = {"BankAccountRef": {"value": sydney.account("1100")}}
    body = {"VendorRef": {"value": vendor}, "PayType": "Check", "CheckPayment": bank}
    return {**body, "TotalAmt": 0}


def test_a_bill_payment_debits_payables_and_credits_the_bank(sydney, payment, bill, vendor):
    body = {**payment, "TotalAmt": 110, "Line": [laid(110, "Bill", bill)]}
    made = sydney.post("BillPayment", body)
    assert posted(sydney, "BillPayment", made["Id"]) == [("2100", "110.00"), ("1100", "-110.00")]
    paid = sydney.read("Bill", bill)
    assert (paid["Balance"], paid["SyncToken"]) == (0, "1")
    assert paid["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "BillPaymentCheck"}]
    assert sydney.read("Vendor", vendor)["Balance"] == 0
    assert sydney.balance("2100") == "0.00"


def test_a_card_pays_a_part(sydney, payment, bill, vendor):
    card = {"CCAccountRef": {"value": sydney.account("2150")}}
    body = {**payment, "PayType": "CreditCard", "CreditCardPayment": card, "TotalAmt": 60}
    made = sydney.post("BillPayment", {**body, "Line": [laid(60, "Bill", bill)]})
    assert "CheckPayment" not in made
    assert posted(sydney, "BillPayment", made["Id"]) == [("2100", "60.00"), ("2150", "-60.00")]
    assert sydney.read("Bill", bill)["Balance"] == Decimal("50.00")


def test_a_credit_is_used_up_by_a_payment_of_nothing(sydney, payment, bill, credit, vendor):
    lines = [laid(33, "Bill", bill), laid(33, "VendorCredit", credit)]
    made = sydney.post("BillPayment", {**payment, "Line": lines})
    assert posted(sydney, "BillPayment", made["Id"]) == []
    assert sydney.read("Bill", bill)["Balance"] == Decimal("77.00")
    assert sydney.read("VendorCredit", credit)["Balance"] == 0
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("77.00")


def test_money_and_a_credit_together_settle_a_bill(sydney, payment, bill, credit):
    lines = [laid(110, "Bill", bill), laid(33, "VendorCredit", credit)]
    short = {**payment, "TotalAmt": 76, "Line": lines}
    assert sydney.call("POST", "billpayment", short).codes == ["6000"]
    made = sydney.post("BillPayment", {**payment, "TotalAmt": 77, "Line": lines})
    assert posted(sydney, "BillPayment", made["Id"]) == [("2100", "77.00"), ("1100", "-77.00")]
    assert sydney.read("Bill", bill)["Balance"] == 0
    assert sydney.balance("2100") == "0.00"


def test_links_that_do_not_fit_are_refused_and_nothing_moves(sydney, payment, bill):
    other = sydney.post("Vendor", {"DisplayName": "Somebody else"})["Id"]
    good = {**payment, "TotalAmt": 110, "Line": [laid(110, "Bill", bill)]}
    wrong = {"BankAccountRef": {"value": sydney.account("2150")}}
    for change, code in (
        ({"Line": []}, "2020"),
        ({"Line": [laid(111, "Bill", bill)], "TotalAmt": 111}, "6000"),
        ({"Line": [laid(1, "Bill", "999")]}, "620"),
        ({"Line": [laid(1, "Invoice", bill)]}, "620"),
        ({"VendorRef": {"value": other}}, "620"),
        ({"CheckPayment": wrong}, "6430"),
        ({"CheckPayment": None}, "2020"),
        ({"PayType": None}, "2020"),
    ):
        answer = sydney.call("POST", "billpayment", {**good, **change})
        assert answer.codes == [code], (change, answer.text)
    assert sydney.read("Bill", bill)["Balance"] == Decimal("110.00")
    assert sydney.balance("1100") == "0.00"


def test_a_paid_bill_is_neither_deleted_nor_lowered_below_what_was_paid(sydney, bill, vendor):
    sydney.bookkeeper("pay_bill", bill_ids=[bill], account_number="1100")
    key = {"Id": bill, "SyncToken": "1", "VendorRef": {"value": vendor}}
    assert sydney.call("POST", "bill", key, operation="delete").codes == ["6400"]
    lines = [spent(sydney, "5200", 10)]
    assert sydney.call("POST", "bill", {**key, "sparse": True, "Line": lines}).codes == ["6000"]
    assert sydney.balance("5200") == "100.00"


def test_a_voided_or_deleted_payment_opens_the_bill_again(sydney, bill, vendor):
    paid = sydney.bookkeeper("pay_bill", bill_ids=[bill], account_number="1100")
    key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    voided = sydney.post("BillPayment", key, operation="update", include="void")
    assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (0, [], "Voided")
    assert sydney.read("Bill", bill)["Balance"] == Decimal("110.00")
    again = sydney.bookkeeper("pay_bill", bill_ids=[{"id": bill, "amount": "10"}])
    key = {"Id": again["Id"], "SyncToken": again["SyncToken"]}
    sydney.post("BillPayment", key, operation="delete")
    after = sydney.read("Bill", bill)
    assert (after["Balance"], "LinkedTxn" in after) == (Decimal("110.00"), False)
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("110.00")
    assert sydney.balance("1100") == "0.00"


def test_the_bookkeeper_lays_a_credit_on_a_bill(sydney, bill, credit):
    made = sydney.bookkeeper("apply_vendor_credit", bill_id=bill, credit_id=credit)
    assert made["TotalAmt"] == 0
    assert sydney.read("Bill", bill)["Balance"] == Decimal("77.00")
    assert sydney.read("VendorCredit", credit)["Balance"] == 0


def test_the_bookkeeper_voids_a_paid_bill_and_its_payment_stays_unapplied(sydney, bill, vendor):
    paid = sydney.bookkeeper("pay_bill", bill_ids=[bill], account_number="1100")
    voided = sydney.bookkeeper("void", kind="Bill", id=bill)
    assert (voided["TotalAmt"], voided["Balance"]) == (0, 0)
    assert sydney.read("BillPayment", paid["Id"])["Line"] == []
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("-110.00")
    assert posted(sydney, "Bill", bill) == []
    assert sydney.balance("2100") == "110.00"


def test_the_bookkeeper_deletes_a_used_credit_and_the_bill_opens_by_it(sydney, bill, credit):
    wish = {"bill_ids": [bill], "credit_ids": [credit], "account_number": "1100"}
    paid = sydney.bookkeeper("pay_bill", **wish)
    assert paid["TotalAmt"] == Decimal("77.00")
    sydney.bookkeeper("delete", kind="VendorCredit", id=credit)
    assert sydney.read("Bill", bill)["Balance"] == Decimal("33.00")
    assert sydney.control("trial-balance")["total"] == "0.00"


def test_the_bookkeeper_changes_a_bill_and_a_vendor(sydney, bill, vendor):
    changed = sydney.bookkeeper("edit_bill", id=bill, amount="61.25", PrivateNote="less")
    assert (changed["TotalAmt"], changed["SyncToken"]) == (Decimal("67.38"), "1")
    sydney.bookkeeper("rename_vendor", id=vendor, name="Reece")
    sydney.bookkeeper("edit_vendor", id=vendor, email="orders@example.com")
    seen = sydney.read("Vendor", vendor)
    assert seen["PrimaryEmailAddr"] == {"Address": "orders@example.com"}
    made = sydney.bookkeeper("add_vendor", name="Tradelink", phone="02 9000 0000")
    sydney.bookkeeper("deactivate_vendor", id=made["Id"])
    assert sydney.read("Vendor", made["Id"])["DisplayName"] == "Tradelink (deleted)"
