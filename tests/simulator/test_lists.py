"""What a bookkeeper changes in the company's lists, and what connected apps hear of it."""

import pytest

from tests.simulator.test_documents import line


@pytest.fixture
def labour(sydney):
    return sydney.item("Labour", "4100")


@pytest.fixture
def body(sydney, labour):
    customer = sydney.post("Customer", {"DisplayName": "Mei"})["Id"]
    return {"CustomerRef": {"value": customer}, "Line": [line(labour, 100)]}


def changed_accounts(company, moment):
    answer = company.call("GET", "cdc", entities="Account", changedSince=moment)
    return answer.body["CDCResponse"][0]["QueryResponse"][0].get("Account", [])


def test_a_renamed_account_is_told_by_change_data(sydney):
    made = sydney.bookkeeper("edit_account", account_number="4100", name="Labour", number="4101")
    assert (made["Name"], made["AcctNum"], made["SyncToken"]) == ("Labour", "4101", "1")
    moment = made["MetaData"]["LastUpdatedTime"]
    assert "Labour" in [each["Name"] for each in changed_accounts(sydney, moment)]


def test_an_account_takes_another_type_with_its_usual_subtype(sydney):
    made = sydney.bookkeeper("edit_account", account_number="6500", type="Cost of Goods Sold")
    assert (made["AccountType"], made["Classification"]) == ("Cost of Goods Sold", "Expense")
    assert made["AccountSubType"] == "SuppliesMaterialsCogs"


def test_an_inactive_account_is_not_posted_to_by_hand_and_comes_back(sydney):
    gone = sydney.bookkeeper("deactivate_account", account_number="6500")
    assert (gone["Active"], gone["Name"]) == (False, "Office Expenses (deleted)")
    sides = [("Debit", gone["Id"]), ("Credit", sydney.account("1100"))]
    lines = [
        {
            "Amount": 1,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in sides
    ]
    assert sydney.call("POST", "journalentry", {"Line": lines}).codes == ["610"]
    assert sydney.control("journal?after=0") == []
    back = sydney.bookkeeper("activate_account", id=gone["Id"])
    assert (back["Active"], back["Name"]) == (True, "Office Expenses")


@pytest.mark.parametrize("number", ["1200", "1190", "2100", "2200"])
def test_accounts_that_quickbooks_needs_itself_stay(sydney, number):
    with pytest.raises(AssertionError, match="QuickBooks needs this account itself"):
        sydney.bookkeeper("deactivate_account", account_number=number)


def test_ways_of_paying_come_and_go(sydney):
    made = sydney.bookkeeper("add_payment_method", name="Diners", card=True)
    assert made["Type"] == "CREDIT_CARD"
    sydney.bookkeeper("edit_payment_method", id=made["Id"], active=False)
    assert "Diners" not in [each["Name"] for each in sydney.rows("PaymentMethod")]
    customer = sydney.post("Customer", {"DisplayName": "Mei"})["Id"]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 5}
    answer = sydney.call("POST", "payment", {**body, "PaymentMethodRef": {"value": made["Id"]}})
    assert answer.codes == ["610"]


def field(value, number="1"):
    return {"CustomField": [{"DefinitionId": number, "StringValue": value}]}


def switches(company):
    forms = company.call("GET", "preferences").body["Preferences"]["SalesFormsPrefs"]
    groups = [
        {each["Name"]: each for each in group["CustomField"]} for group in forms["CustomField"]
    ]
    on = [groups[0][f"SalesFormsPrefs.UseSalesCustom{n}"]["BooleanValue"] for n in (1, 2, 3)]
    names = [each["StringValue"] for each in groups[1].values()] if len(groups) > 1 else []
    return on, names


def test_custom_fields_are_told_in_two_groups(sydney):
    assert switches(sydney) == ([True, False, False], ["Lead Source"])
    sydney.bookkeeper("name_custom_field", number="2", name="Crew")
    assert switches(sydney) == ([True, True, False], ["Lead Source", "Crew"])
    sydney.bookkeeper("switch_custom_field", number="1", on=False)
    assert switches(sydney) == ([False, True, False], ["Lead Source", "Crew"])
    sydney.bookkeeper("name_custom_field", number="1", name="")
    sydney.bookkeeper("name_custom_field", number="2", name="")
    assert switches(sydney) == ([False, False, False], [])


def test_a_value_of_more_than_thirty_one_characters_is_refused(sydney, body):
    assert sydney.call("POST", "invoice", {**body, **field("x" * 32)}).codes == ["2050"]
    made = sydney.post("Invoice", {**body, **field("x" * 31)})
    assert made["CustomField"][0]["StringValue"] == "x" * 31


