"""Reports: the books of a company as QuickBooks tells them, to the cent."""

from decimal import Decimal

import pytest

from tests.simulator.test_documents import line
from tests.simulator.test_journal_entries import of_customer, side


@pytest.fixture
def busy(sydney):
    """Last year's sale, this year's sale with GST, a part payment, a credit, a bill for parts."""
    ann = sydney.post("Customer", {"DisplayName": "Ann"})["Id"]
    bob = sydney.post("Customer", {"DisplayName": "bob"})["Id"]
    labour, parts = sydney.item("Labour", "4100"), sydney.item("Parts", "4200")
    for number, who, day, due, lines in (
        ("A1", ann, "2026-05-04", "2026-05-18", [line(labour, 500, "8")]),
        ("A2", ann, "2026-08-03", "2026-08-17", [line(labour, 100), line(parts, "20.05")]),
        ("B1", bob, "2026-08-20", "2026-09-19", [line(labour, 40)]),
    ):
        body = {"CustomerRef": {"value": who}, "DocNumber": number, "TxnDate": day}
        sydney.post("Invoice", {**body, "DueDate": due, "Line": lines})
    first = sydney.rows("Invoice", "where DocNumber = 'A1'")[0]["Id"]
    paid = {"amount": 300, "account_number": "1100", "date": "2026-08-10"}
    sydney.bookkeeper("receive_payment", invoice_ids=[first], **paid)
    credit = {"customer_id": bob, "item_id": labour, "amount": 10, "date": "2026-08-25"}
    sydney.bookkeeper("add_credit_memo", **credit)
    entry = [side(sydney, "Debit", "5200", 30), side(sydney, "Credit", "1100", 30)]
    sydney.post("JournalEntry", {"Line": entry, "TxnDate": "2026-08-11"})
    return sydney


def report(company, name, **asked):
    answer = company.call("GET", f"reports/{name}", **asked)
    assert answer.status == 200, answer.text
    return answer.body


def cells(row):
    return [each["value"] for each in row["ColData"]]


def plain(report_):
    """Rows of a flat report; the sum comes last."""
    rows = report_["Rows"]["Row"]
    return [cells(row) for row in rows[:-1]] + [cells(rows[-1]["Summary"])]


def test_the_trial_balance_counts_the_year_and_keeps_earlier_profit_apart(busy):
    found = report(busy, "TrialBalance", start_date="2026-08-01", end_date="2026-08-31")
    assert plain(found) == [
        ["1100 Business Cheque Account", "270.00", ""],
        ["1200 Accounts Receivable (A/R)", "365.06", ""],
        ["2200 GST Liabilities Payable", "", "15.01"],
        ["3900 Retained Earnings", "", "500.00"],
        ["4100 Labour Income", "", "130.00"],
        ["4200 Materials Income", "", "20.05"],
        ["5200 Materials Purchased", "30.00", ""],
        ["TOTAL", "665.06", "665.06"],
    ]
    earlier = report(busy, "TrialBalance", start_date="2026-05-01", end_date="2026-05-31")
    assert plain(earlier)[-1] == ["TOTAL", "500.00", "500.00"]
    assert earlier["Header"]["EndPeriod"] == "2026-05-31"


def test_profit_and_loss_is_income_less_what_it_cost(busy):
    found = report(busy, "ProfitAndLoss", start_date="2026-08-01", end_date="2026-08-31")
    rows = {row["group"]: row for row in found["Rows"]["Row"]}
    income = rows["Income"]
    assert [cells(row) for row in income["Rows"]["Row"]] == [
        ["4100 Labour Income", "130.00"],
        ["4200 Materials Income", "20.05"],
    ]
    assert cells(income["Summary"]) == ["Total Income", "150.05"]
    assert cells(rows["GrossProfit"]["Summary"]) == ["Gross Profit", "120.05"]
    assert cells(rows["NetIncome"]["Summary"]) == ["Net Income", "120.05"]
    assert found["Header"]["Option"][-1] == {"Name": "NoReportData", "Value": "false"}


def test_profit_and_loss_has_a_column_for_each_customer(busy):
    asked = {"start_date": "2026-05-01", "end_date": "2026-08-31"}
    found = report(busy, "ProfitAndLoss", summarize_column_by="Customers", **asked)
    titles = [each["ColTitle"] for each in found["Columns"]["Column"]]
    assert titles == ["", "Not Specified", "Ann", "bob", "TOTAL"]
    income = next(row for row in found["Rows"]["Row"] if row["group"] == "Income")
    assert cells(income["Summary"])[1:] == ["0.00", "620.05", "30.00", "650.05"]


