"""Credits in the hands of a bookkeeper: applied, taken off again, and what becomes of the rest."""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import assert_balanced, customer, invoice, labour, line

__all__ = ["customer", "invoice", "labour"]


@pytest.fixture
def memo(sydney, customer, labour):
    """A credit of 60.00 and GST."""
    wish = {"customer_id": customer, "item_id": labour, "amount": 60, "number": "CN-9"}
    return sydney.bookkeeper("add_credit_memo", **wish)


def left(company, *documents):
    kinds = [(each, "CreditMemo" if "RemainingCredit" in each else "Invoice") for each in documents]
    return [str(company.read(kind, each["Id"])["Balance"]) for each, kind in kinds]


def rows_of(company, document):
    rows = company.control("journal?after=0")
    return [(row["number"], row["amount"]) for row in rows if row["document_id"] == document["Id"]]


def test_a_credit_memo_reverses_each_line_on_its_own_account(sydney, customer, labour):
    lines = [line(labour, 40), line(sydney.item("Parts", "4210"), "20.05", "8")]
    memo = sydney.bookkeeper("add_credit_memo", customer_id=customer, Line=lines, number="CN-3")
    assert memo["TotalAmt"] == Decimal("64.05")
    assert rows_of(sydney, memo) == [
        ("1200", "-64.05"),
        ("4100", "40.00"),
        ("4210", "20.05"),
        ("2200", "4.00"),
    ]
    assert_balanced(sydney)


def test_applying_takes_as_much_as_fits_and_posts_nothing(sydney, memo, invoice):
    before = sydney.control("trial-balance")
    made = sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    amounts = [(each["LinkedTxn"][0]["TxnType"], each["Amount"]) for each in made["Line"]]
    assert amounts == [("Invoice", 66), ("CreditMemo", 66)]
    assert left(sydney, memo, invoice) == ["0", "44.00"]
    assert rows_of(sydney, made) == []
    assert sydney.control("trial-balance") == before


def test_a_credit_is_used_up_in_parts_over_several_invoices(
    sydney, customer, labour, memo, invoice
):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "INV-2", "Line": [line(labour, 30)]}
    second = sydney.post("Invoice", body)
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=second["Id"], amount=33)
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"], amount=20)
    assert left(sydney, memo, second, invoice) == ["13.00", "0", "90.00"]
    assert sydney.read("Customer", customer)["Balance"] == Decimal("77.00")


def test_taking_a_credit_off_deletes_the_payment_of_nothing(sydney, memo, invoice):
    made = sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    sydney.bookkeeper("unapply", id=made["Id"])
    assert left(sydney, memo, invoice) == ["66.00", "110.00"]
    assert sydney.call("GET", f"payment/{made['Id']}").codes == ["610"]


def test_taking_it_off_one_of_two_invoices_leaves_it_on_the_other(
    sydney, customer, labour, memo, invoice
):
    body = {"CustomerRef": {"value": customer}, "DocNumber": "INV-2", "Line": [line(labour, 30)]}
    second = sydney.post("Invoice", body)
    lines = [
        {"Amount": 33, "LinkedTxn": [{"TxnId": second["Id"], "TxnType": "Invoice"}]},
        {"Amount": 33, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]},
        {"Amount": 66, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]},
    ]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines}
    made = sydney.post("Payment", body)
    after = sydney.bookkeeper("unapply", id=made["Id"], target_id=second["Id"])
    assert (after["TotalAmt"], after["UnappliedAmt"], len(after["Line"])) == (0, 0, 2)
    assert left(sydney, memo, second, invoice) == ["33.00", "33.00", "77.00"]


def test_a_voided_invoice_gives_its_credit_back(sydney, memo, invoice):
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    sydney.bookkeeper("void", kind="Invoice", id=invoice["Id"])
    assert left(sydney, memo, invoice) == ["66.00", "0"]
    assert sydney.balance("1200") == "-66.00"
    assert_balanced(sydney)


@pytest.mark.parametrize("way", ["void", "delete"])
def test_a_used_credit_memo_goes_by_hand_and_opens_the_invoice(sydney, memo, invoice, way):
    made = sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    sydney.bookkeeper(way, kind="CreditMemo", id=memo["Id"])
    assert left(sydney, invoice) == ["110.00"]
    assert sydney.call("GET", f"payment/{made['Id']}").codes == ["610"]
    assert sydney.balance("4100") == "-100.00"
    assert sydney.balance("2200") == "-10.00"
    assert_balanced(sydney)


