"""Journal entries: balanced, with a name on receivables and payables, payable like a charge."""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import assert_balanced


def side(company, posting, number, amount, **more):
    detail = {"PostingType": posting, "AccountRef": {"value": company.account(number)}, **more}
    line = {"Amount": amount, "DetailType": "JournalEntryLineDetail"}
    return {**line, "JournalEntryLineDetail": detail}


def of_customer(identifier):
    return {"Entity": {"Type": "Customer", "EntityRef": {"value": identifier}}}


@pytest.fixture
def customer(sydney):
    return sydney.post("Customer", {"DisplayName": "Old Balance"})["Id"]


@pytest.fixture
def opening(sydney, customer):
    """A customer owed 250.00 when the books began."""
    lines = [
        side(sydney, "Debit", "1200", 250, **of_customer(customer)),
        side(sydney, "Credit", "3000", 250),
    ]
    return sydney.post("JournalEntry", {"Line": lines, "TxnDate": "2026-03-02"})


def test_an_entry_posts_each_line_as_it_stands(sydney):
    lines = [
        {**side(sydney, "Debit", "6100", "12.34"), "Description": "Flyers"},
        side(sydney, "Credit", "1100", "12.34"),
    ]
    made = sydney.post("JournalEntry", {"Line": lines, "DocNumber": "J1"})
    assert (made["TotalAmt"], [each["Id"] for each in made["Line"]]) == (0, ["0", "1"])
    rows = [(row["number"], row["amount"]) for row in sydney.control("journal?after=0")]
    assert rows == [("6100", "12.34"), ("1100", "-12.34")]
    assert_balanced(sydney)


def test_an_entry_must_balance(sydney):
    lines = [side(sydney, "Debit", "6100", 10), side(sydney, "Credit", "1100", "9.99")]
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["2300"]
    lines = [side(sydney, "Debit", "6100", -10), side(sydney, "Credit", "1100", -10)]
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["2290"]
    lines = [side(sydney, "Left", "6100", 10), side(sydney, "Credit", "1100", 10)]
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["2260"]
    assert sydney.control("journal?after=0") == []


def test_receivables_need_a_customer_and_only_one_such_line(sydney, customer):
    lines = [side(sydney, "Debit", "1200", 10), side(sydney, "Credit", "3000", 10)]
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["6000"]
    vendor = sydney.post("Vendor", {"DisplayName": "Wires"})["Id"]
    other = {"Entity": {"Type": "Vendor", "EntityRef": {"value": vendor}}}
    lines[0] = side(sydney, "Debit", "1200", 10, **other)
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["6000"]
    both = [
        side(sydney, "Debit", "1200", 10, **of_customer(customer)),
        side(sydney, "Credit", "1200", 10, **of_customer(customer)),
    ]
    assert sydney.call("POST", "journalentry", {"Line": both}).codes == ["6000"]
    assert sydney.control("journal?after=0") == []


def test_an_opening_balance_is_owed_and_paid_like_an_invoice(sydney, opening, customer):
    assert sydney.read("Customer", customer)["Balance"] == Decimal("250.00")
    link = {"TxnId": opening["Id"], "TxnType": "JournalEntry"}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 100}
    sydney.post("Payment", {**body, "Line": [{"Amount": 100, "LinkedTxn": [link]}]})
    assert sydney.read("Customer", customer)["Balance"] == Decimal("150.00")
    over = {**body, "TotalAmt": 200, "Line": [{"Amount": "150.01", "LinkedTxn": [link]}]}
    assert sydney.call("POST", "payment", over).codes == ["6000"]
    assert sydney.balance("1200") == "150.00"


def test_a_bill_like_entry_moves_what_a_vendor_is_owed(sydney):
    vendor = sydney.post("Vendor", {"DisplayName": "Wires"})["Id"]
    named = {"Entity": {"Type": "Vendor", "EntityRef": {"value": vendor}}}
    lines = [side(sydney, "Debit", "5200", 80), side(sydney, "Credit", "2100", 80, **named)]
    made = sydney.post("JournalEntry", {"Line": lines})
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("80.00")
    key = {"Id": made["Id"], "SyncToken": "0"}
    sydney.post("JournalEntry", key, operation="delete")
    assert sydney.read("Vendor", vendor)["Balance"] == 0
    assert_balanced(sydney)


def test_an_entry_follows_the_customer_it_names_into_another(sydney, opening, customer):
    other = sydney.post("Customer", {"DisplayName": "New Name"})["Id"]
    sydney.bookkeeper("merge_customers", id=customer, into=other)
    entry = sydney.read("JournalEntry", opening["Id"])
    named = entry["Line"][0]["JournalEntryLineDetail"]["Entity"]
    assert named == {"Type": "Customer", "EntityRef": {"value": other, "name": "New Name"}}
    assert sydney.read("Customer", other)["Balance"] == Decimal("250.00")


def test_closed_books_hold_entries_too(sydney, opening):
    sydney.bookkeeper("close_books", date="2026-06-30")
    key = {"Id": opening["Id"], "SyncToken": "0"}
    assert sydney.call("POST", "journalentry", key, operation="delete").codes == ["6210"]
    assert sydney.balance("1200") == "250.00"
