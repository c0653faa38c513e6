"""Home and the reports: figures that add up, and cells that stay text."""

from datetime import date
from decimal import Decimal

import pytest

from integrations.reports.figures import (
    Period,
    financial_year_of,
    invoices_by_month,
    receivables_by_age,
)
from integrations.reports.home import income_by_month, today_at
from integrations.reports.spreadsheet import harmless
from jobs.models import Customer, Job, JobStatus
from payments.models import Invoice, InvoiceStatus

YEAR = Period(date(2026, 7, 1), date(2027, 6, 30))


@pytest.fixture
def amy(at_bright_spark):
    return Customer.objects.create(organization=at_bright_spark, name="Amy's Bird Sanctuary")


def an_invoice(customer, number, *, issued_on, due_on, net="100.00", status=InvoiceStatus.ISSUED):
    net = Decimal(net)
    tax = net / 10
    return Invoice.objects.create(
        organization=customer.organization, customer=customer, number=number, status=status,
        issued_on=issued_on, due_on=due_on, subtotal=net, tax=tax,
        total=net + tax, balance=net + tax,
    )  # fmt: skip


def test_home_shows_what_is_overdue_and_what_can_be_invoiced(at_bright_spark, amy):
    an_invoice(amy, "INV-1", issued_on=date(2020, 1, 1), due_on=date(2020, 1, 15))
    an_invoice(amy, "INV-2", issued_on=date(2020, 1, 1), due_on=date(2999, 1, 15))
    Job.objects.create(
        organization=at_bright_spark, customer=amy, number="JOB-1", description="Lights",
        status=JobStatus.READY_TO_INVOICE,
    )  # fmt: skip
    today = today_at(at_bright_spark)
    assert [invoice.number for invoice in today.overdue] == ["INV-1"]
    assert today.overdue_total == Decimal("110.00")
    assert [job.number for job in today.jobs_to_invoice] == ["JOB-1"]
    assert today.connection is None
    assert not today.is_new


def test_the_chart_has_twelve_months_and_leaves_void_invoices_out(at_bright_spark, amy):
    an_invoice(amy, "INV-1", issued_on=date(2026, 11, 3), due_on=date(2026, 11, 17), net="300.00")
    an_invoice(
        amy,
        "INV-2",
        issued_on=date(2026, 11, 4),
        due_on=date(2026, 11, 17),
        status=InvoiceStatus.VOID,
    )
    months = income_by_month(at_bright_spark, until=date(2026, 11, 23))
    assert [month.begins_on for month in (months[0], months[-1])] == [
        date(2025, 12, 1), date(2026, 11, 1),
    ]  # fmt: skip
    assert [month.income for month in months] == [Decimal("0.00")] * 11 + [Decimal("300.00")]
    assert (months[-1].height, months[-1].top) == (72, 0)


def test_invoices_by_month_add_up_to_their_total(at_bright_spark, amy):
    an_invoice(amy, "INV-1", issued_on=date(2026, 7, 3), due_on=date(2026, 7, 17))
    an_invoice(amy, "INV-2", issued_on=date(2026, 8, 3), due_on=date(2026, 8, 17), net="50.00")
    report = invoices_by_month(at_bright_spark, YEAR)
    assert [list(row) for row in report.rows] == [
        ["July 2026", 1, Decimal("100.00"), Decimal("10.00"), Decimal("110.00"), Decimal("110.00")],
        ["August 2026", 1, Decimal("50.00"), Decimal("5.00"), Decimal("55.00"), Decimal("55.00")],
    ]
    assert list(report.total) == [
        "Total",
        2,
        Decimal("150.00"),
        Decimal("15.00"),
        Decimal("165.00"),
        Decimal("165.00"),
    ]


def test_money_owed_stands_under_its_age(at_bright_spark, amy):
    an_invoice(amy, "INV-1", issued_on=date(2020, 1, 1), due_on=date(2020, 1, 15))
    an_invoice(amy, "INV-2", issued_on=date(2020, 1, 1), due_on=date(2999, 1, 15), net="10.00")
    report = receivables_by_age(at_bright_spark, YEAR)
    zero = Decimal("0.00")
    assert [list(row) for row in report.rows] == [
        [
            "Amy's Bird Sanctuary",
            Decimal("11.00"),
            zero,
            zero,
            zero,
            Decimal("110.00"),
            Decimal("121.00"),
        ]
    ]


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2026, 6, 30), date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_the_financial_year_runs_from_july_to_june(day, begins, ends):
    assert financial_year_of(day) == Period(begins, ends)


@pytest.mark.parametrize("text", ["=1+1", "+61 2", "-3", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_stays_text(text):
    assert harmless(text) == f"'{text}"


def test_a_negative_number_stays_a_number():
    assert harmless(Decimal("-3.00")) == "-3.00"