def test_a_field_that_was_switched_off_is_refused_and_falls_off_old_invoices(sydney, body):
    made = sydney.post("Invoice", {**body, **field("Web")})
    sydney.bookkeeper("switch_custom_field", number="1", on=False)
    assert sydney.call("POST", "invoice", {**body, **field("Web")}).codes == ["3000"]
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    assert sydney.post("Invoice", {**key, "PrivateNote": "x"})["CustomField"] == []
    sydney.bookkeeper("switch_custom_field", number="1", on=True)
    again = sydney.post("Invoice", {**body, **field("Radio")})
    assert again["CustomField"][0]["StringValue"] == "Radio"


@pytest.mark.parametrize("kind", ["Invoice", "CreditMemo", "SalesReceipt"])
def test_a_sales_form_is_printed_and_sent(sydney, body, kind):
    made = sydney.post(kind, {**body, "DocNumber": "N (1)"})
    path = f"{kind.lower()}/{made['Id']}"
    printed = sydney.call("GET", f"{path}/pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.text.startswith("%PDF-1.4")
    assert "N \\(1\\)" in printed.text
    assert "110.00" in printed.text
    sent = sydney.call("POST", f"{path}/send", sendTo="mei@example.com").body[kind]
    assert sent["EmailStatus"] == "EmailSent"
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    assert sent["BillEmail"] == {"Address": "mei@example.com"}
    assert sent["SyncToken"] == "1"


def test_a_form_is_sent_to_an_address_only(sydney, body):
    made = sydney.post("Invoice", body)
    path = f"invoice/{made['Id']}"
    assert sydney.call("POST", f"{path}/send").codes == ["6420"]
    assert sydney.call("POST", f"{path}/send", sendTo="mei").codes == ["2210"]
    assert sydney.read("Invoice", made["Id"]) == made


def test_a_printed_form_keeps_letters_that_are_not_plain(sydney, body):
    named = {"DisplayName": "Zoë “Søn”"}
    other = {"CustomerRef": {"value": sydney.post("Customer", named)["Id"]}}
    made = sydney.post("Invoice", {**body, **other})
    printed = sydney.call("GET", f"invoice/{made['Id']}/pdf").raw
    assert b"/WinAnsiEncoding" in printed
    assert "Zoë “Søn”".encode("cp1252") in printed
    start = int(printed.split(b"startxref\n")[1].split(b"\n")[0])
    assert printed[start:].startswith(b"xref")


def test_an_american_group_of_rates_taxes_the_document_once(oakland):
    customer = {"CustomerRef": {"value": oakland.post("Customer", {"DisplayName": "Al"})["Id"]}}
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "3"}}}
    lines = [line("1", "99.99", "TAX"), line("1", "0.01", "TAX"), line("1", 50, "NON")]
    made = oakland.post("Invoice", {**customer, **tax, "Line": lines})
    rates = [
        (each["Amount"], each["TaxLineDetail"]["TaxPercent"])
        for each in made["TxnTaxDetail"]["TaxLine"]
    ]
    assert [(str(amount), str(percent)) for amount, percent in rates] == [
        ("2.00", "2"),
        ("7.10", "7.1"),
    ]
    assert str(made["TotalAmt"]) == "159.10"
    credit = oakland.post("CreditMemo", {**customer, **tax, "Line": [line("1", 10, "TAX")]})
    assert str(credit["TotalAmt"]) == "10.91"
    assert oakland.balance("2200") == "-8.19"
    assert oakland.balance("1200") == "148.19"
    assert oakland.control("trial-balance")["total"] == "0.00"


def test_an_american_line_without_a_code_takes_its_items_and_without_a_rate_no_tax(oakland):
    customer = {"CustomerRef": {"value": oakland.post("Customer", {"DisplayName": "Al"})["Id"]}}
    income = {"IncomeAccountRef": {"value": oakland.account("4200")}}
    item = {"Name": "Pump", "Type": "Service", "Taxable": True, **income}
    pump = oakland.post("Item", item)["Id"]
    body = {**customer, "Line": [line(pump, 100, "")]}
    plain = oakland.post("Invoice", body)
    assert plain["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "TAX"}
    assert plain["TxnTaxDetail"] == {"TotalTax": 0}
    wrong = {**body, "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "99"}}}
    assert oakland.call("POST", "invoice", wrong).codes == ["2500"]
    taxed = {**body, "TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}}}
    assert str(oakland.post("Invoice", taxed)["TotalAmt"]) == "108.00"
