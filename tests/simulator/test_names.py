"""Customers, vendors, items and accounts: names, references, deactivation."""

from decimal import Decimal

import pytest


def test_a_name_is_unique_over_customers_and_vendors_whatever_its_case(sydney):
    sydney.post("Customer", {"DisplayName": "O'Brien Electrical"})
    answer = sydney.call("POST", "vendor", {"DisplayName": "O'BRIEN ELECTRICAL"})
    assert answer.codes == ["6240"]
    assert sydney.rows("Vendor") == []


def test_a_deactivated_customer_gives_its_name_free_and_hides_from_queries(sydney):
    made = sydney.post("Customer", {"DisplayName": "Gone Ltd"})
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    gone = sydney.post("Customer", {**key, "Active": False})
    assert gone["DisplayName"] == "Gone Ltd (deleted)"
    assert gone["FullyQualifiedName"] == "Gone Ltd (deleted)"
    assert sydney.rows("Customer") == []
    assert len(sydney.rows("Customer", "where Active in (true, false)")) == 1
    again = sydney.post("Customer", {"DisplayName": "Gone Ltd"})
    assert again["Id"] != made["Id"]
    body = {"CustomerRef": {"value": made["Id"]}, "TotalAmt": 5}
    assert sydney.call("POST", "payment", body).codes == ["610"]


def test_a_job_shows_under_its_parent_and_its_balance_adds_up(sydney):
    parent = sydney.post("Customer", {"DisplayName": "Freeman"})["Id"]
    body = {"DisplayName": "55 Twin Lane", "ParentRef": {"value": parent}}
    job = sydney.post("Customer", body)
    assert (job["FullyQualifiedName"], job["Level"]) == ("Freeman:55 Twin Lane", 1)
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "8"}}
    line = {"Amount": 85, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    made = sydney.post("Invoice", {"CustomerRef": {"value": job["Id"]}, "Line": [line]})
    above = sydney.read("Customer", parent)
    assert (above["Balance"], above["BalanceWithJobs"]) == (0, Decimal("85.00"))
    assert above["SyncToken"] == "0"
    link = {"TxnId": made["Id"], "TxnType": "Invoice"}
    paid = {"CustomerRef": {"value": parent}, "TotalAmt": 85}
    sydney.post("Payment", {**paid, "Line": [{"Amount": 85, "LinkedTxn": [link]}]})
    assert sydney.read("Customer", parent)["BalanceWithJobs"] == 0


@pytest.mark.parametrize("name", ["Colon: Ltd", "Two\nlines", ""])
def test_a_name_that_quickbooks_does_not_take_is_refused(sydney, name):
    answer = sydney.call("POST", "customer", {"DisplayName": name})
    assert answer.codes in (["2040"], ["6080"])
    assert sydney.rows("Customer") == []


def test_a_long_name_and_a_long_phone_are_refused_together(sydney):
    body = {"DisplayName": "x" * 501, "PrimaryPhone": {"FreeFormNumber": "1" * 31}}
    answer = sydney.call("POST", "customer", body)
    assert answer.codes == ["2050", "2050"]


def test_an_item_needs_an_income_account(sydney):
    assert sydney.call("POST", "item", {"Name": "Air", "Type": "Service"}).codes == ["2020"]
    body = {"Name": "Air", "Type": "Service"}
    body["IncomeAccountRef"] = {"value": sydney.account("1100")}
    assert sydney.call("POST", "item", body).codes == ["6430"]


def test_an_account_shows_its_balance_only_where_balance_sheets_do(sydney):
    customer = sydney.post("Customer", {"DisplayName": "Cash"})["Id"]
    sydney.post("Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 12.5})
    rows = {row["AcctNum"]: row for row in sydney.rows("Account")}
    assert rows["1190"]["CurrentBalance"] == Decimal("12.50")
    assert rows["1200"]["CurrentBalance"] == Decimal("-12.50")
    assert rows["4100"]["CurrentBalance"] == 0


def test_a_new_account_takes_the_subtype_of_its_type(sydney):
    made = sydney.post("Account", {"Name": "Safe", "AccountType": "Bank"})
    assert (made["AccountSubType"], made["Classification"]) == ("CashOnHand", "Asset")
    assert sydney.call("POST", "account", {"Name": "Nothing"}).codes == ["6010"]


def test_lists_are_not_deleted_and_tax_codes_not_made(sydney):
    key = {"Id": "1", "SyncToken": "0"}
    assert sydney.call("POST", "item", key, operation="delete").codes == ["500"]
    assert sydney.call("POST", "taxcode", {"Name": "New"}).codes == ["500"]
