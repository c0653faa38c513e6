"""What a person does in QuickBooks itself."""

from decimal import Decimal

import pytest


@pytest.fixture
def invoices(sydney):
    customer = sydney.post("Customer", {"DisplayName": "Two bills"})["Id"]
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "8"}}
    line = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return [
        sydney.post(
            "Invoice", {"CustomerRef": {"value": customer}, "Line": [{**line, "Amount": amount}]}
        )["Id"]
        for amount in (60, 40)
    ]


def test_one_payment_settles_several_invoices_into_an_account(sydney, invoices):
    asked = {"invoice_ids": invoices, "amount": "75.00", "account_number": "1100"}
    paid = sydney.bookkeeper("receive_payment", **asked, date="2026-05-04", method_id="4")
    assert [line["Amount"] for line in paid["Line"]] == [Decimal("60.00"), Decimal("15.00")]
    assert paid["TxnDate"] == "2026-05-04"
    assert [sydney.read("Invoice", each)["Balance"] for each in invoices] == [0, Decimal("25.00")]
    assert sydney.balance("1100") == "75.00"


def test_a_payment_can_be_split_as_named(sydney, invoices):
    parts = [{"invoice_id": invoices[0], "amount": "10"}, {"invoice_id": invoices[1]}]
    paid = sydney.bookkeeper("receive_payment", invoice_ids=parts)
    assert paid["TotalAmt"] == Decimal("50.00")
    assert sydney.read("Invoice", invoices[0])["Balance"] == Decimal("50.00")


def test_a_lowered_payment_opens_the_last_invoice_again(sydney, invoices):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=invoices)
    changed = sydney.bookkeeper("edit_payment", id=paid["Id"], amount="60.00")
    assert changed["SyncToken"] == "1"
    assert [sydney.read("Invoice", each)["Balance"] for each in invoices] == [0, Decimal("40.00")]


def test_a_deposited_payment_is_frozen(sydney, invoices):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=invoices)
    sydney.bookkeeper("deposit", payment_ids=[paid["Id"]], account_number="1100")
    assert (sydney.balance("1190"), sydney.balance("1100")) == ("0.00", "100.00")
    frozen = sydney.read("Payment", paid["Id"])
    assert frozen["LinkedTxn"][0]["TxnType"] == "Deposit"
    key = {"Id": paid["Id"], "SyncToken": frozen["SyncToken"]}
    for parameters in ({"operation": "delete"}, {"include": "void"}, {}):
        body = {**key, "sparse": True, "PrivateNote": "x"}
        assert sydney.call("POST", "payment", body, **parameters).codes == ["6540"]


def test_a_paid_invoice_can_be_voided_in_quickbooks_and_frees_its_payment(sydney, invoices):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoices[0]])
    voided = sydney.bookkeeper("void", kind="Invoice", id=invoices[0])
    assert voided["TotalAmt"] == 0
    assert sydney.read("Payment", paid["Id"])["UnappliedAmt"] == Decimal("60.00")
    assert sydney.control("trial-balance")["total"] == "0.00"


def test_a_deleted_invoice_stays_in_the_list_of_documents(sydney, invoices):
    sydney.bookkeeper("delete", kind="Invoice", id=invoices[0])
    listed = sydney.control("documents?kind=Invoice")
    assert [each["simulator_status"] for each in listed] == ["deleted", "live"]
    assert listed[0]["TotalAmt"] == Decimal("60.00")


def test_customers_are_added_renamed_changed_and_deactivated(sydney):
    made = sydney.bookkeeper("add_customer", name="New", email="new@example.com")
    sydney.bookkeeper("rename_customer", id=made["Id"], name="Newer")
    sydney.bookkeeper("edit_customer", id=made["Id"], phone="0400 000 000", Notes="rings back")
    seen = sydney.read("Customer", made["Id"])
    assert (seen["DisplayName"], seen["Notes"]) == ("Newer", "rings back")
    assert seen["PrimaryPhone"] == {"FreeFormNumber": "0400 000 000"}
    sydney.bookkeeper("deactivate_customer", id=made["Id"])
    assert sydney.read("Customer", made["Id"])["Active"] is False


def test_an_edited_invoice_moves_its_version_and_postings(sydney, invoices):
    changed = sydney.bookkeeper("edit_invoice", id=invoices[0], amount="61.25", PrivateNote="more")
    assert (changed["TotalAmt"], changed["SyncToken"]) == (Decimal("61.25"), "1")
    assert sydney.balance("4000") == "-101.25"


def test_a_mistake_is_answered_in_words(sydney, running):
    path = f"/_simulator/companies/{sydney.realm}/bookkeeper/dance"
    answer = running.send("POST", path, "{}")
    assert answer.status == 400
    assert "unknown action dance" in answer.text
