"""Invoices and payments: tax, postings, balances, versions, refusals."""

from decimal import Decimal

import pytest


def line(item, amount, code="10", **detail):
    inner = {"ItemRef": {"value": item}, **detail}
    if code:
        inner["TaxCodeRef"] = {"value": code}
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": inner}


@pytest.fixture
def customer(sydney):
    return sydney.post("Customer", {"DisplayName": "Nguyen, Mei"})["Id"]


@pytest.fixture
def labour(sydney):
    return sydney.item("Labour", "4100")


@pytest.fixture
def invoice(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "INV-1", "TxnDate": "2026-03-02"}
    return sydney.post("Invoice", {**body, "Line": [line(labour, 100, Qty=4, UnitPrice=25)]})


def assert_balanced(company):
    assert company.control("trial-balance")["total"] == "0.00"


def test_an_invoice_debits_receivables_and_credits_income_and_gst(sydney, invoice):
    assert invoice["TotalAmt"] == Decimal("110.00")
    assert sydney.balance("1200") == "110.00"
    assert sydney.balance("4100") == "-100.00"
    assert sydney.balance("2200") == "-10.00"
    rows = sydney.control("journal?after=0")
    assert [(row["number"], row["amount"]) for row in rows] == [
        ("1200", "110.00"),
        ("4100", "-100.00"),
        ("2200", "-10.00"),
    ]
    assert_balanced(sydney)


def test_tax_is_rounded_half_up_on_the_sum_of_a_code_and_not_per_line(sydney, customer, labour):
    lines = [line(labour, "0.05"), line(labour, "0.10"), line(labour, "0.10")]
    lines += [line(labour, "3.33", "8")]
    body = {"CustomerRef": {"value": customer}, "Line": lines}
    made = sydney.post("Invoice", body)
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("0.03")
    assert made["TotalAmt"] == Decimal("3.61")
    assert [each["Amount"] for each in made["TxnTaxDetail"]["TaxLine"]] == [Decimal("0.03"), 0]


def test_a_tax_inclusive_invoice_totals_what_its_lines_say(sydney, customer, labour):
    lines = [line(labour, "4.55", TaxInclusiveAmt="5.00") for _each in range(7)]
    body = {"CustomerRef": {"value": customer}, "GlobalTaxCalculation": "TaxInclusive"}
    made = sydney.post("Invoice", {**body, "Line": lines})
    assert made["TotalAmt"] == Decimal("35.00")
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("3.18")
    assert sydney.balance("4100") == "-31.82"
    assert_balanced(sydney)


def test_money_has_two_decimals_zero_is_bare_and_prices_are_not_padded(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}}
    body["Line"] = [line(labour, 337.5, Qty=4.5, UnitPrice=75)]
    text = sydney.call("POST", "invoice", body).text
    assert '"Amount":337.50' in text
    assert '"UnitPrice":75,"Qty":4.5' in text
    made = sydney.read("Invoice", "1")
    sydney.bookkeeper("receive_payment", invoice_ids=[made["Id"]])
    assert '"Balance":0}' in sydney.call("GET", "invoice/1").text


def test_a_line_without_tax_code_is_refused_and_nothing_is_posted(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "Line": [line(labour, 5, code="")]}
    assert sydney.call("POST", "invoice", body).codes == ["6000"]
    assert sydney.control("journal?after=0") == []
    assert sydney.control("documents?kind=Invoice") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Line": [line("1", 10, Qty=2, UnitPrice=6)]}, "6070"),
        ({"DocNumber": "X" * 22}, "2050"),
        ({"Line": []}, "2020"),
        ({"CustomerRef": {"value": "999"}}, "2500"),
        ({"Line": [line("999", 10)]}, "2500"),
        ({"Line": [line("1", 10, code="999")]}, "2500"),
        ({"TxnDate": "31/12/2026"}, "2060"),
        ({"Surprise": 1}, "2010"),
        ({"Line": [{**line("1", 10), "Surprise": 1}]}, "2010"),
        ({"EmailStatus": "Perhaps"}, "2170"),
        ({"BillEmail": {"Address": "nobody"}}, "2210"),
        ({"CustomField": [{"DefinitionId": "3", "StringValue": "x"}]}, "3000"),
    ],
)
def test_what_quickbooks_refuses_is_refused(sydney, customer, change, code):
    body = {"CustomerRef": {"value": customer}, "Line": [line("1", 10)], **change}
    answer = sydney.call("POST", "invoice", body)
    assert (answer.status, answer.codes) == (400, [code])
    assert sydney.control("journal?after=0") == []


def test_errors_of_form_come_together(sydney):
    answer = sydney.call("POST", "invoice", {"DocNumber": "X" * 45})
    assert answer.codes == ["2050", "2020", "2020"]
    detail = answer.body["Fault"]["Error"][0]["Detail"]
    assert detail.endswith("Min:0 Max:21 supported. Supplied length:45")


