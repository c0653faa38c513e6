"""What a bookkeeper sees and presses on the pages of suppliers, bills and expenses."""

import re

import pytest

from tests.simulator.person import field, said
from tests.simulator.test_attachments import on, upload
from tests.simulator.test_purchases import spent


@pytest.fixture
def vendor(sydney):
    return sydney.post("Vendor", {"DisplayName": "Reece & Sons", "AcctNum": "C-9"})["Id"]


@pytest.fixture
def bill(sydney, vendor):
    lines = [{**spent(sydney, "5200", 100), "Description": "Copper pipe"}]
    body = {"VendorRef": {"value": vendor}, "DocNumber": "R-7", "TxnDate": "2026-03-02"}
    return sydney.post("Bill", {**body, "Line": lines})["Id"]


@pytest.fixture
def credit(sydney, vendor):
    body = {"VendorRef": {"value": vendor}, "DocNumber": "C-7"}
    return sydney.post("VendorCredit", {**body, "Line": [spent(sydney, "5200", 10)]})["Id"]


@pytest.fixture
def expense(sydney, vendor):
    body = {"PaymentType": "CreditCard", "AccountRef": {"value": sydney.account("2150")}}
    body["EntityRef"] = {"value": vendor, "type": "Vendor"}
    return sydney.post("Purchase", {**body, "Line": [spent(sydney, "6300", 40)]})["Id"]


def test_the_lists_show_each_document_and_are_searched_by_supplier(person, bill, credit, expense):
    assert 'aria-current="page">Bills</a>' in person.see("bills")
    for path, number in (("bills", "R-7"), ("vendorcredits", "C-7"), ("expenses", "Expense ")):
        assert number in person.see(f"{path}?q=reece")
        assert "fits this" in person.see(f"{path}?q=nobody")
    assert "fits this" in person.see("bills?status=paid")
    assert "2150" not in person.see("bills")
    assert "Business Credit Card" in person.see("expenses")


def test_a_bill_shows_its_lines_tax_and_journal(person, bill):
    text = person.see(f"bills/{bill}")
    lines, journal = text.split("<h2>Lines</h2>")[1].split("<h2>Journal</h2>")
    assert "Copper pipe" in lines
    assert "GST (purchases), 10 % of 100.00" in lines
    shown = re.findall(r'accounts/\d+">([^<]+)<', journal)
    assert shown == [
        "2100 Accounts Payable (A/P)",
        "5200 Materials Purchased",
        "2200 GST Liabilities Payable",
    ]


def test_a_bill_is_paid_on_its_page(person, sydney, bill, vendor):
    page = person.see(f"bills/{bill}")
    fields = {"amount": field(page, "amount"), "account_id": sydney.account("1100")}
    text = person.press(f"bills/{bill}/pay", **fields, date="2026-03-09", reference="EFT 4")
    assert said(text) == "Paid 110.00. It is paid in full."
    assert (sydney.balance("1100"), sydney.balance("2100")) == ("-110.00", "0.00")
    assert "EFT 4" in text
    [payment] = sydney.rows("BillPayment")
    assert "R-7" in person.see(f"billpayments/{payment['Id']}")
    assert "EFT 4" in person.see("billpayments")
    text = person.press(f"billpayments/{payment['Id']}/void")
    assert "open again" in said(text)
    assert sydney.balance("2100") == "-110.00"


def test_a_credit_is_used_on_the_page_of_a_bill(person, sydney, bill, credit):
    text = person.press(f"bills/{bill}/credit", credit_id=credit)
    assert said(text) == "The credit is used. 99.00 of the bill is still open."
    assert ">used<" in person.see(f"vendorcredits/{credit}")


def test_a_refused_payment_keeps_what_was_typed(person, sydney, bill):
    fields = {"amount": "110.01", "account_id": sydney.account("2150"), "reference": "EFT <4>"}
    text = person.refused(f"bills/{bill}/pay", **fields)
    assert "more than the open balance" in said(text)
    assert (field(text, "amount"), field(text, "reference")) == ("110.01", "EFT <4>")
    assert f'value="{sydney.account("2150")}" selected' in text