def test_an_invoice_lowered_below_what_credit_paid_gives_the_rest_of_the_credit_back(
    sydney, memo, invoice, customer, labour
):
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    sydney.bookkeeper("edit_invoice", id=invoice["Id"], amount=50)
    [payment] = sydney.rows("Payment")
    assert [each["Amount"] for each in payment["Line"]] == [55, 55]
    assert payment["UnappliedAmt"] == 0
    assert left(sydney, memo, invoice) == ["11.00", "0"]
    assert sydney.read("Customer", customer)["Balance"] == Decimal("-11.00")


def test_a_mixed_payment_frees_credit_before_money(sydney, memo, invoice, customer):
    lines = [
        {"Amount": 110, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]},
        {"Amount": 66, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]},
    ]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 44, "Line": lines}
    made = sydney.post("Payment", body)
    sydney.bookkeeper("edit_payment", id=made["Id"], amount=30)
    assert left(sydney, memo, invoice) == ["0", "14.00"]
    assert sydney.balance("1190") == "30.00"
    sydney.bookkeeper("void", kind="CreditMemo", id=memo["Id"])
    assert left(sydney, invoice) == ["80.00"]
    after = sydney.read("Payment", made["Id"])
    assert (after["TotalAmt"], after["UnappliedAmt"]) == (Decimal("30.00"), 0)
    assert_balanced(sydney)


def test_a_credit_memo_is_not_lowered_below_what_is_used(sydney, memo, invoice):
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    used = sydney.read("CreditMemo", memo["Id"])
    body = {"Id": used["Id"], "SyncToken": used["SyncToken"], "sparse": True}
    answer = sydney.call("POST", "creditmemo", {**body, "Line": [line("1", 10)]})
    assert answer.codes == ["6000"]
    assert sydney.read("CreditMemo", memo["Id"]) == used


def test_more_credit_than_there_is_to_pay_is_refused(sydney, memo, invoice, customer):
    lines = [
        {"Amount": 10, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]},
        {"Amount": 11, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]},
    ]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 5, "Line": lines}
    assert sydney.call("POST", "payment", body).codes == ["6000"]
    other = sydney.post("Customer", {"DisplayName": "Somebody else"})["Id"]
    lines[1]["Amount"] = 10
    wrong = {**body, "CustomerRef": {"value": other}, "TotalAmt": 0}
    assert sydney.call("POST", "payment", wrong).codes == ["620"]
    assert left(sydney, memo, invoice) == ["66.00", "110.00"]


def test_closed_books_hold_credit_memos_too(sydney, memo):
    sydney.bookkeeper("edit_credit_memo", id=memo["Id"], TxnDate="2026-03-05")
    sydney.bookkeeper("close_books", date="2026-06-30")
    now = sydney.read("CreditMemo", memo["Id"])
    key = {"Id": now["Id"], "SyncToken": now["SyncToken"]}
    assert sydney.call("POST", "creditmemo", key, operation="delete").codes == ["6210"]
    change = {**key, "sparse": True, "PrivateNote": "late"}
    assert sydney.call("POST", "creditmemo", change).codes == ["6210"]
    assert sydney.balance("4100") == "60.00"


def test_a_refund_paid_out_is_laid_on_the_credit_it_gives_back(sydney, memo, customer):
    receivable = {"AccountRef": {"value": sydney.account("1200")}, "TaxCodeRef": {"value": "4"}}
    spent = {"Amount": 66, "DetailType": "AccountBasedExpenseLineDetail"}
    body = {
        "PaymentType": "Cash",
        "AccountRef": {"value": sydney.account("1100")},
        "EntityRef": {"value": customer, "type": "Customer"},
        "Line": [{**spent, "AccountBasedExpenseLineDetail": receivable}],
    }
    refund = sydney.post("Purchase", body)
    lines = [
        {"Amount": 66, "LinkedTxn": [{"TxnId": refund["Id"], "TxnType": "Expense"}]},
        {"Amount": 66, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]},
    ]
    sydney.post("Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines})
    assert left(sydney, memo) == ["0"]
    assert (sydney.balance("1200"), sydney.balance("1100")) == ("0.00", "-66.00")
    assert sydney.read("Customer", customer)["Balance"] == 0


def test_changes_of_credit_memos_are_told_by_queries_and_change_data(sydney, memo, invoice):
    sydney.bookkeeper("apply_credit", credit_id=memo["Id"], invoice_id=invoice["Id"])
    [found] = sydney.rows("CreditMemo", "where DocNumber = 'CN-9'")
    assert (found["SyncToken"], found["RemainingCredit"]) == ("1", 0)
    moment = found["MetaData"]["CreateTime"]
    answer = sydney.call("GET", "cdc", entities="CreditMemo,Payment", changedSince=moment)
    memos, payments = answer.body["CDCResponse"][0]["QueryResponse"]
    assert [each["Id"] for each in memos["CreditMemo"]] == [memo["Id"]]
    assert len(payments["Payment"]) == 1