def test_a_sparse_update_without_lines_keeps_them_and_moves_the_version(sydney, invoice):
    key = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    changed = sydney.post("Invoice", {**key, "PrivateNote": "call first"})
    assert changed["SyncToken"] == "1"
    assert changed["Line"] == invoice["Line"]
    assert changed["TotalAmt"] == invoice["TotalAmt"]
    assert changed["sparse"] is False


def test_a_write_that_changes_nothing_does_not_move_the_version(sydney, invoice):
    key = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    again = sydney.post("Invoice", {**key, "DocNumber": "INV-1"})
    assert again == invoice


def test_a_stale_version_is_refused(sydney, invoice):
    key = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    sydney.post("Invoice", {**key, "PrivateNote": "one"})
    answer = sydney.call("POST", "invoice", {**key, "PrivateNote": "two"})
    assert answer.codes == ["5010"]
    assert sydney.read("Invoice", invoice["Id"])["PrivateNote"] == "one"


def test_a_whole_update_clears_what_is_not_sent_and_keeps_the_number(sydney, invoice, customer):
    key = {"Id": invoice["Id"], "SyncToken": "0"}
    noted = sydney.post("Invoice", {**key, "sparse": True, "PrivateNote": "x"})
    body = {**key, "SyncToken": noted["SyncToken"], "CustomerRef": {"value": customer}}
    whole = sydney.post("Invoice", {**body, "Line": [line("1", 7)]})
    assert "PrivateNote" not in whole
    assert whole["DocNumber"] == "INV-1"
    assert whole["TxnDate"] != "2026-03-02"
    assert whole["Line"][0]["Id"] == "2"


def test_changing_a_line_replaces_the_postings_and_keeps_their_history(sydney, invoice, labour):
    key = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    sydney.post("Invoice", {**key, "Line": [line(labour, 40)]})
    assert sydney.balance("4100") == "-40.00"
    history = sydney.control("journal?after=0&history=1")
    assert [row["superseded"] for row in history] == [True] * 3 + [False] * 3
    assert_balanced(sydney)


def test_a_payment_moves_balance_links_and_version_of_its_invoice(sydney, invoice, customer):
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 60}
    paid = sydney.post("Payment", {**body, "Line": [{"Amount": 50, "LinkedTxn": [link]}]})
    assert paid["UnappliedAmt"] == Decimal("10.00")
    after = sydney.read("Invoice", invoice["Id"])
    assert after["Balance"] == Decimal("60.00")
    assert after["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "Payment"}]
    assert after["SyncToken"] == "1"
    assert sydney.read("Customer", customer)["Balance"] == Decimal("50.00")
    assert sydney.balance("1190") == "60.00"


def test_a_payment_cannot_be_laid_on_more_than_is_open_or_on_another_customer(
    sydney, invoice, customer
):
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 500}
    over = {**body, "Line": [{"Amount": "110.01", "LinkedTxn": [link]}]}
    assert sydney.call("POST", "payment", over).codes == ["6000"]
    other = sydney.post("Customer", {"DisplayName": "Somebody else"})["Id"]
    wrong = {**body, "CustomerRef": {"value": other}}
    wrong["Line"] = [{"Amount": 1, "LinkedTxn": [link]}]
    assert sydney.call("POST", "payment", wrong).codes == ["620"]
    assert sydney.balance("1200") == "110.00"


def test_deleting_a_payment_opens_the_invoice_again(sydney, invoice):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]], account_number="1100")
    assert sydney.balance("1100") == "110.00"
    body = {"Id": paid["Id"], "SyncToken": paid["SyncToken"]}
    gone = sydney.post("Payment", body, operation="delete")
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": paid["Id"]}
    assert sydney.call("GET", f"payment/{paid['Id']}").codes == ["610"]
    after = sydney.read("Invoice", invoice["Id"])
    assert (after["Balance"], after["LinkedTxn"]) == (Decimal("110.00"), [])
    assert sydney.balance("1100") == "0.00"
    assert_balanced(sydney)


def test_voiding_an_invoice_leaves_it_empty_with_its_number(sydney, invoice, customer):
    body = {"Id": invoice["Id"], "SyncToken": "0"}
    voided = sydney.post("Invoice", body, operation="void")
    assert (voided["TotalAmt"], voided["Balance"], voided["SyncToken"]) == (0, 0, "1")
    assert (voided["PrivateNote"], voided["DocNumber"]) == ("Voided", "INV-1")
    assert voided["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert sydney.balance("1200") == "0.00"
    assert sydney.read("Customer", customer)["Balance"] == 0
    assert sydney.control("documents?kind=Invoice")[0]["simulator_status"] == "voided"


def test_a_paid_invoice_is_neither_voided_nor_deleted_through_the_api(sydney, invoice):
    sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]])
    body = {"Id": invoice["Id"], "SyncToken": "1"}
    assert sydney.call("POST", "invoice", body, operation="void").codes == ["6450"]
    assert sydney.call("POST", "invoice", body, operation="delete").codes == ["6400"]
    assert sydney.balance("4100") == "-100.00"