def test_the_general_ledger_begins_moves_and_ends_where_the_journal_does(busy):
    found = report(busy, "GeneralLedger", start_date="2026-08-01", end_date="2026-08-31")
    sections = {row["Header"]["ColData"][0]["value"]: row for row in found["Rows"]["Row"]}
    owed = sections["1200 Accounts Receivable (A/R)"]
    rows = [cells(row) for row in owed["Rows"]["Row"]]
    assert [(row[0], row[1], row[2], row[5], row[6], row[7]) for row in rows] == [
        ("Beginning Balance", "", "", "", "", "500.00"),
        ("2026-08-03", "Invoice", "A2", "-Split-", "132.06", "632.06"),
        ("2026-08-10", "Payment", "", "1100 Business Cheque Account", "-300.00", "332.06"),
        ("2026-08-20", "Invoice", "B1", "-Split-", "44.00", "376.06"),
        ("2026-08-25", "Credit Memo", "", "-Split-", "-11.00", "365.06"),
    ]
    assert cells(owed["Summary"])[-2] == "-134.94"
    income = [cells(row) for row in sections["4100 Labour Income"]["Rows"]["Row"]]
    assert [row[6:] for row in income] == [
        ["100.00", "100.00"],
        ["40.00", "140.00"],
        ["-10.00", "130.00"],
    ]
    assert income[0][5] == "1200 Accounts Receivable (A/R)"


def test_money_owed_is_aged_by_due_date_and_equals_receivables(busy):
    found = report(busy, "AgedReceivables", report_date="2026-08-31")
    assert [each["ColTitle"] for each in found["Columns"]["Column"]][1:] == [
        "Current",
        "1 - 30",
        "31 - 60",
        "61 - 90",
        "91 and over",
        "Total",
    ]
    assert plain(found) == [
        ["Ann", "", "132.06", "", "", "200.00", "332.06"],
        ["bob", "44.00", "-11.00", "", "", "", "33.00"],
        ["TOTAL", "44.00", "121.06", "0.00", "0.00", "200.00", "365.06"],
    ]
    assert busy.balance("1200") == "365.06"


def test_money_owed_on_an_earlier_day_knows_nothing_of_later_payments(busy):
    found = report(busy, "AgedReceivables", report_date="2026-08-09")
    assert plain(found)[-1] == ["TOTAL", "132.06", "0.00", "0.00", "500.00", "0.00", "632.06"]
    owed = report(busy, "CustomerBalance", report_date="2026-08-09")
    assert plain(owed) == [["Ann", "632.06"], ["TOTAL", "632.06"]]


def test_credit_laid_on_an_invoice_moves_between_ages_and_not_the_sum(busy):
    memo = busy.rows("CreditMemo")[0]["Id"]
    bill = busy.rows("Invoice", "where DocNumber = 'B1'")[0]["Id"]
    busy.bookkeeper("apply_credit", credit_id=memo, invoice_id=bill, date="2026-08-26")
    found = report(busy, "AgedReceivables", report_date="2026-08-31")
    assert plain(found)[1] == ["bob", "33.00", "", "", "", "", "33.00"]
    before = report(busy, "AgedReceivables", report_date="2026-08-25")
    assert plain(before)[1] == ["bob", "33.00", "", "", "", "", "33.00"]


def test_an_opening_balance_is_owed_in_reports_too(busy):
    ann = busy.rows("Customer", "where DisplayName = 'Ann'")[0]
    lines = [
        side(busy, "Debit", "1200", 7, **of_customer(ann["Id"])),
        side(busy, "Credit", "3000", 7),
    ]
    busy.post("JournalEntry", {"Line": lines, "TxnDate": "2026-08-30"})
    found = report(busy, "CustomerBalance", report_date="2026-08-31")
    assert plain(found)[0] == ["Ann", "339.06"]
    assert busy.read("Customer", ann["Id"])["Balance"] == Decimal("339.06")


def test_what_there_is_no_report_of_is_refused(busy):
    assert busy.call("GET", "reports/Nonsense").codes == ["500"]
    wrong = {"start_date": "2026-09-01", "end_date": "2026-08-31"}
    assert busy.call("GET", "reports/TrialBalance", **wrong).codes == ["6000"]
    assert busy.call("GET", "reports/TrialBalance", end_date="31/8").codes == ["2060"]
    cash = busy.call("GET", "reports/ProfitAndLoss", accounting_method="Cash")
    assert cash.codes == ["6000"]
