"""Bills, vendor credits and purchases: tax, postings, balances, versions, refusals."""

from decimal import Decimal

import pytest

GST, FREE, OUT, SALES_ONLY = "10", "8", "4", "TAX"


def spent(company, number, amount, code=GST, **extra):
    """One line on the account with a number."""
    detail = {"AccountRef": {"value": company.account(number)}, **extra}
    if code:
        detail["TaxCodeRef"] = {"value": code}
    kind = "AccountBasedExpenseLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: detail}


def bought(item, amount, code=GST, **extra):
    """One line of an item."""
    detail = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": code}, **extra}
    kind = "ItemBasedExpenseLineDetail"
    return {"Amount": amount, "DetailType": kind, kind: detail}


@pytest.fixture
def vendor(sydney):
    return sydney.post("Vendor", {"DisplayName": "Reece Plumbing"})["Id"]


@pytest.fixture
def bill(sydney, vendor):
    """Materials of 200.00 and rent of 50.00 without GST: 270.00."""
    lines = [spent(sydney, "5200", 200), spent(sydney, "6600", 50, FREE)]
    body = {"VendorRef": {"value": vendor}, "DocNumber": "R-1", "TxnDate": "2026-03-02"}
    return sydney.post("Bill", {**body, "Line": lines})


def posted(company, kind, identifier):
    """What a document has in the journal now, as number and amount."""
    rows = company.control("journal?after=0")
    mine = [row for row in rows if (row["document_kind"], row["document_id"]) == (kind, identifier)]
    assert company.control("trial-balance")["total"] == "0.00"
    return [(row["number"], row["amount"]) for row in mine]


def test_a_bill_debits_its_accounts_and_the_gst_and_credits_payables(sydney, bill, vendor):
    assert (bill["TotalAmt"], bill["Balance"]) == (Decimal("270.00"), Decimal("270.00"))
    assert bill["TxnTaxDetail"]["TotalTax"] == Decimal("20.00")
    assert (bill["DueDate"], bill["DocNumber"]) == ("2026-03-02", "R-1")
    assert posted(sydney, "Bill", bill["Id"]) == [
        ("2100", "-270.00"),
        ("5200", "200.00"),
        ("6600", "50.00"),
        ("2200", "20.00"),
    ]
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("270.00")


def test_sixty_with_tax_is_54_55_and_5_45(sydney, vendor):
    lines = [spent(sydney, "5100", 60, TaxInclusiveAmt=60)]
    body = {"VendorRef": {"value": vendor}, "GlobalTaxCalculation": "TaxInclusive"}
    made = sydney.post("Bill", {**body, "Line": lines})
    detail = made["Line"][0]["AccountBasedExpenseLineDetail"]
    assert (made["Line"][0]["Amount"], detail["TaxInclusiveAmt"]) == (
        Decimal("54.55"),
        Decimal("60.00"),
    )
    assert made["TotalAmt"] == Decimal("60.00")
    rows = [("2100", "-60.00"), ("5100", "54.55"), ("2200", "5.45")]
    assert posted(sydney, "Bill", made["Id"]) == rows
    net = [{**lines[0], "Amount": "54.55"}]
    again = sydney.post("Bill", {**body, "Line": net})
    assert posted(sydney, "Bill", again["Id"]) == rows


def test_a_line_out_of_scope_carries_no_tax(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "6900", "0.02", OUT)]}
    made = sydney.post("Bill", body)
    assert made["TxnTaxDetail"]["TotalTax"] == 0
    assert posted(sydney, "Bill", made["Id"]) == [("2100", "-0.02"), ("6900", "0.02")]


def test_a_vendor_credit_is_a_bill_backwards(sydney, vendor, bill):
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "5200", 40)]}
    made = sydney.post("VendorCredit", body)
    assert (made["TotalAmt"], made["Balance"]) == (Decimal("44.00"), Decimal("44.00"))
    assert posted(sydney, "VendorCredit", made["Id"]) == [
        ("2100", "44.00"),
        ("5200", "-40.00"),
        ("2200", "-4.00"),
    ]
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("226.00")


@pytest.mark.parametrize(
    ("kind", "number"), [("Cash", "1120"), ("Check", "1100"), ("CreditCard", "2150")]
)
def test_a_purchase_leaves_the_account_that_paid(sydney, vendor, kind, number):
    body = {"PaymentType": kind, "AccountRef": {"value": sydney.account(number)}}
    body["EntityRef"] = {"value": vendor, "type": "Vendor"}
    made = sydney.post("Purchase", {**body, "Line": [spent(sydney, "6300", 30)]})
    assert made["EntityRef"] == {"value": vendor, "name": "Reece Plumbing", "type": "Vendor"}
    assert posted(sydney, "Purchase", made["Id"]) == [
        (number, "-33.00"),
        ("6300", "30.00"),
        ("2200", "3.00"),
    ]
    assert sydney.read("Vendor", vendor)["Balance"] == 0