def test_a_payment_is_voided_by_update_with_include(sydney, invoice):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]])
    body = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    voided = sydney.post("Payment", body, operation="update", include="void")
    assert (voided["TotalAmt"], voided["UnappliedAmt"], voided["Line"]) == (0, 0, [])
    assert sydney.read("Invoice", invoice["Id"])["Balance"] == Decimal("110.00")
    assert sydney.balance("1190") == "0.00"


def test_an_invoice_lowered_below_what_was_paid_frees_the_rest(sydney, invoice, labour):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice["Id"]])
    key = {"Id": invoice["Id"], "SyncToken": "1", "sparse": True}
    lowered = sydney.post("Invoice", {**key, "Line": [line(labour, 50)]})
    assert (lowered["TotalAmt"], lowered["Balance"]) == (Decimal("55.00"), 0)
    assert sydney.read("Payment", paid["Id"])["UnappliedAmt"] == Decimal("55.00")
    assert_balanced(sydney)


def test_the_account_of_a_line_is_a_snapshot_of_its_posting(sydney, invoice, labour):
    sydney.bookkeeper("edit_item", id=labour, account_number="4200")
    key = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    noted = sydney.post("Invoice", {**key, "PrivateNote": "later"})
    detail = noted["Line"][0]["SalesItemLineDetail"]
    assert detail["ItemAccountRef"]["name"] == "Labour Income"
    assert sydney.balance("4200") == "0.00"


def test_american_lines_know_tax_and_non_only(oakland):
    customer = oakland.post("Customer", {"DisplayName": "Cool Cars"})["Id"]
    body = {"CustomerRef": {"value": customer}}
    body["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": "2"}}
    wrong = {**body, "Line": [line("1", 10, "2")]}
    assert oakland.call("POST", "invoice", wrong).codes == ["6100"]
    lines = [line("1", "335.25", "TAX"), line("1", 10, "NON"), line("1", 5, "")]
    made = oakland.post("Invoice", {**body, "Line": lines})
    assert made["TxnTaxDetail"]["TotalTax"] == Decimal("26.82")
    assert made["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "2"}
    assert made["TotalAmt"] == Decimal("377.07")
    assert made["DocNumber"] == "1001"
    assert oakland.balance("2200") == "-26.82"
    assert_balanced(oakland)


def test_a_discount_follows_the_subtotal_and_posts_to_its_account(sydney, customer, labour):
    off = {"DetailType": "DiscountLineDetail"}
    off["DiscountLineDetail"] = {"PercentBased": True, "DiscountPercent": 5}
    body = {"CustomerRef": {"value": customer}, "Line": [line(labour, 1005, "8"), off]}
    made = sydney.post("Invoice", body)
    assert made["TotalAmt"] == Decimal("954.75")
    assert [each["DetailType"] for each in made["Line"]] == [
        "SalesItemLineDetail",
        "SubTotalLineDetail",
        "DiscountLineDetail",
    ]
    assert sydney.balance("4800") == "50.25"
    assert_balanced(sydney)


def test_closed_books_refuse_every_change_of_an_old_date(sydney, invoice, customer):
    sydney.bookkeeper("close_books", date="2026-06-30")
    key = {"Id": invoice["Id"], "SyncToken": "0"}
    for parameters in ({"operation": "void"}, {"operation": "delete"}):
        assert sydney.call("POST", "invoice", key, **parameters).codes == ["6210"]
    moved = {**key, "sparse": True, "TxnDate": "2026-07-01"}
    assert sydney.call("POST", "invoice", moved).codes == ["6210"]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 5, "TxnDate": "2026-06-30"}
    assert sydney.call("POST", "payment", body).codes == ["6210"]
    preferences = sydney.call("GET", "preferences").body["Preferences"]
    assert preferences["AccountingInfoPrefs"]["BookCloseDate"] == "2026-06-30"
    assert sydney.post("Payment", {**body, "TxnDate": "2026-07-01"})["TxnDate"] == "2026-07-01"


def test_an_expired_subscription_reads_but_does_not_write(sydney, customer):
    sydney.bookkeeper("set_subscription", status="EXPIRED")
    assert sydney.call("POST", "customer", {"DisplayName": "Late"}).codes == ["6190"]
    assert sydney.read("Customer", customer)["DisplayName"] == "Nguyen, Mei"


def test_numbers_are_left_to_quickbooks_where_the_company_says_so(sydney, customer, labour):
    body = {"CustomerRef": {"value": customer}, "Line": [line(labour, 1)]}
    assert "DocNumber" not in sydney.post("Invoice", body)
    sydney.bookkeeper("number_documents", own_transaction_numbers=False)
    assert sydney.post("Invoice", {**body, "DocNumber": "MINE"})["DocNumber"] == "1001"


def test_a_sent_invoice_says_so(sydney, customer, invoice):
    assert sydney.call("POST", f"invoice/{invoice['Id']}/send").codes == ["6420"]
    answer = sydney.call("POST", f"invoice/{invoice['Id']}/send", sendTo="mei@example.com")
    sent = answer.body["Invoice"]
    assert (sent["EmailStatus"], sent["SyncToken"]) == ("EmailSent", "1")
    assert sent["BillEmail"] == {"Address": "mei@example.com"}
