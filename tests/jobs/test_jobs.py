"""Jobs: numbers, addresses, prices, status."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from ascora.history.selectors import told_changes_for
from ascora.search.services import matching
from jobs.models import Job, JobStatus, Pricing
from jobs.selectors import jobs_for, next_step_of, with_status
from jobs.services import change_job, close_job, create_job, set_job_status
from tests.builders import a_customer, a_job


def test_jobs_are_numbered_without_gaps_also_after_a_refusal(at_bright_spark, otto):
    customer = a_customer(at_bright_spark)
    first = a_job(at_bright_spark, customer=customer)
    with pytest.raises(ValidationError), transaction.atomic():
        create_job(organization=at_bright_spark, by=otto, customer=customer, description="")
    second = a_job(at_bright_spark, customer=customer)
    assert (first.number, second.number) == ("JOB-1001", "JOB-1002")


def test_a_job_without_an_address_is_at_its_customers_site(at_bright_spark):
    customer = a_customer(
        at_bright_spark, site_street="4 Elm Rd", site_city="Kew", billing_city="Box Hill"
    )
    assert a_job(at_bright_spark, customer=customer).site_address == "4 Elm Rd, Kew"
    elsewhere = a_job(at_bright_spark, customer=customer, site_city="Hawthorn")
    assert elsewhere.site_address == "Hawthorn"
    billed = a_customer(at_bright_spark, site_street="", site_city="", billing_city="Box Hill")
    assert a_job(at_bright_spark, customer=billed).site_address == "Box Hill"


def test_a_fixed_price_job_has_a_price_and_others_have_none(at_bright_spark, otto):
    job = a_job(at_bright_spark, fixed_price=Decimal(500))
    assert job.fixed_price is None
    with pytest.raises(ValidationError) as refused:
        change_job(job=job, by=otto, pricing=Pricing.FIXED_PRICE)
    assert list(refused.value.message_dict) == ["fixed_price"]
    job = change_job(job=job, by=otto, pricing=Pricing.FIXED_PRICE, fixed_price=Decimal("990.50"))
    job.refresh_from_db()
    assert (job.pricing, job.fixed_price) == ("fixed_price", Decimal("990.50"))


def test_a_description_of_5000_characters_fits_and_one_more_does_not(at_bright_spark, otto):
    job = a_job(at_bright_spark, description="x" * 5000)
    with pytest.raises(ValidationError, match="At most 5,000 characters"):
        change_job(job=job, by=otto, description="x" * 5001)
    job.refresh_from_db()
    assert len(job.description) == 5000


def test_the_usual_steps_lead_from_unscheduled_to_closed(at_bright_spark, otto):
    job, walked = a_job(at_bright_spark), []
    while job.status != JobStatus.CLOSED:
        job = set_job_status(job=job, status=next_step_of(job).status, by=otto)
        walked.append(job.get_status_display())
    assert walked == ["Booked", "In Progress", "Completed", "Ready To Invoice", "Closed"]
    assert next_step_of(job).label == "Reopen"


def test_an_unknown_status_is_refused(at_bright_spark, otto):
    job = a_job(at_bright_spark)
    with pytest.raises(ValueError, match="lost"):
        set_job_status(job=job, status="lost", by=otto)
    job.refresh_from_db()
    assert job.status == JobStatus.UNSCHEDULED


def test_open_jobs_are_those_neither_closed_nor_cancelled(at_bright_spark, otto):
    jobs = {status: a_job(at_bright_spark, status=status) for status in JobStatus}
    found = set(with_status(jobs_for(at_bright_spark), "open"))
    assert found == set(jobs.values()) - {jobs[JobStatus.CLOSED], jobs[JobStatus.CANCELLED]}
    assert list(with_status(jobs_for(at_bright_spark), "deferred")) == [jobs[JobStatus.DEFERRED]]


def test_a_job_is_found_by_number_order_and_description(at_bright_spark):
    job = a_job(at_bright_spark, purchase_order="PO-778", description="Hot water unit")
    a_job(at_bright_spark)
    for typed in ("job 1001", "778", "hot wat"):
        assert list(matching(jobs_for(at_bright_spark), at_bright_spark, typed)) == [job], typed


def test_a_job_of_a_strangers_customer_is_refused(at_bright_spark, drain_co, otto):
    from ascora.tenancy.rls import acting_for

    with acting_for(drain_co):
        theirs = a_customer(drain_co)
    with pytest.raises(ValidationError):
        create_job(organization=at_bright_spark, by=otto, customer=theirs, description="x")
    assert not Job.objects.owned_by(at_bright_spark).exists()


def test_who_moved_a_job_and_what_else_was_changed_is_remembered(at_bright_spark, otto):
    job = a_job(at_bright_spark, description="Fans")
    set_job_status(job=job, status=JobStatus.BOOKED, by=otto)
    set_job_status(job=job, status=JobStatus.BOOKED, by=otto)
    change_job(job=job, by=otto, description="Four fans", purchase_order="")
    close_job(job=job, by=None)
    told = [
        (each.name, each.change.before, each.change.after, each.who)
        for each in told_changes_for(job)
    ]
    assert told == [
        ("Status", "Booked", "Closed", "Ascora"),
        ("Description", "Fans", "Four fans", "Otto"),
        ("Status", "Unscheduled", "Booked", "Otto"),
    ]
