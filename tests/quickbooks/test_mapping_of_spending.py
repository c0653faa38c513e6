"""Bills, supplier credits and purchases: drafts to payloads and answers to records."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.contracts import (
    BillDraft,
    Kind,
    PurchaseDraft,
    RemoteRef,
    SpendingLineDraft,
    SpentLine,
    SupplierCreditDraft,
)
from integrations.quickbooks.mapping.invoices import Unbalanced
from integrations.quickbooks.mapping.spending import (
    bill_payload,
    purchase_payload,
    spending_record,
    supplier_credit_payload,
)

D = Decimal
DAY, DUE = date(2026, 11, 23), date(2026, 12, 23)
LINE = SpendingLineDraft("Copper pipe", D("80.00"), "51", tax_code_id="12")
SHARED = {
    "number": "S-77", "dated_on": DAY, "is_tax_inclusive": False, "lines": (LINE,),
    "subtotal": D("80.00"), "tax": D("8.00"), "total": D("88.00"), "marker": "Ascora bill 3",
}  # fmt: skip
BILL = BillDraft(supplier_id="31", due_on=DUE, **SHARED)
CREDIT = SupplierCreditDraft(supplier_id="31", **SHARED)
PURCHASE = PurchaseDraft(payee_id="31", paid_from_id="35", is_card=False, **SHARED)
SENT_LINE = {
    "DetailType": "AccountBasedExpenseLineDetail",
    "Description": "Copper pipe",
    "Amount": D("80.00"),
    "AccountBasedExpenseLineDetail": {
        "AccountRef": {"value": "51"},
        "TaxCodeRef": {"value": "12"},
        "BillableStatus": "NotBillable",
    },
}
SENT = {
    "TxnDate": DAY, "DocNumber": "S-77", "PrivateNote": "Ascora bill 3", "Line": [SENT_LINE],
    "GlobalTaxCalculation": "TaxExcluded",
}  # fmt: skip


def test_a_bill_names_its_supplier_its_day_and_when_it_is_due():
    assert bill_payload(BILL, existing=None) == SENT | {
        "VendorRef": {"value": "31"},
        "DueDate": DUE,
    }


def test_a_changed_bill_says_which_and_what_it_was():
    payload = bill_payload(BILL, existing=RemoteRef(Kind.BILL, "126", "5"))
    new = bill_payload(BILL, existing=None)
    assert payload == new | {"Id": "126", "SyncToken": "5", "sparse": True}


def test_a_supplier_credit_is_positive_there_too_and_never_due():
    payload = supplier_credit_payload(CREDIT, existing=None)
    assert payload == SENT | {"VendorRef": {"value": "31"}}


@pytest.mark.parametrize(("is_card", "paid_by"), [(True, "CreditCard"), (False, "Cash")])
def test_a_purchase_says_which_account_paid_whom_and_whether_it_is_a_card(is_card, paid_by):
    payload = purchase_payload(replace(PURCHASE, is_card=is_card), existing=None)
    assert payload == SENT | {
        "PaymentType": paid_by,
        "AccountRef": {"value": "35"},
        "EntityRef": {"value": "31", "type": "Vendor"},
    }


def test_a_purchase_from_nobody_in_particular_names_nobody():
    assert "EntityRef" not in purchase_payload(replace(PURCHASE, payee_id=""), existing=None)


def test_credit_paid_out_goes_to_the_customer_at_receivables_without_tax():
    line = SpendingLineDraft("Credit paid out", D("80.00"), "84", customer_id="5")
    refund = replace(
        PURCHASE, payee_id="5", payee_kind=Kind.CUSTOMER, lines=(line,), tax=D(0), total=D("80.00")
    )
    payload = purchase_payload(refund, existing=None)
    assert payload["EntityRef"] == {"value": "5", "type": "Customer"}
    assert payload["Line"][0]["AccountBasedExpenseLineDetail"] == {
        "AccountRef": {"value": "84"},
        "CustomerRef": {"value": "5"},
        "BillableStatus": "NotBillable",
    }
    assert "GlobalTaxCalculation" not in payload


def test_a_tax_inclusive_bill_sends_net_and_gross():
    line = replace(LINE, amount=D("54.55"), gross=D("60.00"))
    bill = replace(
        BILL, is_tax_inclusive=True, lines=(line,),
        subtotal=D("54.55"), tax=D("5.45"), total=D("60.00"),
    )  # fmt: skip
    payload = bill_payload(bill, existing=None)
    assert payload["GlobalTaxCalculation"] == "TaxInclusive"
    assert payload["Line"][0]["Amount"] == D("54.55")
    assert payload["Line"][0]["AccountBasedExpenseLineDetail"]["TaxInclusiveAmt"] == D("60.00")


def test_an_american_bill_names_no_global_calculation():
    bill = replace(BILL, lines=(replace(LINE, tax_code_id="NON"),))
    assert "GlobalTaxCalculation" not in bill_payload(bill, existing=None)


def test_the_note_holds_the_marker_and_the_memo_and_what_is_too_long_is_cut():
    bill = replace(BILL, number="N" * 30, memo="For Jones\n2nd floor")
    payload = bill_payload(bill, existing=None)
    assert payload["PrivateNote"] == "Ascora bill 3, For Jones\n2nd floor"
    assert payload["DocNumber"] == "N" * 21


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"subtotal": D("79.99"), "total": D("87.99")}, "do not add up to 79.99"),
        ({"total": D("88.01")}, "is not 80.00 and 8.00 of tax"),
        ({"lines": (replace(LINE, account_id=""),)}, "has no account"),
        ({"lines": (), "subtotal": D(0), "tax": D(0), "total": D(0)}, "has no account"),
        ({"supplier_id": ""}, "names no supplier"),
    ],
)
def test_a_bill_that_does_not_add_up_or_has_no_place_is_not_sent(wrong, why):
    with pytest.raises(Unbalanced, match=why):
        bill_payload(replace(BILL, **wrong), existing=None)


def test_a_supplier_credit_without_a_supplier_is_not_sent():
    with pytest.raises(Unbalanced, match="names no supplier"):
        supplier_credit_payload(replace(CREDIT, supplier_id=""), existing=None)


def test_a_purchase_that_nothing_paid_is_not_sent():
    with pytest.raises(Unbalanced, match="no account that it was paid from"):
        purchase_payload(replace(PURCHASE, paid_from_id=""), existing=None)


def an_answer(**values):
    """A bill as the books give it: one line on an account, one on an item."""
    lines = [
        {"Id": "1", "Description": "Pipe", "Amount": D("80.00"),
         "DetailType": "AccountBasedExpenseLineDetail",
         "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "51"}, "CustomerRef": {
             "value": "5"}}},
        {"Id": "2", "Amount": D("125.00"), "DetailType": "ItemBasedExpenseLineDetail",
         "ItemBasedExpenseLineDetail": {"ItemRef": {"value": "5"}}},
    ]  # fmt: skip
    return {
        "Id": "126", "SyncToken": "5", "DocNumber": "S-77", "TxnDate": "2026-11-23",
        "TotalAmt": D("213.00"), "TxnTaxDetail": {"TotalTax": D("8.00")}, "Line": lines,
        "MetaData": {"LastUpdatedTime": "2026-11-23T10:00:00+00:00"},
    } | values  # fmt: skip


def test_a_bill_is_read_with_what_is_owed_and_what_paid_it():
    links = [
        {"TxnId": "7", "TxnType": "BillPaymentCheck"},
        {"TxnId": "8", "TxnType": "BillPaymentCreditCard"},
        {"TxnId": "9", "TxnType": "PurchaseOrder"},
    ]
    bill = spending_record(Kind.BILL)(
        an_answer(
            VendorRef={"value": "46"}, DueDate="2026-12-23", Balance=D("13.00"), LinkedTxn=links,
            PrivateNote="Ascora bill 3",
        )
    )  # fmt: skip
    assert bill.ref == RemoteRef(Kind.BILL, "126", "5")
    assert (bill.number, bill.payee_id, bill.paid_from_id) == ("S-77", "46", "")
    assert (bill.dated_on, bill.due_on) == (DAY, DUE)
    assert (bill.total, bill.tax, bill.balance) == (D("213.00"), D("8.00"), D("13.00"))
    assert bill.lines == (SpentLine("Pipe", D("80.00"), "51", "5"),)
    assert bill.payment_ids == ("7", "8")
    assert (bill.marker, bill.is_void) == ("Ascora bill 3", False)
    assert bill.changed_at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_purchase_is_read_with_who_was_paid_from_which_account():
    source = an_answer(EntityRef={"value": "46"}, AccountRef={"value": "41"})
    purchase = spending_record(Kind.PURCHASE)(source)
    assert purchase.ref.kind == Kind.PURCHASE
    assert (purchase.payee_id, purchase.paid_from_id) == ("46", "41")
    assert (purchase.due_on, purchase.balance, purchase.payment_ids) == (None, 0, ())


@pytest.mark.parametrize(
    ("total", "note", "is_void"),
    [("0", "Voided - x", True), ("0", "", False), ("5", "Voided", False)],
)
def test_a_void_purchase_is_worth_nothing_and_says_so(total, note, is_void):
    source = an_answer(TotalAmt=D(total), PrivateNote=note)
    assert spending_record(Kind.PURCHASE)(source).is_void is is_void