def test_a_credit_on_a_card_comes_back_to_it(sydney):
    body = {"PaymentType": "CreditCard", "AccountRef": {"value": sydney.account("2150")}}
    made = sydney.post("Purchase", {**body, "Credit": True, "Line": [spent(sydney, "6300", 30)]})
    assert posted(sydney, "Purchase", made["Id"]) == [
        ("2150", "33.00"),
        ("6300", "-30.00"),
        ("2200", "-3.00"),
    ]


def test_a_refund_to_a_customer_goes_to_receivables_and_their_balance(sydney, customer):
    body = {"PaymentType": "Check", "AccountRef": {"value": sydney.account("1100")}}
    body["Line"] = [spent(sydney, "1200", 55, OUT)]
    assert sydney.call("POST", "purchase", body).codes == ["6000"]
    body["EntityRef"] = {"value": customer, "type": "Customer"}
    made = sydney.post("Purchase", body)
    assert posted(sydney, "Purchase", made["Id"]) == [("1100", "-55.00"), ("1200", "55.00")]
    assert sydney.read("Customer", customer)["Balance"] == Decimal("55.00")
    key = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    sydney.post("Purchase", key, operation="delete")
    assert sydney.read("Customer", customer)["Balance"] == 0


def test_a_line_of_an_item_posts_to_the_account_it_is_bought_on(sydney, vendor):
    body = {"Name": "Tap", "Type": "NonInventory"}
    tap = sydney.post("Item", {**body, "ExpenseAccountRef": {"value": sydney.account("5200")}})
    unbought = sydney.item("Labour", "4100")
    body = {"VendorRef": {"value": vendor}}
    refused = sydney.call("POST", "bill", {**body, "Line": [bought(unbought, 5)]})
    assert refused.codes == ["6000"]
    made = sydney.post("Bill", {**body, "Line": [bought(tap["Id"], 75, Qty=3, UnitPrice=25)]})
    assert posted(sydney, "Bill", made["Id"]) == [
        ("2100", "-82.50"),
        ("5200", "75.00"),
        ("2200", "7.50"),
    ]
    wrong = {**body, "Line": [bought(tap["Id"], 74, Qty=3, UnitPrice=25)]}
    assert sydney.call("POST", "bill", wrong).codes == ["6070"]


def refusals(company, vendor):
    """Bodies that are refused, each with the code."""
    line = spent(company, "5200", 10)
    good = {"VendorRef": {"value": vendor}, "Line": [line]}
    paid = {"AccountRef": {"value": company.account("1100")}, "Line": [line]}
    loose = {"Amount": 1, "DetailType": "AccountBasedExpenseLineDetail"}
    return [
        ("bill", {**good, "Line": []}, "2020"),
        ("bill", {"Line": [line]}, "2020"),
        ("bill", {**good, "Line": [{**loose, "AccountBasedExpenseLineDetail": {}}]}, "2020"),
        ("bill", {**good, "Line": [{"Amount": 1}]}, "2020"),
        ("bill", {**good, "VendorRef": {"value": "9999"}}, "2500"),
        ("bill", {**good, "Line": [spent(company, "5200", 10, "")]}, "6000"),
        ("bill", {**good, "Line": [spent(company, "5200", 10, SALES_ONLY)]}, "2500"),
        ("bill", {**good, "Line": [spent(company, "5200", -10)]}, "6000"),
        ("bill", {**good, "Line": [spent(company, "1200", 10)]}, "6000"),
        ("bill", {**good, "DocNumber": "X" * 22}, "2050"),
        ("bill", {**good, "Line": [spent(company, "5200", 1, BillableStatus="Billable")]}, "6000"),
        ("bill", {**good, "APAccountRef": {"value": company.account("1100")}}, "6430"),
        ("bill", {**good, "Line": [{**line, "Colour": "red"}]}, "2010"),
        ("purchase", {**paid, "PaymentType": "CreditCard"}, "6430"),
        ("purchase", {**paid, "PaymentType": "Wampum"}, "2170"),
        ("purchase", {**paid, "PaymentType": "Check", "Credit": True}, "6000"),
        ("purchase", paid, "2020"),
        ("purchase", {**paid, "PaymentType": "Cash", "EntityRef": {"value": "77"}}, "2500"),
    ]


