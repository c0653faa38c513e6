"""Labour and supplies on a job: amounts, and what an invoice does to them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jobs.models import JobSupply, LabourEntry
from jobs.selectors import work_on
from jobs.services import (
    OnAnInvoice,
    change_labour,
    change_supply_use,
    log_labour,
    remove_labour,
    remove_supply_use,
)
from payments.models import Invoice, InvoiceLine
from tests.builders import a_job, a_labour_entry, a_supply, a_supply_use


def _invoice(entry):
    """A line of an invoice that carries this work."""
    job = entry.job
    day = date(2026, 5, 5)
    invoice = Invoice.objects.create(
        organization=job.organization, customer=job.customer, job=job, issued_on=day, due_on=day
    )
    of_work = {"labour_entry": entry} if isinstance(entry, LabourEntry) else {"job_supply": entry}
    return InvoiceLine.objects.create(
        organization=job.organization,
        invoice=invoice,
        position=1,
        kind="labour",
        description="work",
        unit_price=1,
        amount=1,
        **of_work,
    )


def test_running_totals_count_what_is_chargeable_in_whole_cents(at_bright_spark):
    job = a_job(at_bright_spark)
    a_labour_entry(job, hours=Decimal("3.5"), hourly_rate=Decimal("95.55"))
    a_labour_entry(job, is_chargeable=False)
    a_supply_use(job, quantity=Decimal("2.5"), unit_price=Decimal("54.5455"))
    work = work_on(job)
    assert (work.labour_total, work.supplies_total) == (Decimal("334.43"), Decimal("136.36"))
    assert work.total == Decimal("470.79")


def test_the_work_of_a_job_costs_three_queries(at_bright_spark, django_assert_num_queries):
    job = a_job(at_bright_spark)
    for _ in range(3):
        a_labour_entry(job)
        a_supply_use(job)
    with django_assert_num_queries(3):
        work = work_on(job)
        assert [use.supply.unit for use in work.supplies] == ["each"] * 3
        assert not any(entry.invoiced for entry in [*work.labour, *work.supplies])


@pytest.mark.parametrize("hours", ["0", "-1", "0.00001", "99999999999"])
def test_hours_that_cannot_be_are_refused(at_bright_spark, otto, hours):
    job = a_job(at_bright_spark)
    with pytest.raises(ValidationError):
        log_labour(
            job=job,
            by=otto,
            worker="Sam",
            worked_on=date(2026, 5, 4),
            hours=Decimal(hours),
            hourly_rate=Decimal(90),
        )
    assert not LabourEntry.objects.owned_by(at_bright_spark).exists()


def test_an_amount_that_no_invoice_can_hold_is_refused(at_bright_spark):
    job = a_job(at_bright_spark)
    with pytest.raises(ValidationError, match=r"\$100,000,000 or more"):
        a_supply_use(job, quantity=Decimal(9_000_000_000), unit_price=Decimal(9_000_000_000))
    assert not JobSupply.objects.owned_by(at_bright_spark).exists()


def test_a_supply_used_keeps_the_description_and_price_of_its_day(at_bright_spark, otto):
    from inventory.services import change_supply

    supply = a_supply(at_bright_spark, description="Downlight", is_taxed=False)
    use = a_supply_use(a_job(at_bright_spark), supply=supply)
    change_supply(supply=supply, by=otto, description="Lamp", sell_price=Decimal(99))
    use.refresh_from_db()
    assert (use.description, use.unit_price, use.is_taxed) == ("Downlight", Decimal("12.5"), False)


def test_invoiced_work_neither_changes_nor_goes(at_bright_spark, otto):
    job = a_job(at_bright_spark)
    entry, use = a_labour_entry(job), a_supply_use(job)
    _invoice(entry), _invoice(use)
    assert [row.invoiced for row in (*work_on(job).labour, *work_on(job).supplies)] == [True, True]
    for refused in (
        lambda: change_labour(entry=entry, by=otto, hours=Decimal(9)),
        lambda: remove_labour(entry=entry, by=otto),
        lambda: change_supply_use(use=use, by=otto, quantity=Decimal(9)),
        lambda: remove_supply_use(use=use, by=otto),
    ):
        with pytest.raises(OnAnInvoice, match="on an invoice already"):
            refused()
    entry.refresh_from_db()
    use.refresh_from_db()
    assert (entry.hours, use.quantity) == (Decimal(2), Decimal(1))


def test_work_of_a_voided_invoice_may_change_but_stays(at_bright_spark, otto):
    entry = a_labour_entry(a_job(at_bright_spark))
    line = _invoice(entry)
    line.released_at = timezone.now()
    line.save()
    with pytest.raises(OnAnInvoice, match="Untick Chargeable"):
        remove_labour(entry=entry, by=otto)
    assert change_labour(entry=entry, by=otto, is_chargeable=False).is_chargeable is False
    assert work_on(entry.job).labour_total == Decimal("0.00")


def test_work_that_was_never_invoiced_can_be_deleted(at_bright_spark, otto):
    job = a_job(at_bright_spark)
    remove_labour(entry=a_labour_entry(job), by=otto)
    remove_supply_use(use=a_supply_use(job), by=otto)
    assert work_on(job).total == Decimal("0.00")
    assert (work_on(job).labour, work_on(job).supplies) == ([], [])
