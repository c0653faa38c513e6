"""Claims and invoices for several jobs in the simulator's books: which accounts they move, by how
many cents, and whom they name.
"""

from datetime import date
from decimal import Decimal

import pytest

from integrations.models import InvoiceReference
from jobs.models import Customer, JobStatus, Pricing
from jobs.services import change_customer, change_job, log_labour, set_job_status
from payments.models import Invoice
from payments.services import (
    Share,
    Wish,
    claim_fixed_price,
    draft_invoice_from_job,
    invoice_jobs,
    issue_invoice,
    void_invoice,
)
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

A_DAY = date(2026, 11, 10)


def an_agent_and_a_tenant(spark: Connected) -> tuple[Customer, Customer]:
    """The agent pays for what is done at the tenant's."""
    agent, tenant = spark.customer("Agent Pty Ltd"), spark.customer("Tenant")
    with spark.acting():
        tenant = change_customer(customer=tenant, by=None, billing_customer=agent)
    return agent, tenant


def test_claims_move_the_fixed_price_into_the_labour_account_and_not_a_cent_more(
    spark: Connected,
) -> None:
    spark.set(invoice_reference=InvoiceReference.SITE_ADDRESS)
    agent, tenant = an_agent_and_a_tenant(spark)
    job = spark.job(tenant, labour_account="4110")
    with spark.acting():
        job = change_job(
            job=job,
            by=None,
            pricing=Pricing.FIXED_PRICE,
            fixed_price=Decimal("1000.01"),
            site_street="4 Elm Rd",
        )
        issued: list[Invoice] = []
        for name, share in (
            ("Deposit", Share(percent=Decimal(30))),
            ("Mistake", Share(amount=Decimal("123.45"))),
        ):
            draft = claim_fixed_price(job=job, name=name, share=share, by=None)
            issued.append(issue_invoice(invoice=draft, by=None, issued_on=A_DAY))
        void_invoice(invoice=issued[1], reason="Mistake", by=None)
        rest = draft_invoice_from_job(job=job, by=None)
        issued.append(issue_invoice(invoice=rest, by=None, issued_on=A_DAY))
    before = spark.balances()
    spark.drain()
    after = spark.balances()
    moved = {code: after.get(code, 0) - before.get(code, 0) for code in {*before, *after}}
    assert {code: amount for code, amount in moved.items() if amount} == {
        "1200": Decimal("1100.01"),
        "2200": Decimal("-100.00"),
        "4110": Decimal("-1000.01"),
    }
    assert spark.differences() == []
    (deposit,) = spark.remote_invoices(issued[0].number)
    assert deposit["CustomerRef"]["name"] == agent.name
    assert deposit["CustomerMemo"]["value"] == "Tenant, 4 Elm Rd"
    lines = [line["Description"] for line in deposit["Line"] if "Description" in line]
    assert lines == [
        f"{job.number}: Rewire the kitchen\nAt Tenant, 4 Elm Rd",
        f"{job.number}: Deposit 30 %",
    ]


@pytest.mark.parametrize("pushes_lines", [True, False])
def test_an_invoice_for_several_jobs_tells_each_line_s_job_and_account(
    spark: Connected, pushes_lines: bool
) -> None:
    spark.set(pushes_lines=pushes_lines)
    agent, tenant = an_agent_and_a_tenant(spark)
    jobs = [spark.job(agent, labour_account="4110"), spark.job(tenant)]
    with spark.acting():
        for job, hours in zip(jobs, ("2", "1.5"), strict=True):
            log_labour(
                job=job, by=None, worker="Sam", worked_on=A_DAY, hours=Decimal(hours),
                hourly_rate=Decimal("95.50"),
            )  # fmt: skip
            set_job_status(job=job, status=JobStatus.COMPLETED, by=None)
        for job in jobs:
            job.refresh_from_db()
        outcomes = invoice_jobs(jobs=jobs, wish=Wish(together=True, issued_on=A_DAY), by=None)
    assert [outcome.why_not for outcome in outcomes] == ["", ""]
    invoice = outcomes[0].invoice
    before = spark.balances()
    spark.drain()
    moved = {code: amount - before.get(code, 0) for code, amount in spark.balances().items()}
    assert moved["4110"] == Decimal("-191.00")
    assert moved["4100"] == Decimal("-143.25")
    assert moved["1200"] == invoice.total
    assert spark.differences() == []
    (remote,) = spark.remote_invoices(invoice.number)
    sold = [line["Description"] for line in remote["Line"] if "SalesItemLineDetail" in line]
    assert [said.partition(":")[0] for said in sold] == [job.number for job in jobs]
