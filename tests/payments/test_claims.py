"""Deposits and progress claims: named parts of a fixed price, and what voiding and asking do."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from jobs.services import change_job
from payments.models import Invoice
from payments.selectors import (
    editable_lines_of,
    fixed_price_of,
    invoices_about,
    uninvoiced_work_for,
)
from payments.services import (
    NewLine,
    OverPrice,
    Refused,
    Share,
    amend_invoice,
    change_draft,
    claim_fixed_price,
    draft_invoice_from_job,
    issue_invoice,
    void_invoice,
)
from tests.builders import a_customer, a_job, a_line


@pytest.fixture
def job(at_bright_spark):
    """A kitchen for $1,000.01 before tax."""
    return a_job(at_bright_spark, pricing="fixed_price", fixed_price=Decimal("1000.01"))


def claim(job, name="Claim", **share):
    """A draft that claims so much."""
    amounts = {what: Decimal(much) for what, much in share.items() if much is not None}
    return claim_fixed_price(job=job, name=name, share=Share(**amounts), by=None)


def left(job):
    """What nobody has claimed."""
    return fixed_price_of(job).left


def test_a_deposit_and_two_claims_make_up_the_price_to_the_cent(job):
    deposit = claim(job, "Deposit", percent=30)
    (line,) = editable_lines_of(deposit)
    assert line.description == f"{job.number}: Deposit 30 %"
    assert (line.kind, line.amount, deposit.total) == (
        "labour",
        Decimal("300.00"),
        Decimal("330.00"),
    )
    second = claim(job, "Progress claim 2", amount="450.55")
    rest = draft_invoice_from_job(job=job, by=None)
    (last,) = editable_lines_of(rest)
    assert (last.description, last.amount) == (
        f"{job.number}: balance of the fixed price",
        Decimal("249.46"),
    )
    assert deposit.subtotal + second.subtotal + rest.subtotal == Decimal("1000.01")
    assert uninvoiced_work_for(job).is_empty
    with pytest.raises(Refused, match="The fixed price is on an invoice already"):
        draft_invoice_from_job(job=job, by=None)


def test_the_claim_that_completes_a_hundred_per_cent_takes_the_cents(at_bright_spark):
    job = a_job(at_bright_spark, pricing="fixed_price", fixed_price=Decimal("0.05"))
    amounts = [claim(job, percent=percent).subtotal for percent in (30, 30, 40)]
    assert amounts == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]


def test_voiding_a_claim_gives_its_share_back(job):
    deposit = issue_invoice(invoice=claim(job, percent=30), by=None)
    assert left(job) == Decimal("700.01")
    void_invoice(invoice=deposit, reason="Wrong", by=None)
    assert left(job) == Decimal("1000.01")
    assert claim(job, percent=100).subtotal == Decimal("1000.01")


def test_more_than_the_price_is_asked_about_first(job):
    claim(job, percent=80)
    with pytest.raises(OverPrice, match=r"1,050\.01, which is \$50\.00 more than the fixed price"):
        claim(job, amount="250.00")
    assert left(job) == Decimal("200.00")
    claim_fixed_price(
        job=job, name="More", share=Share(amount=Decimal(250)), by=None, allows_more=True
    )
    assert left(job) == Decimal("-50.00")
    assert uninvoiced_work_for(job).is_empty


def test_editing_and_amending_ask_too_and_change_nothing_when_refused(job):
    draft = claim(job, percent=80)
    (line,) = editable_lines_of(draft)
    dearer = [NewLine(existing=line, description="All of it", unit_price=Decimal("1000.02"))]
    with pytest.raises(OverPrice):
        change_draft(invoice=draft, by=None, lines=dearer)
    issued = issue_invoice(invoice=draft, by=None)
    with pytest.raises(OverPrice):
        amend_invoice(invoice=issued, reason="So", by=None, lines=dearer)
    assert Invoice.objects.get(organization=job.organization).subtotal == Decimal("800.01")
    amended = amend_invoice(invoice=issued, reason="So", by=None, lines=dearer, allows_more=True)
    assert (amended.subtotal, left(job)) == (Decimal("1000.02"), Decimal("-0.01"))


def test_a_variation_stands_beside_the_price(job):
    draft = claim(job, percent=50)
    (line,) = editable_lines_of(draft)
    lines = [
        NewLine(existing=line, description=line.description, unit_price=line.unit_price),
        a_line("80.00", description="Variation: second tap"),
    ]
    changed = change_draft(invoice=draft, by=None, lines=lines)
    assert changed.subtotal == Decimal("580.01")
    assert left(job) == Decimal("500.00")


@pytest.mark.parametrize(
    "share", [Share(amount=Decimal(0)), Share(amount=Decimal(-5)), Share(percent=Decimal(0))]
)
def test_nothing_and_less_is_not_claimed(job, share):
    with pytest.raises(Refused, match="at least one cent"):
        claim_fixed_price(job=job, name="Claim", share=share, by=None)
    assert not Invoice.objects.owned_by(job.organization).exists()


def test_only_a_fixed_price_is_claimed(at_bright_spark):
    with pytest.raises(Refused, match="Only a job with a fixed price"):
        claim(a_job(at_bright_spark), percent=30)


def test_the_price_does_not_fall_below_what_is_claimed_and_may_rise(job):
    claim(job, percent=80)
    with pytest.raises(ValidationError, match=r"800\.01 of the price is on invoices"):
        change_job(job=job, by=None, fixed_price=Decimal("800.00"))
    with pytest.raises(ValidationError, match="Void those first"):
        change_job(job=job, by=None, pricing="time_and_materials")
    job = change_job(job=job, by=None, fixed_price=Decimal("1200.00"))
    assert left(job) == Decimal("399.99")


def test_a_claim_goes_to_who_is_billed_with_that_ones_tax_and_names_the_site(at_bright_spark):
    agent = a_customer(at_bright_spark, name="Agent", is_taxed=False)
    tenant = a_customer(at_bright_spark, name="Tenant", billing_customer=agent)
    job = a_job(at_bright_spark, customer=tenant, pricing="fixed_price", fixed_price=Decimal(100))
    invoice = claim(job, percent=50)
    assert (invoice.customer, invoice.site_customer) == (agent, tenant)
    assert (invoice.total, invoice.tax) == (Decimal("50.00"), Decimal("0.00"))
    assert [*invoices_about(tenant)] == [*invoices_about(agent)] == [invoice]
    assert invoices_about(a_customer(at_bright_spark)).count() == 0
