"""Drafts to payloads and answers to records, field by field."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from integrations.contracts import (
    Address,
    CustomerDraft,
    CustomFieldRecord,
    InvoiceDraft,
    ItemDraft,
    Kind,
    LineDraft,
    PaymentDraft,
    RemoteRef,
    SettledInvoice,
)
from integrations.quickbooks.mapping import company
from integrations.quickbooks.mapping.customers import customer_payload, customer_record
from integrations.quickbooks.mapping.invoices import Unbalanced, invoice_payload, invoice_record
from integrations.quickbooks.mapping.items import item_payload, item_record
from integrations.quickbooks.mapping.payments import payment_payload, payment_record

D = Decimal
DAY = date(2026, 11, 23)
LINE = LineDraft("Work", D("100.00"), "7", "10", "41", quantity=D(2), unit_price=D("50.00"))
INVOICE = InvoiceDraft(
    number="INV-1", customer_id="5", issued_on=DAY, due_on=DAY, is_tax_inclusive=False,
    lines=(LINE,), subtotal=D("100.00"), tax=D("10.00"), total=D("110.00"), marker="Ascora INV-1",
)  # fmt: skip
PAYMENT = PaymentDraft("5", DAY, D("110.00"), "35", (SettledInvoice("9", D("110.00")),))


# Customers.


def test_a_new_customer_says_only_what_is_known():
    assert customer_payload(CustomerDraft("Jane", email="j@x.test"), existing=None) == {
        "DisplayName": "Jane",
        "PrimaryEmailAddr": {"Address": "j@x.test"},
    }


def test_a_changed_customer_says_everything_so_that_cleared_is_cleared():
    draft = CustomerDraft("Jane", billing=Address("1 A St\n\nUnit 2", "Perth"), is_active=False)
    payload = customer_payload(draft, existing=RemoteRef(Kind.CUSTOMER, "5", "3"))
    assert (payload["Id"], payload["SyncToken"], payload["sparse"]) == ("5", "3", True)
    assert (payload["Active"], payload["PrimaryPhone"]) == (False, {"FreeFormNumber": ""})
    billing = payload["BillAddr"]
    assert [billing[f"Line{n}"] for n in range(1, 6)] == ["1 A St", "Unit 2", "", "", ""]


def test_no_line_of_a_long_address_is_lost():
    street = "\n".join("abcdefg")
    payload = customer_payload(CustomerDraft("J", site=Address(street)), existing=None)
    assert [payload["ShipAddr"][f"Line{n}"] for n in (1, 4, 5)] == ["a", "d", "e, f, g"]


def test_a_sub_customer_knows_its_parent():
    record = customer_record(
        {
            "Id": "8", "SyncToken": "0", "DisplayName": "Kitchen", "Active": False,
            "Taxable": False,
            "FullyQualifiedName": "Jane:Kitchen", "ParentRef": {"value": "5"},
            "BillAddr": {"Line1": "1 A St", "Line3": "Unit", "City": "Perth", "Country": "AU"},
        }
    )  # fmt: skip
    assert (record.name, record.full_name, record.parent_id) == ("Kitchen", "Jane:Kitchen", "5")
    assert record.billing == Address("1 A St\nUnit", "Perth", country="AU")
    assert (record.is_active, record.is_taxed) == (False, False)


# Items.


def test_an_item_carries_its_income_account():
    draft = ItemDraft("Ascora: 4100", "41")
    created = item_payload(draft, existing=None)
    assert created == {
        "Name": "Ascora - 4100", "Type": "Service", "IncomeAccountRef": {"value": "41"},
    }  # fmt: skip
    changed = item_payload(draft, existing=RemoteRef(Kind.ITEM, "7", "1"))
    assert changed == created | {"Id": "7", "SyncToken": "1", "sparse": True, "Active": True}


@pytest.mark.parametrize(("kind", "is_sellable"), [("Service", True), ("Category", False)])
def test_a_category_cannot_be_sold(kind, is_sellable):
    record = item_record({"Id": "7", "Type": kind, "IncomeAccountRef": {"value": "41"}})
    assert (record.is_sellable, record.income_account_id, record.is_active) == (
        is_sellable,
        "41",
        True,
    )


# Invoices.


def test_an_invoice_says_each_line_once():
    payload = invoice_payload(replace(INVOICE, email="j@x.test", summary="S"), existing=None)
    assert [line["DetailType"] for line in payload["Line"]] == [
        "DescriptionOnly", "SalesItemLineDetail",
    ]  # fmt: skip
    assert payload["Line"][1] == {
        "DetailType": "SalesItemLineDetail", "Description": "Work", "Amount": D("100.00"),
        "SalesItemLineDetail": {
            "ItemRef": {"value": "7"}, "TaxCodeRef": {"value": "10"},
            "Qty": D(2), "UnitPrice": D("50.00"),
        },
    }  # fmt: skip
    assert payload["GlobalTaxCalculation"] == "TaxExcluded"
    assert payload["BillEmail"] == {"Address": "j@x.test"}
    assert "TxnTaxDetail" not in payload
    assert "Id" not in payload


def test_a_tax_inclusive_invoice_sends_net_and_gross():
    line = replace(LINE, amount=D("54.55"), gross=D("60.00"), quantity=None, unit_price=None)
    draft = replace(INVOICE, is_tax_inclusive=True, lines=(line,), subtotal=D("54.55"),
                    tax=D("5.45"), total=D("60.00"), custom_fields={"1": "Radio " * 9})  # fmt: skip
    payload = invoice_payload(draft, existing=RemoteRef(Kind.INVOICE, "9", "2"))
    assert payload["GlobalTaxCalculation"] == "TaxInclusive"
    assert payload["Line"][0]["Amount"] == D("54.55")
    detail = payload["Line"][0]["SalesItemLineDetail"]
    assert (detail["TaxInclusiveAmt"], "Qty" in detail) == (D("60.00"), False)
    [field] = payload["CustomField"]
    assert (field["DefinitionId"], len(field["StringValue"])) == ("1", 31)
    assert (payload["Id"], payload["SyncToken"]) == ("9", "2")


def test_an_american_invoice_names_no_global_calculation():
    payload = invoice_payload(
        replace(INVOICE, lines=(replace(LINE, tax_code_id="TAX"),)), existing=None
    )
    assert "GlobalTaxCalculation" not in payload


@pytest.mark.parametrize(
    "wrong",
    [
        {"subtotal": D("99.99"), "total": D("109.99")},
        {"total": D("110.01")},
        {"number": "X" * 22},
        {"number": ""},
        {"lines": (replace(LINE, item_id=""),)},
        {"lines": (replace(LINE, tax_code_id=""),)},
    ],
)
def test_an_invoice_that_does_not_add_up_or_has_no_place_is_not_sent(wrong):
    with pytest.raises(Unbalanced):
        invoice_payload(replace(INVOICE, **wrong), existing=None)


def an_invoice(**values):
    lines = [
        {"DetailType": "SalesItemLineDetail", "Description": "W", "Amount": D("100.00"),
         "SalesItemLineDetail": {"ItemRef": {"value": "7"}, "ItemAccountRef": {"value": "41"}}},
        {"DetailType": "SubTotalLineDetail", "Amount": D("100.00")},
    ]  # fmt: skip
    return invoice_record({"Id": "9", "TotalAmt": D("110.00"), "Line": lines} | values)


def test_an_answer_says_where_each_line_was_posted_and_what_paid_it():
    links = [{"TxnType": "Payment", "TxnId": "3"}, {"TxnType": "Estimate", "TxnId": "4"}]
    record = an_invoice(LinkedTxn=links, TxnTaxDetail={"TotalTax": D("10.00")}, Balance=D(0))
    [line] = record.lines
    assert (line.item_id, line.income_account_id, line.amount) == ("7", "41", D("100.00"))
    assert (record.payment_ids, record.tax, record.balance) == (("3",), D("10.00"), 0)


@pytest.mark.parametrize(
    ("total", "note", "is_void"),
    [(0, "Voided - x", True), (0, "Voiding machine", False), (5, "Voided", False), (0, "", False)],
)  # fmt: skip
def test_a_void_is_worth_nothing_and_says_so(total, note, is_void):
    assert an_invoice(TotalAmt=D(total), PrivateNote=note).is_void is is_void


# Payments.


def test_a_payment_names_its_invoices_account_and_method():
    draft = replace(PAYMENT, method_id="2", reference="R" * 30, marker="Ascora payment 1")
    payload = payment_payload(draft, existing=None)
    assert payload["Line"] == [
        {"Amount": D("110.00"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]}
    ]
    assert payload["DepositToAccountRef"] == {"value": "35"}
    assert (payload["PaymentMethodRef"], payload["PaymentRefNum"]) == ({"value": "2"}, "R" * 21)
    changed = payment_payload(PAYMENT, existing=RemoteRef(Kind.PAYMENT, "3", "1"))
    assert (changed["Id"], "PaymentMethodRef" in changed) == ("3", False)


@pytest.mark.parametrize("wrong", [{"total": D("109.99")}, {"deposit_account_id": ""}])
def test_a_payment_that_settles_too_much_or_goes_nowhere_is_not_sent(wrong):
    with pytest.raises(Unbalanced):
        payment_payload(replace(PAYMENT, **wrong), existing=None)


def test_parts_of_one_invoice_are_added_up_and_credits_kept_apart():
    def line(amount, kind, identifier):
        return {"Amount": D(amount), "LinkedTxn": [{"TxnType": kind, "TxnId": identifier}]}

    record = payment_record(
        {
            "Id": "3", "TotalAmt": D("50.00"), "UnappliedAmt": D("5.00"), "PrivateNote": "Voided?",
            "Line": [
                line(30, "Invoice", "9"), line(20, "Invoice", "9"), line(5, "CreditMemo", "8"),
            ],
            "LinkedTxn": [{"TxnType": "Deposit", "TxnId": "1"}],
        }
    )  # fmt: skip
    assert record.settles == (SettledInvoice("9", D(50)),)
    assert (record.credits, record.unapplied) == (5, D("5.00"))
    assert (record.is_deposited, record.is_void) == (True, False)


def test_a_voided_payment_is_void():
    assert payment_record({"Id": "3", "TotalAmt": 0, "PrivateNote": "Voided"}).is_void


# The company and its chart.


def test_a_company_says_what_matters():
    info = {
        "CompanyName": "Spark", "Country": "AUS",
        "NameValue": [{"Name": "x", "Value": "y"}, {"Name": "SubscriptionStatus", "Value": "PAID"}],
    }  # fmt: skip
    preferences = {
        "AccountingInfoPrefs": {"BookCloseDate": "2026-06-30"},
        "CurrencyPrefs": {"HomeCurrency": {"value": "AUD"}, "MultiCurrencyEnabled": True},
        "SalesFormsPrefs": {"CustomTxnNumbers": True, "AutoApplyCredit": False},
    }
    record = company.company_record("123456", info, preferences)
    assert (record.country, record.home_currency, record.subscription) == ("AU", "AUD", "PAID")
    assert record.books_closed_until == date(2026, 6, 30)
    assert (record.uses_own_numbers, record.is_multicurrency) == (True, True)
    bare = company.company_record("123456", {"Country": "Fiji"}, {})
    assert (bare.country, bare.books_closed_until, bare.uses_own_numbers) == ("Fiji", None, False)
    assert bare.subscription == ""


def test_only_custom_fields_that_are_on_and_named_are_offered():
    def on(number, is_on):
        return {"Name": f"SalesFormsPrefs.UseSalesCustom{number}", "BooleanValue": is_on}

    def name(number, text):
        return {"Name": f"SalesFormsPrefs.SalesCustomName{number}", "StringValue": text}

    fields = [on(1, True), on(2, False), on(3, True), name(1, "Lead"), name(2, "Crew"), name(3, "")]
    groups = [{"CustomField": fields[:3]}, {"CustomField": [*fields[3:], {"Name": "other"}]}]
    found = company.custom_field_records({"SalesFormsPrefs": {"CustomField": groups}})
    assert found == (CustomFieldRecord("1", "Lead"),)


@pytest.mark.parametrize(
    ("kind", "sub", "ours"),
    [
        ("Bank", "Checking", "bank"), ("Other Current Asset", "UndepositedFunds", "undeposited"),
        ("Income", "SalesOfProductIncome", "income"), ("Something New", "", "other_asset"),
    ],
)  # fmt: skip
def test_an_account_is_of_a_kind_that_every_package_has(kind, sub, ours):
    record = company.account_record(
        {"Id": "1", "Name": "N", "AccountType": kind, "AccountSubType": sub}
    )
    assert (record.kind, record.full_name, record.is_active) == (ours, "N", True)


def test_an_account_that_was_made_inactive_keeps_the_name_it_had():
    name = "Labour Income (deleted)"
    source = {"Id": "1", "Name": name, "FullyQualifiedName": f"Income:{name}", "Active": False}
    record = company.account_record(source)
    assert (record.name, record.full_name) == ("Labour Income", "Income:Labour Income")
    assert company.account_record({**source, "Active": True}).name == name


def test_a_card_is_a_card():
    record = company.payment_method_record({"Id": "1", "Name": "Visa", "Type": "CREDIT_CARD"})
    assert record.is_card


RATES = [{"Id": "1", "RateValue": 7}, {"Id": "2", "RateValue": D("3.5")}]


def a_code(identifier, *sale_rates):
    details = [{"TaxRateRef": {"value": each}} for each in sale_rates]
    return {"Id": identifier, "Name": identifier, "SalesTaxRateList": {"TaxRateDetail": details}}


def test_rates_of_one_code_are_added_and_an_unknown_one_is_not_nought():
    codes = [a_code("10", "1", "2"), a_code("11"), a_code("12", "1", "99"), a_code("TAX", "1")]
    records = company.tax_code_records(codes, RATES, {}, is_us=False)
    assert [(each.id, each.sales_percent) for each in records] == [
        ("10", D("10.5")), ("11", None), ("12", None),
    ]  # fmt: skip


def test_america_offers_each_rate_of_sales_that_charges_and_none_of_purchases():
    codes = [a_code("TAX"), a_code("NON"), a_code("2", "1"), a_code("3", "1", "2"), a_code("4")]
    nothing = {"Id": "9", "RateValue": D(0)}
    records = company.tax_code_records(
        [*codes, a_code("5", "9")], [*RATES, nothing], {}, is_us=True
    )
    assert [(each.id, each.sales_percent, each.purchase_percent) for each in records] == [
        ("TAX:2", 7, None), ("TAX:3", D("10.5"), None), ("NON", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("group", "percent"), [("10", 7), ("11", 0), ("", 0)])
def test_automated_tax_of_america_has_two_codes_and_the_rate_of_its_group(group, percent):
    prefs = {"PartnerTaxEnabled": True, "TaxGroupCodeRef": {"value": group}}
    taxable, free = company.tax_code_records(
        [a_code("10", "1"), a_code("11")], RATES, {"TaxPrefs": prefs}, is_us=True
    )
    assert (taxable.id, taxable.sales_percent) == ("TAX", percent)
    assert (taxable.is_worked_out_there, free.is_worked_out_there) == (True, False)
    assert (free.id, free.sales_percent) == ("NON", 0)


def test_an_american_document_names_its_rate_and_its_lines_only_that_they_are_taxed():
    lines = (replace(LINE, tax_code_id="TAX:2"),)
    payload = invoice_payload(replace(INVOICE, lines=lines), existing=None)
    assert payload["TxnTaxDetail"] == {"TxnTaxCodeRef": {"value": "2"}}
    assert "GlobalTaxCalculation" not in payload
    details = [row.get("SalesItemLineDetail") for row in payload["Line"]]
    assert [each["TaxCodeRef"] for each in details if each] == [{"value": "TAX"}]


def test_two_rates_on_one_american_document_are_not_sent():
    half = replace(LINE, tax_code_id="TAX:2", amount=LINE.amount / 2, quantity=None)
    lines = (half, replace(half, tax_code_id="TAX:3"))
    with pytest.raises(Unbalanced, match="one rate of tax"):
        invoice_payload(replace(INVOICE, lines=lines), existing=None)
