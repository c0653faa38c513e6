"""Invoicing many jobs in one go: each by itself, or each customer's together."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import JobStatus
from jobs.services import set_job_status
from payments.models import Invoice
from payments.services import Wish, invoice_jobs, preview_of
from tests.builders import a_customer, a_job, a_labour_entry, a_supply_use


def a_finished_job(organization, **values):
    """Two hours at $95 and done."""
    job = a_job(organization, **values)
    a_labour_entry(job)
    return set_job_status(job=job, status=JobStatus.COMPLETED, by=None)


def status_of(job):
    """As it stands now."""
    job.refresh_from_db()
    return job.status


def test_each_job_gets_an_invoice_of_its_own_and_is_closed(at_bright_spark):
    jobs = [a_finished_job(at_bright_spark) for _ in range(3)]
    wish = Wish(issued_on=date(2026, 5, 4), closes_jobs=True)
    outcomes = invoice_jobs(jobs=jobs, wish=wish, by=None)
    assert [outcome.job for outcome in outcomes] == jobs
    assert [outcome.invoice.job for outcome in outcomes] == jobs
    assert {outcome.invoice.total for outcome in outcomes} == {Decimal("209.00")}
    assert {outcome.invoice.issued_on for outcome in outcomes} == {date(2026, 5, 4)}
    assert {status_of(job) for job in jobs} == {JobStatus.CLOSED}


def test_one_that_cannot_be_invoiced_says_why_and_stops_no_other(at_bright_spark):
    good, empty = a_finished_job(at_bright_spark), a_job(at_bright_spark)
    empty = set_job_status(job=empty, status=JobStatus.COMPLETED, by=None)
    busy = a_job(at_bright_spark)
    priceless = a_job(at_bright_spark, pricing="fixed_price", fixed_price=Decimal(0))
    priceless = set_job_status(job=priceless, status=JobStatus.COMPLETED, by=None)
    jobs = [empty, busy, priceless, good]
    for together in (True, False):
        assert [preview_of(job=job).why_not for job in jobs[:3]] == [
            "There is nothing to charge for on this job yet.",
            "It is Unscheduled. Complete it first.",
            "This job has no fixed price yet. Enter it on the job.",
        ]
        outcomes = invoice_jobs(jobs=jobs, wish=Wish(together=together, closes_jobs=True), by=None)
        assert [outcome.why_not for outcome in outcomes[:3]] == [
            preview_of(job=job).why_not for job in jobs[:3]
        ]
    assert Invoice.objects.owned_by(at_bright_spark).count() == 1
    assert status_of(empty) == JobStatus.COMPLETED
    assert status_of(good) == JobStatus.CLOSED
    again = invoice_jobs(jobs=[good], wish=Wish(), by=None)
    assert again[0].why_not == "It is Closed. Complete it first."


def test_the_jobs_of_one_payer_share_an_invoice_with_a_section_for_each(at_bright_spark):
    agent = a_customer(at_bright_spark, name="Agent")
    flats = [a_customer(at_bright_spark, name=f"Flat {n}", billing_customer=agent) for n in (1, 2)]
    jobs = [a_finished_job(at_bright_spark, customer=flat) for flat in flats]
    a_supply_use(jobs[1])
    other = a_finished_job(at_bright_spark)
    wish = Wish(together=True, closes_jobs=True)
    first, alone, second = invoice_jobs(jobs=[jobs[0], other, jobs[1]], wish=wish, by=None)
    assert first.invoice == second.invoice
    assert (first.invoice.customer, first.invoice.job) == (agent, None)
    assert [line.job for line in first.invoice.lines.all()] == [jobs[0], jobs[1], jobs[1]]
    assert first.invoice.subtotal == Decimal("392.50")
    assert first.invoice.summary == "\n".join(f"{job.number}: {job.description}" for job in jobs)
    assert alone.invoice.job == other
    assert {status_of(job) for job in jobs} == {JobStatus.CLOSED}


def test_drafts_are_left_as_drafts(at_bright_spark):
    job = a_finished_job(at_bright_spark)
    (outcome,) = invoice_jobs(jobs=[job], wish=Wish(issues=False, closes_jobs=True), by=None)
    assert (outcome.invoice.number, status_of(job)) == ("", JobStatus.COMPLETED)


def test_a_preview_states_what_invoicing_gives_and_changes_nothing(at_bright_spark):
    job = a_finished_job(at_bright_spark)
    preview = preview_of(job=job)
    assert (preview.lines, preview.totals.total) == (1, Decimal("209.00"))
    assert not Invoice.objects.owned_by(at_bright_spark).exists()
    (outcome,) = invoice_jobs(jobs=[job], wish=Wish(), by=None)
    assert outcome.invoice.total == preview.totals.total


@pytest.mark.parametrize("together", [False, True])
def test_each_further_job_costs_no_more_than_the_first_ones(at_bright_spark, together):
    customer = a_customer(at_bright_spark)

    def queries_for(jobs):
        finished = [a_finished_job(at_bright_spark, customer=customer) for _ in range(jobs)]
        with CaptureQueriesContext(connection) as asked:
            invoice_jobs(jobs=finished, wish=Wish(together=together, closes_jobs=True), by=None)
        return len(asked)

    few = queries_for(5)
    assert queries_for(20) <= 4 * few
