"""Customers merged in the books: ours follows the survivor, and no invoice is taken for edited."""

from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.contracts import Hint
from integrations.pull import pull
from integrations.pull.hints import announced_survivor, expect_changes
from integrations.selectors import document_state_for
from jobs.models import Customer, Job
from jobs.services import change_customer
from payments.models import Invoice, InvoiceStatus
from tests.builders import a_customer, a_job
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]


@pytest.fixture
def invoice(spark: Connected) -> Invoice:
    """110.00 of a customer of ours, in the books."""
    made = spark.invoice(spark.customer("Jo Smith"))
    spark.drain()
    return made


def fresh(spark: Connected, row):
    with spark.acting():
        return (
            type(row)
            .objects.select_related("customer")
            .get(organization=spark.organization, pk=row.pk)
        )


def customers_there(spark: Connected) -> set[str]:
    return {row["Id"] for row in spark.company.rows("Customer", "maxresults 1000")}


def fresh_customer(spark: Connected, customer: Customer) -> Customer:
    with spark.acting():
        return Customer.objects.get(organization=spark.organization, pk=customer.pk)


def merge(spark: Connected, customer: Customer, into: str) -> None:
    """Ours is merged away over there."""
    loser = spark.link(customer).remote_id
    spark.company.bookkeeper("merge_customers", id=loser, into=into)


def paid_there(spark: Connected, invoice: Invoice) -> None:
    remote = spark.link(invoice).remote_id
    spark.company.bookkeeper("receive_payment", invoice_ids=[remote], account_number="1100")
    assert pull(spark.organization).bad == []


def test_merged_into_a_stranger_ours_stands_for_that_and_goes_on(spark, invoice):
    other = spark.company.bookkeeper(
        "add_customer", DisplayName="Smith Holdings", name="Smith Holdings"
    )
    before = spark.balances()
    merge(spark, invoice.customer, other["Id"])
    assert pull(spark.organization).bad == []
    assert spark.link(invoice.customer).remote_id == other["Id"]
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.balances() == before
    spark.amend(invoice, price="200.00")
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    (there,) = spark.remote_invoices(invoice.number)
    assert there["CustomerRef"]["value"] == other["Id"]
    assert Decimal(str(there["TotalAmt"])) == Decimal("220.00")
    paid_there(spark, invoice)
    assert fresh(spark, invoice).status == InvoiceStatus.PAID


def test_merged_into_another_of_ours_a_press_merges_them_here_too(spark, invoice):
    with spark.acting():
        job = a_job(spark.organization, customer=invoice.customer)
    survivor = spark.invoice(spark.customer("Smith Holdings")).customer
    spark.drain()
    merge(spark, invoice.customer, spark.link(survivor).remote_id)
    assert pull(spark.organization).bad == []
    entry = spark.entry(invoice.customer)
    assert entry.hold == Hold.MERGED_THERE
    assert "merged into Smith Holdings" in entry.message
    assert spark.entry(invoice).state == EntryState.DONE
    with spark.acting():
        presses = document_state_for(invoice.customer).presses
        assert presses == [("merge-here", "Merge here too"), ("create-again", "Keep both")]
        repairs.merge_here(document=invoice.customer, by=None)
    spark.drain(2)
    assert fresh(spark, invoice).customer == survivor
    with spark.acting():
        assert Job.objects.get(organization=spark.organization, pk=job.pk).customer == survivor
        loser = Customer.objects.get(organization=spark.organization, pk=invoice.customer.pk)
    assert loser.is_archived
    assert spark.entry(loser).state == EntryState.DONE
    paid_there(spark, invoice)
    paid = fresh(spark, invoice)
    assert paid.status == InvoiceStatus.PAID
    with spark.acting():
        assert paid.allocations.get().payment.customer == survivor
    assert spark.differences() == []


def merged(spark: Connected, invoice: Invoice) -> Customer:
    """The customer of the invoice, merged there into another of ours."""
    survivor = spark.invoice(spark.customer("Smith Holdings")).customer
    spark.drain()
    merge(spark, invoice.customer, spark.link(survivor).remote_id)
    assert pull(spark.organization).bad == []
    return invoice.customer


def test_the_question_stays_whatever_is_tried_or_changed_meanwhile(spark, invoice):
    customer = merged(spark, invoice)
    before = customers_there(spark)
    with spark.acting(), pytest.raises(repairs.NotPossible, match="Open the document"):
        repairs.try_again_entry(entry=spark.entry(customer))
    with spark.acting():
        change_customer(customer=customer, by=None, phone="02 9555 0101")
    another = spark.invoice(customer)
    spark.drain(3)
    entry = spark.entry(customer)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.MERGED_THERE)
    assert "merged into Smith Holdings" in entry.message
    assert spark.entry(another).state != EntryState.DONE
    assert customers_there(spark) == before
    with spark.acting():
        repairs.merge_here(document=customer, by=None)
    spark.drain(3)
    assert spark.entry(another).state == EntryState.DONE
    assert customers_there(spark) == before


def test_who_keeps_both_has_a_customer_of_its_own_there_again(spark, invoice):
    customer = merged(spark, invoice)
    before = customers_there(spark)
    with spark.acting():
        repairs.create_again(document=customer, by=None)
    another = spark.invoice(customer)
    spark.drain(3)
    assert spark.entry(customer).state == EntryState.DONE
    assert spark.entry(another).state == EntryState.DONE
    assert len(customers_there(spark)) == len(before) + 1
    (there,) = spark.remote_invoices(another.number)
    assert there["CustomerRef"]["value"] == spark.link(customer).remote_id
    assert not fresh_customer(spark, customer).is_archived


