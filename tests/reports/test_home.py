"""Home: what needs doing today comes first, then where the money comes from and stays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ascora.tenancy.selectors import today_for
from integrations.reports.home import (
    income_by_job_type,
    income_by_month,
    owed_by_age,
    today_at,
)
from jobs.models import JobStatus
from jobs.services import set_job_status
from payments.services import (
    Wish,
    draft_invoice_from_job,
    invoice_jobs,
    issue_invoice,
    void_invoice,
)
from tests.builders import a_customer, a_job, a_job_type, a_labour_entry, an_invoice

D = Decimal


@pytest.fixture
def amy(at_bright_spark):
    return a_customer(at_bright_spark, name="Amy's Bird Sanctuary")


def test_home_shows_what_is_overdue_and_what_can_be_invoiced(at_bright_spark, amy):
    late = an_invoice(
        at_bright_spark, customer=amy, issued_on=date(2020, 1, 1), due_on=date(2020, 1, 15)
    )
    an_invoice(at_bright_spark, customer=amy, due_on=date(2999, 1, 15))
    job = a_job(at_bright_spark, customer=amy)
    job.status = JobStatus.READY_TO_INVOICE
    job.save()
    today = today_at(at_bright_spark)
    assert [invoice.number for invoice in today.overdue] == [late.number]
    assert today.overdue_total == D("110.00")
    assert [each.number for each in today.jobs_to_invoice] == [job.number]
    assert today.connection is None
    assert not today.is_new


def test_the_chart_has_twelve_months_and_leaves_void_invoices_out(at_bright_spark, amy):
    day = date(2026, 11, 3)
    an_invoice(at_bright_spark, "300.00", customer=amy, issued_on=day, due_on=day)
    gone = an_invoice(at_bright_spark, customer=amy, issued_on=day, due_on=day)
    void_invoice(invoice=gone, reason="Twice", by=None)
    months = income_by_month(at_bright_spark, until=date(2026, 11, 23))
    assert [month.begins_on for month in (months[0], months[-1])] == [
        date(2025, 12, 1), date(2026, 11, 1),
    ]  # fmt: skip
    assert [month.income for month in months] == [D("0.00")] * 11 + [D("300.00")]
    assert (months[-1].height, months[-1].top) == (72, 0)


def test_income_by_job_type_has_the_greatest_first_and_names_what_has_none(at_bright_spark, amy):
    job = a_job(at_bright_spark, customer=amy, job_type=a_job_type(at_bright_spark, name="Solar"))
    a_labour_entry(job, hours=D(4), hourly_rate=D(100))
    today = today_for(at_bright_spark)
    issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    an_invoice(at_bright_spark, "100.00", customer=amy, issued_on=today)
    parts = income_by_job_type(at_bright_spark, until=today)
    assert [(part.name, part.amount, part.share) for part in parts] == [
        ("Solar", D("400.00"), 100), ("No job type", D("100.00"), 25),
    ]  # fmt: skip


def test_an_invoice_for_several_jobs_counts_under_each_jobs_own_type(at_bright_spark, amy):
    today = today_for(at_bright_spark)
    jobs = []
    for name, rate in (("Solar", 100), ("Strata", 70)):
        kind = a_job_type(at_bright_spark, name=name)
        jobs.append(a_job(at_bright_spark, customer=amy, job_type=kind))
        a_labour_entry(jobs[-1], hours=D(1), hourly_rate=D(rate))
        set_job_status(job=jobs[-1], status=JobStatus.COMPLETED, by=None)
    outcomes = invoice_jobs(jobs=jobs, wish=Wish(together=True), by=None)
    assert len({outcome.invoice for outcome in outcomes}) == 1
    parts = income_by_job_type(at_bright_spark, until=today)
    assert [(part.name, part.amount) for part in parts] == [
        ("Solar", D("100.00")), ("Strata", D("70.00")),
    ]  # fmt: skip


def test_money_owed_by_age_adds_up_to_what_is_owed(at_bright_spark, amy):
    today = today_for(at_bright_spark)
    for late in (0, 1, 31, 400):
        due = today - timedelta(days=late)
        an_invoice(at_bright_spark, customer=amy, issued_on=due, due_on=due)
    parts = owed_by_age(at_bright_spark, day=today)
    assert [part.amount for part in parts] == [
        D("110.00"), D("110.00"), D("110.00"), D("0.00"), D("110.00"),
    ]  # fmt: skip
