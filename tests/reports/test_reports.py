"""The reports: figures that add up, on any day, and cells that stay text."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from integrations.reports import money_received, receivables, sales, spending, tax
from integrations.reports.periods import financial_year_of, month_of, quarter_of
from integrations.reports.spreadsheet import csv_of, harmless, workbook_of
from integrations.reports.tables import Linked, Period, Report
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    draft_supplier_invoice,
    record_owed_for_supplier_invoice,
    record_payment_day_of_supplier_invoice,
)
from jobs.selectors import supplier_cost_of
from jobs.services import allocate_line, approve_expense
from payments.selectors import owed_on
from payments.services import (
    apply_credit_note,
    record_payment,
    refund_credit_note,
    reverse_application,
    reverse_payment,
    void_invoice,
)
from tests.builders import (
    a_credit_note,
    a_customer,
    a_job,
    a_line,
    a_method,
    a_payment,
    a_supplier,
    an_approved_supplier_invoice,
    an_expense,
    an_income_account,
    an_invoice,
    mastercard,
)

D = Decimal
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))
MAY = date(2026, 5, 4)


@pytest.fixture
def amy(at_bright_spark):
    return a_customer(at_bright_spark, name="Amy's Bird Sanctuary")


def on(day, customer, *amounts, **values):
    return an_invoice(
        customer.organization, *amounts, customer=customer, issued_on=day, due_on=day, **values
    )


def cells(report):
    return [[str(c) if isinstance(c, Linked) else c for c in row] for row in report.rows]


def test_every_invoice_of_the_period_stands_in_the_list_and_no_void_one(at_bright_spark, amy):
    first = on(MAY, amy, "100.00")
    void_invoice(invoice=on(MAY, amy, "70.00"), reason="Twice", by=None)
    on(date(2026, 7, 1), amy, "50.00")
    report = sales.invoice_list(at_bright_spark, YEAR)
    assert cells(report) == [
        [first.number, MAY, amy.name, "", D("100.00"), D("10.00"), D("110.00"), D("110.00")]
    ]
    assert list(report.total) == [
        "Total", "", "", "", D("100.00"), D("10.00"), D("110.00"), D("110.00"),
    ]  # fmt: skip


def test_invoices_by_month_add_up_to_their_total(at_bright_spark, amy):
    on(date(2026, 4, 3), amy, "100.00")
    on(MAY, amy, "50.00")
    report = sales.invoices_by_month(at_bright_spark, YEAR)
    assert cells(report) == [
        ["April 2026", 1, D("100.00"), D("10.00"), D("110.00"), D("110.00")],
        ["May 2026", 1, D("50.00"), D("5.00"), D("55.00"), D("55.00")],
    ]
    assert list(report.total) == [
        "Total", 2, D("150.00"), D("15.00"), D("165.00"), D("165.00"),
    ]  # fmt: skip


def test_money_owed_stands_under_its_age(at_bright_spark, amy):
    on(date(2020, 1, 1), amy, "100.00")
    an_invoice(at_bright_spark, "10.00", customer=amy, issued_on=MAY, due_on=date(2999, 1, 15))
    report = receivables.receivables(at_bright_spark, Period(MAY, MAY))
    none = D("0.00")
    assert cells(report) == [
        [amy.name, D("11.00"), none, none, none, D("110.00"), D("121.00"), none, D("121.00")]
    ]


def owed(organization, day):
    return [each.amount for each in owed_on(organization, day)]


def test_what_was_owed_on_an_earlier_day_is_what_the_books_show_for_it(at_bright_spark, amy):
    """The surcharge of a later payment stands on the invoice from its date, there as here."""
    invoice = on(MAY, amy, "1577.00")
    payment = a_payment(
        invoice, "867.35", method=mastercard(at_bright_spark), received_on=date(2026, 5, 20)
    )
    assert owed(at_bright_spark, date(2026, 5, 3)) == []
    assert owed(at_bright_spark, date(2026, 5, 19)) == [D("1750.18")]
    assert owed(at_bright_spark, date(2026, 5, 20)) == [D("867.35")]
    reverse_payment(payment=payment, reason="Bounced", by=None)
    assert owed(at_bright_spark, date(2026, 5, 20)) == [D("1734.70")]


def balances(organization, day):
    report = receivables.receivables(organization, Period(day, day))
    return [tuple(row[-3:]) for row in report.rows]


def test_credit_that_is_not_used_stands_beside_what_is_owed_on_any_day(at_bright_spark, amy):
    invoice = on(MAY, amy, "100.00")
    credit_note = a_credit_note(at_bright_spark, "50.00", customer=amy, issued_on=date(2026, 5, 10))
    application = apply_credit_note(
        credit_note=credit_note,
        allocations={invoice: D("33.00")},
        by=None,
        applied_on=date(2026, 5, 20),
    )
    assert balances(at_bright_spark, date(2026, 5, 9)) == [(D("110.00"), D("0.00"), D("110.00"))]
    assert balances(at_bright_spark, date(2026, 5, 19)) == [(D("110.00"), D("55.00"), D("55.00"))]
    after = [(D("77.00"), D("22.00"), D("55.00"))]
    assert balances(at_bright_spark, date(2026, 5, 20)) == after
    reverse_application(application=application, reason="Wrong invoice", by=None)
    assert balances(at_bright_spark, date(2026, 5, 20)) == [(D("110.00"), D("55.00"), D("55.00"))]


def test_money_beyond_the_invoice_is_credit_until_it_is_paid_out(at_bright_spark, amy):
    a_payment(on(MAY, amy, "100.00"), received_on=MAY, credit=D("40.00"))
    assert balances(at_bright_spark, MAY) == [(D("0.00"), D("40.00"), D("-40.00"))]


def test_payments_are_listed_with_their_surcharge_and_reversed_ones_are_not(at_bright_spark, amy):
    card = mastercard(at_bright_spark)
    a_payment(on(MAY, amy, "1577.00"), "1734.70", method=card, received_on=MAY)
    reversed_one = a_payment(on(MAY, amy, "10.00"), received_on=MAY)
    reverse_payment(payment=reversed_one, reason="Twice", by=None)
    report = money_received.payment_list(at_bright_spark, YEAR)
    assert cells(report) == [["4 May 2026", amy.name, "Mastercard", "", D("30.66"), D("1765.36")]]
    by_method = money_received.payments_by_method(at_bright_spark, YEAR)
    assert cells(by_method) == [["Mastercard", 1, D("30.66"), D("1765.36")]]


def amounts(report):
    return {row[0]: row[2] for row in report.rows}


def test_gst_on_accruals_takes_the_tax_of_every_document_by_its_date(at_bright_spark, amy):
    on(MAY, amy, lines=[a_line("100.00"), a_line("40.00", is_taxed=False)])
    on(date(2026, 7, 1), amy, "999.00")
    report = tax.gst_accruals(at_bright_spark, YEAR)
    found = amounts(report)
    assert (found["G1"], found["G3"], found["1A"]) == (D("150.00"), D("40.00"), D("10.00"))
    assert report.total == ("", "GST to pay", D("10.00"))


def test_gst_on_accruals_takes_credit_notes_back_and_counts_what_was_bought(at_bright_spark, amy):
    on(MAY, amy, "100.00")
    a_credit_note(at_bright_spark, "30.00", customer=amy, issued_on=MAY)
    expense = an_expense(a_job(at_bright_spark, customer=amy), spent_on=MAY, unit_cost=D("60.00"))
    approve_expense(expense=expense, by=None)
    report = tax.gst_accruals(at_bright_spark, YEAR)
    found = amounts(report)
    assert (found["G1"], found["1A"]) == (D("77.00"), D("7.00"))
    assert (found["G11"], found["1B"]) == (D("60.00"), D("5.45"))
    assert report.total == ("", "GST to pay", D("1.55"))


def test_gst_counts_supplier_invoices_by_their_date_or_when_the_books_paid_them(at_bright_spark):
    supplier = a_supplier(at_bright_spark)
    free = NewCost(description="Freight", unit_cost=D("10.00"), is_taxed=False)
    for kind, cost in (("invoice", "100.00"), ("credit", "40.00")):
        lines = [NewCost(description="Pipe", unit_cost=D(cost)), free]
        draft = draft_supplier_invoice(
            supplier=supplier, by=None, lines=lines, type=kind, dated_on=MAY
        )
        invoice = approve_supplier_invoice(invoice=draft, by=None)
        if kind == "invoice":
            record_owed_for_supplier_invoice(invoice=invoice, owed=D("60.00"), origin="books")
            record_payment_day_of_supplier_invoice(invoice=invoice, paid_on=MAY, origin="books")
    found = amounts(tax.gst_accruals(at_bright_spark, YEAR))
    assert (found["G11"], found["G14"], found["1B"]) == (D("66.00"), D("0.00"), D("6.00"))
    found = amounts(tax.gst_cash(at_bright_spark, YEAR))
    assert (found["G11"], found["G14"], found["1B"]) == (D("60.00"), D("5.00"), D("5.00"))


def test_a_credit_note_that_is_paid_out_takes_its_share_of_the_tax_back_on_a_cash_basis(
    at_bright_spark, amy
):
    a_payment(on(MAY, amy, "100.00"), received_on=MAY)
    refund_credit_note(
        credit_note=a_credit_note(at_bright_spark, "30.00", customer=amy, issued_on=MAY),
        amount=D("11.00"), paid_from=an_income_account(at_bright_spark, kind="bank"),
        paid_on=MAY, reference="", by=None,
    )  # fmt: skip
    found = amounts(tax.gst_cash(at_bright_spark, YEAR))
    assert (found["G1"], found["1A"]) == (D("99.00"), D("9.00"))


def test_income_is_less_what_was_credited(at_bright_spark, amy):
    on(MAY, amy, "100.00")
    a_credit_note(at_bright_spark, "30.00", customer=amy, issued_on=MAY)
    report = sales.income(at_bright_spark, YEAR)
    assert report.total == ("Total", "", D("70.00"))


def test_supplier_invoices_count_less_supplier_credits(at_bright_spark):
    an_approved_supplier_invoice(at_bright_spark, "100.00", dated_on=MAY, due_on=MAY)
    an_approved_supplier_invoice(at_bright_spark, "30.00", dated_on=MAY, type="credit")
    found = amounts(tax.gst_accruals(at_bright_spark, YEAR))
    assert (found["G11"], found["1B"]) == (D("77.00"), D("7.00"))
    report = spending.supplier_invoice_list(at_bright_spark, YEAR)
    assert [row[-2] for row in report.rows] == [D("110.00"), D("-33.00")]
    (row,) = spending.payables(at_bright_spark, Period(MAY, date(2026, 6, 10))).rows
    assert row[1:] == (D(0), D(0), D("110.00"), D(0), D(0), D("110.00"))
    assert amounts(tax.gst_cash(at_bright_spark, YEAR))["1B"] == D(0)


def test_expenses_stand_under_their_job_with_what_is_charged_on(at_bright_spark, amy):
    job = a_job(at_bright_spark, customer=amy)
    expense = an_expense(job, spent_on=MAY, unit_cost=D("60.00"), markup=D(10))
    an_expense(job, spent_on=MAY, unit_cost=D("9.00"))
    approve_expense(expense=expense, by=None)
    (row,) = cells(spending.costs_by_job(at_bright_spark, YEAR))
    assert row[:3] == [job.number, amy.name, MAY]
    assert row[-2:] == [D("54.55"), D("60.01")]


def test_shares_of_supplier_invoices_are_costs_of_their_jobs_and_credits_take_off(
    at_bright_spark, amy
):
    job = a_job(at_bright_spark, customer=amy)
    approve_expense(expense=an_expense(job, spent_on=MAY, unit_cost=D("60.00")), by=None)
    for amount, share, kind in (("100.00", "40.00", "invoice"), ("30.00", "12.50", "credit")):
        bought = an_approved_supplier_invoice(
            at_bright_spark, amount, dated_on=date(2026, 4, 2), type=kind
        )
        allocate_line(line=bought.lines.get(), job=job, by=None, amount=D(share))
    an_approved_supplier_invoice(at_bright_spark, "70.00", dated_on=MAY)
    report = spending.costs_by_job(at_bright_spark, YEAR)
    assert [row[-2] for row in report.rows] == [D("40.00"), D("-12.50"), D("54.55")]
    assert report.total[-2] == supplier_cost_of(job) + D("54.55")
    assert [column.is_number for column in report.shown_columns][-2:] == [True, True]


def test_gst_on_a_cash_basis_is_the_tax_of_the_invoice_to_the_cent_whatever_the_parts(
    at_bright_spark, amy
):
    """Three thirds of 100.03 with 9.09 of tax."""
    invoice = on(MAY, amy, "90.94")
    for part in ("33.34", "33.34", None):
        a_payment(invoice, part, received_on=MAY)
        invoice.refresh_from_db()
    a_payment(on(MAY, amy, "10.00"), received_on=date(2026, 7, 1))
    taxes = [
        amounts(tax.gst_cash(at_bright_spark, period))["1A"]
        for period in (YEAR, Period(date(2026, 7, 1), date(2026, 7, 31)))
    ]
    assert taxes == [D("9.09"), D("1.00")]


def test_a_payment_that_bounced_takes_its_tax_back_on_the_day_it_was_reversed(at_bright_spark, amy):
    payment = record_payment(
        customer=amy, allocations={on(MAY, amy, "100.00"): D("110.00")}, by=None,
        method=a_method(at_bright_spark), received_on=MAY,
    )  # fmt: skip
    reversal = reverse_payment(payment=payment, reason="Bounced", by=None)
    before = amounts(tax.gst_cash(at_bright_spark, Period(MAY, MAY)))
    after = amounts(
        tax.gst_cash(at_bright_spark, Period(reversal.reversed_on, reversal.reversed_on))
    )
    assert (before["1A"], after["1A"]) == (D("10.00"), D("-10.00"))


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2026, 6, 30), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_the_financial_year_runs_from_july_to_june(day, begins, ends):
    assert financial_year_of(day) == Period(begins, ends)


def test_months_and_quarters_are_whole_across_the_new_year():
    assert month_of(date(2024, 3, 31), back=1) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert quarter_of(date(2026, 2, 1), back=1) == Period(date(2025, 10, 1), date(2025, 12, 31))


@pytest.mark.parametrize("text", ["=1+1", "+61 2", "-3", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_stays_text(text):
    assert harmless(text) == f"'{text}"
    assert harmless(Linked(text, "/x/")) == f"'{text}"
    sheet = load_workbook(io.BytesIO(workbook_of(Report(["A"], [[text]]), title="A/B: c"))).active
    assert sheet["A2"].data_type != "f"


def test_a_negative_number_stays_a_number_in_every_file():
    report = Report(["What", "When", "Amount"], [["Rent", MAY, D("-3.00")]], ("Total", "", D(-3)))
    assert harmless(D("-3.00")) == "-3.00"
    assert csv_of(report).splitlines() == ["What,When,Amount", "Rent,2026-05-04,-3.00", "Total,,-3"]
    sheet = load_workbook(io.BytesIO(workbook_of(report, title="Costs"))).active
    assert [cell.value for cell in sheet[2]][2] == D("-3.00")
    assert sheet["B2"].value.date() == MAY