def test_a_chain_of_merges_answered_one_by_one_takes_no_invoice_for_edited(spark, invoice):
    customer = merged(spark, invoice)
    with spark.acting():
        repairs.merge_here(document=customer, by=None)
    spark.drain(3)
    middle = fresh(spark, invoice).customer
    last = spark.invoice(spark.customer("Smith & Sons")).customer
    spark.drain()
    merge(spark, middle, spark.link(last).remote_id)
    assert pull(spark.organization).bad == []
    assert spark.entry(middle).hold == Hold.MERGED_THERE
    assert (spark.entry(invoice).state, spark.entry(invoice).message) == (EntryState.DONE, "")
    with spark.acting():
        repairs.merge_here(document=middle, by=None)
    spark.drain(3)
    assert fresh(spark, invoice).customer == last
    assert spark.differences() == []


def test_jobs_of_a_merged_customer_keep_their_payer_and_their_site(spark, invoice):
    survivor = spark.invoice(spark.customer("Smith Holdings")).customer
    spark.drain()
    with spark.acting():
        loser, strata = invoice.customer, a_customer(spark.organization, name="Strata Plan 8")
        tenant = a_customer(spark.organization, name="Tenant", billing_customer=strata)
        change_customer(customer=loser, by=None, billing_customer=strata)
        plain = a_job(spark.organization, customer=loser, site_street="8 Ash Lane")
        ordered = a_job(spark.organization, customer=tenant, billing_customer=loser)
    merge(spark, loser, spark.link(survivor).remote_id)
    assert pull(spark.organization).bad == []
    with spark.acting():
        repairs.merge_here(document=loser, by=None)
        jobs = {job.pk: job for job in Job.objects.owned_by(spark.organization)}
        assert (jobs[plain.pk].customer, jobs[plain.pk].billed) == (survivor, strata)
        assert jobs[plain.pk].site_street == "8 Ash Lane"
        assert jobs[ordered.pk].billed == survivor


def test_who_paid_for_others_hands_them_to_the_payer_of_the_one_that_stays(spark, invoice):
    survivor = spark.invoice(spark.customer("Smith Holdings")).customer
    spark.drain()
    with spark.acting():
        strata = a_customer(spark.organization, name="Strata Plan 8")
        tenant = a_customer(spark.organization, name="Tenant", billing_customer=invoice.customer)
        change_customer(customer=survivor, by=None, billing_customer=strata)
        job = a_job(spark.organization, customer=invoice.customer)
    merge(spark, invoice.customer, spark.link(survivor).remote_id)
    assert pull(spark.organization).bad == []
    with spark.acting():
        repairs.merge_here(document=invoice.customer, by=None)
        for row in (tenant, job):
            row.refresh_from_db()
        assert tenant.billing_customer == strata
        assert (job.customer, job.billed) == (survivor, strata)


def test_an_invoice_issued_before_the_merge_was_read_goes_on_once_it_is(spark, invoice):
    other = spark.company.bookkeeper("add_customer", DisplayName="Other", name="Other")["Id"]
    merge(spark, invoice.customer, other)
    late = spark.invoice(invoice.customer)
    spark.drain(2)
    assert spark.entry(late).hold == Hold.REMOTE_GONE
    assert pull(spark.organization).bad == []
    spark.drain(2)
    assert spark.entry(late).state == EntryState.DONE
    (there,) = spark.remote_invoices(late.number)
    assert there["CustomerRef"]["value"] == other


def announce(spark: Connected, gone: str, into: str) -> None:
    told = Hint(f"{gone}-{into}", spark.company.realm, "customer", into, "merged", gone_id=gone)
    with spark.acting():
        expect_changes(spark.connection, [told])


def test_a_chain_of_announced_merges_is_followed_to_its_end_without_any_document(spark):
    with spark.acting():
        lonely = spark.customer("Jo Smith")
        repairs.send_now(document=lonely, by=None)
    spark.drain()
    gone = spark.link(lonely).remote_id
    names = ("Smith Holdings", "Smith Group")
    first, last = (
        spark.company.bookkeeper("add_customer", DisplayName=name, name=name)["Id"]
        for name in names
    )
    for loser, survivor in ((gone, first), (first, last)):
        announce(spark, loser, survivor)
        spark.company.bookkeeper("merge_customers", id=loser, into=survivor)
    assert pull(spark.organization).bad == []
    assert spark.link(lonely).remote_id == last
    assert spark.link(lonely).gone_at is None
    assert fresh_name(spark, lonely) == "Smith Group"


def test_merges_announced_in_a_circle_are_not_followed_for_ever(spark, invoice):
    gone = spark.link(invoice.customer).remote_id
    other = spark.company.bookkeeper("add_customer", DisplayName="Other", name="Other")["Id"]
    announce(spark, gone, other)
    announce(spark, other, gone)
    with spark.acting():
        assert announced_survivor(spark.connection, kind="customer", gone_id=gone) == other


def fresh_name(spark: Connected, customer: Customer) -> str:
    with spark.acting():
        return Customer.objects.owned_by(spark.organization).get(pk=customer.pk).name


def test_a_deletion_is_still_a_deletion(spark, invoice):
    lonely = spark.invoice(spark.customer("Nobody Else"))
    spark.drain()
    assert pull(spark.organization).bad == []
    spark.company.bookkeeper("delete", kind="Invoice", id=spark.link(lonely).remote_id)
    assert pull(spark.organization).bad == []
    assert spark.entry(lonely).hold == Hold.REMOTE_GONE