def test_what_quickbooks_refuses_leaves_nothing_in_the_ledger(sydney, vendor):
    for entity, body, code in refusals(sydney, vendor):
        answer = sydney.call("POST", entity, body)
        assert (answer.status, answer.codes[:1]) == (400, [code]), (entity, body, answer.text)
    assert sydney.control("journal?after=0") == []
    assert sydney.read("Vendor", vendor)["Balance"] == 0


def test_an_inactive_vendor_or_account_is_refused(sydney, vendor):
    account = sydney.read("Account", sydney.account("6600"))
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "6600", 10)]}
    key = {"Id": account["Id"], "SyncToken": account["SyncToken"], "sparse": True}
    sydney.post("Account", {**key, "Name": account["Name"], "Active": False})
    assert sydney.call("POST", "bill", body).codes == ["610"]
    body["Line"] = [spent(sydney, "5200", 10)]
    sydney.post("Vendor", {"Id": vendor, "SyncToken": "0", "sparse": True, "Active": False})
    assert sydney.call("POST", "bill", body).codes == ["610"]
    assert sydney.control("journal?after=0") == []


def test_closed_books_refuse_a_bill_of_that_time(sydney, bill, vendor):
    sydney.bookkeeper("close_books", date="2026-06-30")
    key = {"Id": bill["Id"], "SyncToken": "0", "VendorRef": {"value": vendor}}
    assert sydney.call("POST", "bill", key, operation="delete").codes == ["6210"]
    answer = sydney.call("POST", "bill", {**key, "sparse": True, "PrivateNote": "late"})
    assert answer.codes == ["6210"]


def test_a_number_used_twice_is_only_warned_of(sydney, bill, vendor):
    body = {"VendorRef": {"value": vendor}, "DocNumber": "R-1"}
    again = sydney.post("Bill", {**body, "Line": [spent(sydney, "5200", 1)]})
    assert again["DocNumber"] == bill["DocNumber"]
    assert len(sydney.rows("Bill", "where DocNumber = 'R-1'")) == 2


def test_a_changed_line_replaces_the_postings_of_the_bill(sydney, bill, vendor):
    key = {"Id": bill["Id"], "SyncToken": "0", "sparse": True}
    assert sydney.call("POST", "bill", {**key, "PrivateNote": "x"}).codes == ["2020"]
    key["VendorRef"] = {"value": vendor}
    noted = sydney.post("Bill", {**key, "PrivateNote": "x"})
    assert (noted["SyncToken"], noted["Line"]) == ("1", bill["Line"])
    key["SyncToken"] = "1"
    changed = sydney.post("Bill", {**key, "Line": [spent(sydney, "5100", 10)]})
    assert (changed["SyncToken"], changed["Balance"]) == ("2", Decimal("11.00"))
    assert posted(sydney, "Bill", bill["Id"]) == [
        ("2100", "-11.00"),
        ("5100", "10.00"),
        ("2200", "1.00"),
    ]
    assert sydney.read("Vendor", vendor)["Balance"] == Decimal("11.00")
    assert sydney.call("POST", "bill", {**key, "PrivateNote": "y"}).codes == ["5010"]


def test_a_deleted_bill_leaves_the_ledger_and_the_vendor_alone(sydney, bill, vendor):
    key = {"Id": bill["Id"], "SyncToken": "0"}
    assert sydney.post("Bill", key, operation="delete")["status"] == "Deleted"
    assert posted(sydney, "Bill", bill["Id"]) == []
    assert sydney.read("Vendor", vendor)["Balance"] == 0
    assert sydney.call("GET", f"bill/{bill['Id']}").codes == ["610"]
    since = "2026-01-01T00:00:00Z"
    clock = sydney.running.control("/clock")["text"]
    seen = sydney.call("GET", "cdc", entities="Bill,Vendor", changedSince=clock[:10] + since[10:])
    [answer] = seen.body["CDCResponse"]
    assert answer["QueryResponse"][0]["Bill"][0]["status"] == "Deleted"


def test_a_bill_cannot_be_voided_through_the_api(sydney, bill):
    key = {"Id": bill["Id"], "SyncToken": "0"}
    assert sydney.call("POST", "bill", key, operation="void").codes == ["500"]


def test_the_same_requestid_makes_one_bill(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "Line": [spent(sydney, "5200", 10)]}
    first = sydney.post("Bill", body, requestid="b-1")
    assert sydney.post("Bill", body, requestid="b-1") == first
    assert len(sydney.rows("Bill")) == 1


