"""From the job's page to its invoices: claims, closing when all is invoiced, many jobs at once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from jobs.models import Job, JobStatus
from jobs.services import set_job_status
from payments.models import Invoice
from payments.services import Share, claim_fixed_price, draft_invoice_from_job
from tests.browsing import form_of
from tests.builders import a_customer, a_job, a_labour_entry
from tests.tenancy.test_meanwhile import text_of


@pytest.fixture
def browser(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.fixture
def kitchen(bright_spark):
    """A fixed-price job for $1,000."""
    with acting_for(bright_spark):
        return a_job(bright_spark, pricing="fixed_price", fixed_price=Decimal(1000))


def invoices_of(organization):
    """All, in order."""
    with acting_for(organization):
        return list(Invoice.objects.owned_by(organization).order_by("pk"))


def at(name, row):
    """The address of a screen of a row."""
    return reverse(name, args=[row.public_id])


def test_a_deposit_is_claimed_and_the_job_says_what_is_left(bright_spark, browser, kitchen):
    typed = form_of(browser.get(at("payments:job_claim", kitchen)))
    assert (typed["name"], typed["basis"]) == ("Deposit", "percent")
    browser.post(at("payments:job_claim", kitchen), typed | {"percent": "30"})
    (draft,) = invoices_of(bright_spark)
    assert draft.subtotal == Decimal("300.00")
    said = text_of(browser.get(at("payments:job_invoices", kitchen)))
    assert "Fixed price $1,000.00 Claimed $300.00 Left to claim $700.00" in said
    again = form_of(browser.get(at("payments:job_claim", kitchen)))
    assert (again["name"], again["basis"]) == ("Progress claim 2", "rest")


def test_a_claim_beyond_the_price_asks_keeps_what_was_typed_and_then_does_it(
    bright_spark, browser, kitchen
):
    address = at("payments:job_claim", kitchen)
    typed = {"name": "Too much", "basis": "amount", "amount": "1000.01"}
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert "$0.01 more than the fixed price of $1,000.00" in text_of(refused)
    assert form_of(refused)["amount"] == "1000.01"
    assert invoices_of(bright_spark) == []
    browser.post(address, typed | {"allows_more": "on"})
    assert [row.subtotal for row in invoices_of(bright_spark)] == [Decimal("1000.01")]


@pytest.mark.parametrize(
    "typed",
    [
        {"basis": "percent", "percent": ""},
        {"basis": "percent", "percent": "0"},
        {"basis": "amount", "amount": "-5"},
        {"basis": "amount", "amount": "1.005"},
        {"basis": "amount", "amount": "ten"},
        {"basis": "all"},
    ],
)
def test_a_claim_of_nonsense_is_refused(bright_spark, browser, kitchen, typed):
    answer = browser.post(at("payments:job_claim", kitchen), {"name": "Claim"} | typed)
    assert answer.status_code == 422
    assert invoices_of(bright_spark) == []


def test_the_draft_of_a_claim_asks_too(bright_spark, browser, kitchen):
    with acting_for(bright_spark):
        draft = claim_fixed_price(job=kitchen, name="All", share=Share(), by=None)
    address = at("payments:invoice_edit", draft)
    typed = form_of(browser.get(address)) | {"lines-0-unit_price": "1500"}
    refused = browser.post(address, typed)
    assert (refused.status_code, "allows_more" in refused.content.decode()) == (422, True)
    browser.post(address, form_of(refused) | {"allows_more": "on"})
    assert [row.subtotal for row in invoices_of(bright_spark)] == [Decimal("1500.00")]


def test_a_job_that_is_wholly_invoiced_offers_to_be_closed(bright_spark, browser):
    with acting_for(bright_spark):
        job = a_job(bright_spark)
        a_labour_entry(job)
        job = set_job_status(job=job, status=JobStatus.COMPLETED, by=None)
    page = at("payments:job_invoices", job)
    assert "Close the job" not in text_of(browser.get(page))
    with acting_for(bright_spark):
        draft_invoice_from_job(job=job, by=None)
    assert "Close the job" in text_of(browser.get(page))


def finished(organization, **values):
    """A job with two hours, done."""
    job = a_job(organization, **values)
    a_labour_entry(job)
    return set_job_status(job=job, status=JobStatus.READY_TO_INVOICE, by=None)


def test_finished_jobs_are_previewed_and_invoiced_with_one_press(bright_spark, browser):
    with acting_for(bright_spark):
        agent = a_customer(bright_spark, name="Agent")
        tenant = a_customer(bright_spark, name="Tenant", billing_customer=agent)
        jobs = [finished(bright_spark, customer=tenant), finished(bright_spark, customer=agent)]
        idle = a_job(bright_spark)
    asked = {"job": [str(job.public_id) for job in (*jobs, idle)]}
    said = text_of(browser.get(reverse("payments:bulk_invoice"), asked))
    assert "Agent for Tenant 1 190.00 19.00 209.00" in said
    assert "It is Unscheduled. Complete it first." in said
    typed = {"issued_on": "2026-05-04", "issues": "on", "closes_jobs": "on", "together": "yes"}
    done = browser.post(reverse("payments:bulk_invoice"), asked | typed)
    (invoice,) = invoices_of(bright_spark)
    assert text_of(done).count(f"Agent {invoice.number} 418.00") == 2
    assert "Not invoiced It is Unscheduled." in text_of(done)
    with acting_for(bright_spark):
        found = Job.objects.owned_by(bright_spark)
        assert found.filter(status=JobStatus.CLOSED).count() == 2
    page = text_of(browser.get(at("payments:invoice_detail", invoice)))
    assert f"{jobs[0].number} Tenant, " in page


def test_nothing_ticked_and_no_date_are_refused(bright_spark, browser):
    with acting_for(bright_spark):
        job = finished(bright_spark)
    nothing = browser.post(reverse("payments:bulk_invoice"), {"issued_on": "2026-05-04"})
    assert (nothing.status_code, "Tick at least one job." in text_of(nothing)) == (422, True)
    undated = browser.post(reverse("payments:bulk_invoice"), {"job": [str(job.public_id)]})
    assert undated.status_code == 422
    assert invoices_of(bright_spark) == []
