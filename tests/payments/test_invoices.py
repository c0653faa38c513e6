"""Drafting, issuing, amending and voiding."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState
from ascora.outbox.selectors import entry_for
from ascora.tenancy.selectors import today_for
from jobs.models import Job, JobStatus, Pricing
from jobs.services import OnAnInvoice, change_labour
from payments.models import Invoice, InvoiceLine, InvoiceStatus
from payments.selectors import uninvoiced_work_for
from payments.services import (
    NewLine,
    Refused,
    amend_invoice,
    change_draft,
    delete_draft,
    draft_invoice,
    draft_invoice_from_job,
    issue_invoice,
    void_invoice,
)
from tests.builders import (
    a_customer,
    a_draft,
    a_job,
    a_labour_entry,
    a_line,
    a_payment,
    a_supply_use,
    an_invoice,
)


@pytest.fixture
def job(at_bright_spark) -> Job:
    """3.5 h at $95.00 and two supplies of $12.50, and two hours of warranty work for nothing."""
    job = a_job(at_bright_spark, purchase_order="PO-77")
    a_labour_entry(job, hours=Decimal("3.5"))
    a_labour_entry(job, is_chargeable=False)
    a_supply_use(job)
    a_supply_use(job)
    return job


def test_a_draft_from_a_job_takes_all_that_is_chargeable_once_and_only_once(job):
    invoice = draft_invoice_from_job(job=job, by=None)
    assert [(line.kind, line.amount) for line in invoice.lines.all()] == [
        ("labour", Decimal("332.50")),
        ("supply", Decimal("12.50")),
        ("supply", Decimal("12.50")),
    ]
    assert (invoice.subtotal, invoice.tax, invoice.total, invoice.balance) == (
        Decimal("357.50"),
        Decimal("35.75"),
        Decimal("393.25"),
        Decimal("393.25"),
    )
    assert (invoice.number, invoice.status, invoice.purchase_order) == ("", "draft", "PO-77")
    with pytest.raises(Refused, match="on an invoice already"):
        draft_invoice_from_job(job=job, by=None)
    assert Invoice.objects.owned_by(job.organization).count() == 1


def test_work_on_a_draft_cannot_be_changed(job):
    entry = job.labour_entries.get(is_chargeable=True)
    draft_invoice_from_job(job=job, by=None)
    with pytest.raises(OnAnInvoice):
        change_labour(entry=entry, by=None, hours=Decimal(1))


def test_work_logged_later_goes_to_the_next_invoice(job):
    draft_invoice_from_job(job=job, by=None)
    a_labour_entry(job, hours=Decimal(1))
    second = draft_invoice_from_job(job=job, by=None)
    assert [line.amount for line in second.lines.all()] == [Decimal("95.00")]


def test_an_empty_job_is_not_invoiced(at_bright_spark):
    with pytest.raises(Refused, match="nothing to charge for"):
        draft_invoice_from_job(job=a_job(at_bright_spark), by=None)
    assert not Invoice.objects.owned_by(at_bright_spark).exists()


def test_a_fixed_price_job_gives_one_line_as_agreed_once(at_bright_spark):
    job = a_job(at_bright_spark, pricing=Pricing.FIXED_PRICE, fixed_price=Decimal("1577.00"))
    a_labour_entry(job)
    invoice = draft_invoice_from_job(job=job, by=None)
    line = invoice.lines.get()
    assert (line.description, line.amount, line.labour_entry) == (
        f"{job.number}: as agreed",
        Decimal("1577.00"),
        None,
    )
    assert invoice.total == Decimal("1734.70")
    with pytest.raises(Refused, match="fixed price is on an invoice already"):
        draft_invoice_from_job(job=job, by=None)


def test_a_customer_who_is_not_taxed_is_not_taxed(at_bright_spark):
    job = a_job(at_bright_spark, customer=a_customer(at_bright_spark, is_taxed=False))
    a_labour_entry(job)
    a_supply_use(job)
    invoice = draft_invoice_from_job(job=job, by=None)
    assert (invoice.tax, invoice.total) == (Decimal(0), Decimal("202.50"))


def test_deleting_a_draft_sets_its_work_free(job):
    delete_draft(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    assert uninvoiced_work_for(job).total == Decimal("357.50")


def test_a_line_left_out_of_a_draft_sets_its_work_free(job):
    invoice = draft_invoice_from_job(job=job, by=None)
    labour = invoice.lines.get(kind="labour")
    kept = NewLine(
        description="Labour, goodwill", unit_price=Decimal(80), quantity=Decimal(3), existing=labour
    )
    invoice = change_draft(invoice=invoice, by=None, lines=[kept])
    assert [(line.labour_entry_id, line.amount) for line in invoice.lines.all()] == [
        (labour.labour_entry_id, Decimal("240.00"))
    ]
    assert uninvoiced_work_for(job).total == Decimal("25.00")


def test_issuing_gives_the_number_and_records_it_for_the_books(job, otto):
    draft = draft_invoice_from_job(job=job, by=otto)
    assert entry_for(draft) is None
    invoice = issue_invoice(invoice=draft, by=otto, closes_job=True)
    entry = entry_for(invoice)
    assert (invoice.number, invoice.status) == ("INV-1001", InvoiceStatus.ISSUED)
    assert (entry.state, entry.version, entry.recorded_by) == (EntryState.WAITING, 1, otto)
    assert invoice.due_on == today_for(job.organization) + timedelta(days=14)
    assert Job.objects.get(pk=job.pk, organization=job.organization).status == JobStatus.CLOSED
    assert invoice.versions.get().document["total"] == "393.25"


def test_issuing_on_another_day_keeps_the_days_to_pay(at_bright_spark):
    draft = a_draft(at_bright_spark)
    invoice = issue_invoice(invoice=draft, by=None, issued_on=date(2026, 6, 1))
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 6, 1), date(2026, 6, 15))


def test_numbers_follow_each_other_and_a_refusal_takes_none(at_bright_spark):
    empty = draft_invoice(customer=a_customer(at_bright_spark), by=None)
    assert an_invoice(at_bright_spark).number == "INV-1001"
    with pytest.raises(Refused, match="nothing on this invoice"):
        issue_invoice(invoice=empty, by=None)
    assert an_invoice(at_bright_spark).number == "INV-1002"


def test_an_invoice_is_issued_once(at_bright_spark):
    invoice = an_invoice(at_bright_spark)
    with pytest.raises(Refused, match="issued already"):
        issue_invoice(invoice=invoice, by=None)
    with pytest.raises(Refused, match="Amend or void"):
        change_draft(invoice=invoice, by=None, summary="New words")
    with pytest.raises(Refused, match="Amend or void"):
        delete_draft(invoice=invoice, by=None)
    invoice.refresh_from_db()
    assert (invoice.number, invoice.summary) == ("INV-1001", "")


def test_an_invoice_cannot_come_to_less_than_nothing(at_bright_spark):
    with pytest.raises(Refused, match="less than nothing"):
        a_draft(at_bright_spark, "10.00", "-10.01")
    assert not Invoice.objects.owned_by(at_bright_spark).exists()


def test_an_invoice_of_nothing_is_paid(at_bright_spark):
    assert an_invoice(at_bright_spark, "10.00", "-10.00").status == InvoiceStatus.PAID


def test_60_inclusive_is_60(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "60.00", tax_mode="inclusive")
    assert (invoice.subtotal, invoice.tax, invoice.total) == (
        Decimal("54.55"),
        Decimal("5.45"),
        Decimal("60.00"),
    )


def test_amending_makes_a_version_with_before_and_after_and_follows_to_the_books(at_bright_spark):
    invoice = an_invoice(at_bright_spark, "100.00")
    line = invoice.lines.get()
    dearer = NewLine(description="Work, two days", unit_price=Decimal(150), existing=line)
    amended = amend_invoice(invoice=invoice, reason="A second day", by=None, lines=[dearer])
    assert (amended.version, amended.total, amended.balance) == (2, Decimal(165), Decimal(165))
    after, before = amended.versions.all()
    assert (after.reason, after.document["total"]) == ("A second day", "165.00")
    assert (before.reason, before.document["total"]) == ("Issued", "110.00")
    assert entry_for(amended).version == 2


@pytest.mark.parametrize(
    ("reason", "amount", "sentence"),
    [
        ("", "120.00", "Say why"),
        ("Typo", "100.00", "Nothing was changed"),
        ("Goodwill", "50.00", "Reverse a payment first"),
    ],
)
def test_an_amendment_that_cannot_be_changes_nothing(at_bright_spark, reason, amount, sentence):
    invoice = an_invoice(at_bright_spark, "100.00")
    a_payment(invoice, "60.00")
    line = NewLine(
        description="Work as agreed", unit_price=Decimal(amount), existing=invoice.lines.get()
    )
    with pytest.raises(Refused, match=sentence):
        amend_invoice(invoice=invoice, reason=reason, by=None, lines=[line])
    invoice.refresh_from_db()
    assert (invoice.version, invoice.total, invoice.balance) == (1, Decimal(110), Decimal(50))
    assert entry_for(invoice).version == 1


def test_voiding_releases_the_work_and_keeps_the_number(job):
    invoice = issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    void_invoice(invoice=invoice, reason="Wrong customer", by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.number, invoice.total, invoice.balance) == (
        InvoiceStatus.VOID,
        "INV-1001",
        Decimal(0),
        Decimal(0),
    )
    assert uninvoiced_work_for(job).total == Decimal("357.50")
    assert draft_invoice_from_job(job=job, by=None).total == Decimal("393.25")
    assert entry_for(invoice).version == 2
    assert [v.reason for v in invoice.versions.all()] == ["Wrong customer", "Issued"]


def test_an_invoice_is_not_voided_while_payments_stand_on_it(at_bright_spark):
    invoice = an_invoice(at_bright_spark)
    a_payment(invoice, "60.00")
    with pytest.raises(Refused, match=r"Payments have settled \$60.00 of INV-1001. Reverse them"):
        void_invoice(invoice=invoice, reason="", by=None)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.voided_at) == (InvoiceStatus.PART_PAID, None)
    lines = InvoiceLine.objects.owned_by(at_bright_spark)
    assert not lines.exclude(released_at=None).exists()


def test_a_void_invoice_stays_void(at_bright_spark):
    invoice = void_invoice(invoice=an_invoice(at_bright_spark), reason="", by=None)
    with pytest.raises(Refused, match="is void and stays"):
        void_invoice(invoice=invoice, reason="", by=None)
    with pytest.raises(Refused, match="is void and stays"):
        amend_invoice(invoice=invoice, reason="Again", by=None, lines=[a_line()])


def test_a_due_date_before_the_invoice_date_is_refused(at_bright_spark):
    with pytest.raises(Refused, match="due date is before"):
        a_draft(at_bright_spark, issued_on=date(2026, 5, 4), due_on=date(2026, 5, 3))


def test_a_line_without_words_is_refused(at_bright_spark):
    with pytest.raises(Refused, match="needs a description"):
        a_draft(at_bright_spark, lines=[a_line(description="  ")])