@pytest.mark.parametrize("path", ["bills", "vendorcredits", "expenses"])
def test_documents_are_changed_voided_and_deleted(person, sydney, bill, credit, expense, path):
    one = {"bills": bill, "vendorcredits": credit, "expenses": expense}[path]
    text = person.press(f"{path}/{one}/edit", amount_1="20.00", note="less")
    assert said(text) == "Saved. It comes to 22.00."
    assert "is void" in said(person.press(f"{path}/{one}/void"))
    text = person.press(f"{path}/{one}/delete")
    assert ">deleted<" in text
    assert "Nothing of this document is left in the ledger" in text
    assert sydney.control("trial-balance")["total"] == "0.00"


def test_an_attachment_is_offered_for_download(person, sydney, bill):
    metadata = {"AttachableRef": on("Bill", bill), "Note": "as delivered"}
    made = upload(sydney, (metadata, "docket 1.txt", "text/plain", b"x" * 2048))
    [answer] = made.body["AttachableResponse"]
    text = person.see(f"bills/{bill}")
    assert "docket 1.txt" in text
    assert "text/plain, 2 KB" in text
    assert person.see(f"attachments/{answer['Attachable']['Id']}") == "x" * 2048


def test_suppliers_are_added_renamed_merged_and_shown_with_their_documents(
    person, sydney, vendor, bill, credit, expense
):
    text = person.see(f"vendors/{vendor}")
    assert [part in text for part in ("R-7", "C-7", "C-9", "99.00")] == [True] * 4
    text = person.press("vendors/add", name="Tradelink", email="a@example.com", phone="")
    assert said(text) == "Tradelink is added."
    assert "Tradelink" in person.see("vendors?q=trade")
    other = sydney.rows("Vendor", "where DisplayName = 'Tradelink'")[0]["Id"]
    assert "6240" in person.refused(f"vendors/{other}/rename", name="reece & sons")
    person.press(f"vendors/{other}/rename", name="Tradelink 2")
    person.press(f"vendors/{other}/email", email="")
    assert "no other supplier" in person.refused(f"vendors/{other}/merge", into="Nobody")
    text = person.press(f"vendors/{other}/merge", into="Reece & Sons")
    assert said(text) == "Tradelink 2 went into Reece & Sons."
    person.press(f"vendors/{vendor}/deactivate")
    assert "is active again" in said(person.press(f"vendors/{vendor}/activate"))


def test_quickbooks_own_addresses_lead_to_the_pages(person, sydney, vendor, bill, credit, expense):
    for kind, name, identifier, path in (
        ("bill", "txnId", bill, "bills"),
        ("expense", "txnId", expense, "expenses"),
        ("vendorcredit", "txnId", credit, "vendorcredits"),
        ("vendordetail", "nameId", vendor, "vendors"),
    ):
        address = f"/app/{kind}?{name}={identifier}&companyId={sydney.realm}"
        status, location, _text = person.go("GET", address)
        assert (status, location) == (302, f"{person.home}/{path}/{identifier}")
        person.see(location)


def test_a_refund_shows_on_the_customer_and_on_the_payment_it_is_laid_on(person, sydney, customer):
    body = {"PaymentType": "Check", "AccountRef": {"value": sydney.account("1100")}}
    body["EntityRef"] = {"value": customer, "type": "Customer"}
    lines = [spent(sydney, "1200", 55, "4")]
    refund = sydney.post("Purchase", {**body, "DocNumber": "CHQ 8", "Line": lines})["Id"]
    link = {"TxnId": refund, "TxnType": "Check"}
    paid = {"CustomerRef": {"value": customer}, "TotalAmt": 55}
    payment = sydney.post("Payment", {**paid, "Line": [{"Amount": 55, "LinkedTxn": [link]}]})
    assert "CHQ 8" in person.see(f"customers/{customer}").split("Paid back to this customer")[1]
    assert "Refund CHQ 8" in person.see(f"payments/{payment['Id']}")
    assert f"payments/{payment['Id']}" in person.see(f"expenses/{refund}")