def test_terms_and_address_of_the_vendor_are_taken_over(sydney, vendor):
    key = {"Id": vendor, "SyncToken": "0", "sparse": True}
    term = next(each["Id"] for each in sydney.rows("Term") if each["Name"] == "Net 14")
    change = {"TermRef": {"value": term}, "BillAddr": {"Line1": "1 Pipe St", "City": "Ryde"}}
    sydney.post("Vendor", {**key, **change})
    body = {"VendorRef": {"value": vendor}, "TxnDate": "2026-03-02"}
    made = sydney.post("Bill", {**body, "Line": [spent(sydney, "5200", 10)]})
    assert made["DueDate"] == "2026-03-16"
    assert made["VendorAddr"]["Line1"] == "1 Pipe St"


def test_an_american_bill_has_no_tax_of_its_own(oakland):
    vendor = oakland.post("Vendor", {"DisplayName": "Lumber"})["Id"]
    line = spent(oakland, "6300", 150, "")
    made = oakland.post("Bill", {"VendorRef": {"value": vendor}, "Line": [line]})
    assert "TxnTaxDetail" not in made
    detail = made["Line"][0]["AccountBasedExpenseLineDetail"]
    assert detail["TaxCodeRef"] == {"value": "NON"}
    assert posted(oakland, "Bill", made["Id"]) == [("2100", "-150.00"), ("6300", "150.00")]


@pytest.fixture
def refund(sydney, customer):
    """55.00 paid back to a customer by cheque."""
    body = {"PaymentType": "Check", "AccountRef": {"value": sydney.account("1100")}}
    body["EntityRef"] = {"value": customer, "type": "Customer"}
    return sydney.post("Purchase", {**body, "Line": [spent(sydney, "1200", 55, OUT)]})


def test_a_refund_is_laid_on_the_payment_it_gives_back(sydney, customer, refund):
    paid = sydney.post("Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 80})
    assert sydney.read("Customer", customer)["Balance"] == Decimal("-25.00")
    link = {"TxnId": refund["Id"], "TxnType": "Check"}
    key = {"Id": paid["Id"], "SyncToken": "0", "sparse": True}
    over = {**key, "Line": [{"Amount": "55.01", "LinkedTxn": [link]}]}
    assert sydney.call("POST", "payment", over).codes == ["6000"]
    laid = sydney.post("Payment", {**key, "Line": [{"Amount": 55, "LinkedTxn": [link]}]})
    assert laid["UnappliedAmt"] == Decimal("25.00")
    assert laid["Line"][0]["LinkedTxn"] == [link]
    after = sydney.read("Purchase", refund["Id"])
    assert after["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert sydney.read("Customer", customer)["Balance"] == Decimal("-25.00")
    key = {"Id": after["Id"], "SyncToken": after["SyncToken"]}
    assert sydney.call("POST", "purchase", key, operation="delete").codes == ["6400"]
    assert posted(sydney, "Payment", paid["Id"]) == [("1190", "80.00"), ("1200", "-80.00")]
    assert sydney.balance("1200") == "-25.00"


def test_a_refund_of_another_customer_is_not_laid_on_a_payment(sydney, refund):
    other = sydney.post("Customer", {"DisplayName": "Somebody else"})["Id"]
    link = {"TxnId": refund["Id"], "TxnType": "Expense"}
    body = {"CustomerRef": {"value": other}, "TotalAmt": 55}
    body["Line"] = [{"Amount": 55, "LinkedTxn": [link]}]
    assert sydney.call("POST", "payment", body).codes == ["620"]
    assert "LinkedTxn" not in sydney.read("Purchase", refund["Id"])


def test_seven_lines_of_five_with_tax_come_to_thirty_five(sydney, vendor):
    lines = [spent(sydney, "5200", "4.55", TaxInclusiveAmt=5) for _each in range(7)]
    body = {"VendorRef": {"value": vendor}, "GlobalTaxCalculation": "TaxInclusive"}
    made = sydney.post("Bill", {**body, "Line": lines})
    assert made["TotalAmt"] == Decimal("35.00")
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("3.18")
    assert sydney.balance("5200") == "31.82"


def test_where_no_tax_applies_a_line_needs_no_code(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "GlobalTaxCalculation": "NotApplicable"}
    made = sydney.post("Bill", {**body, "Line": [spent(sydney, "5200", 12, "")]})
    assert "TxnTaxDetail" not in made
    assert posted(sydney, "Bill", made["Id"]) == [("2100", "-12.00"), ("5200", "12.00")]
