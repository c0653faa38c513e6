"""Supplier invoices and credits: totals, approval, repeats, prices."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ascora.common.totals import PricedLine, invoice_totals, net_lines
from ascora.outbox.models import EntryState
from ascora.outbox.selectors import entry_for
from inventory.models import SupplierInvoice
from inventory.pricing import NewPrice, sell_price_for
from inventory.selectors import changed_costs_of, lines_of_supplier_invoice
from inventory.services import (
    NewCost,
    SupplierIsOwed,
    approve_supplier_invoice,
    archive_supplier,
    change_supplier_invoice,
    delete_supplier_draft,
    draft_supplier_invoice,
    record_owed_for_supplier_invoice,
    take_over_costs,
    void_supplier_invoice,
)
from jobs.selectors import left_of_line, supplier_cost_of
from jobs.services import allocate_line, change_allocation, remove_allocation, remove_expense
from payments.services import note_closed_books
from tests.builders import a_job, a_supplier, a_supply, an_expense

DAY = date(2026, 11, 10)


def entered(organization, *costs, **values) -> SupplierInvoice:
    """A draft with a taxed line per cost."""
    supplier = values.pop("supplier", None) or a_supplier(organization)
    lines = [
        cost if isinstance(cost, NewCost) else NewCost(description="Pipe", unit_cost=Decimal(cost))
        for cost in costs
    ]
    given_values = {"dated_on": DAY} | values
    return draft_supplier_invoice(supplier=supplier, by=None, lines=lines, **given_values)


def amounts(invoice):
    return (invoice.subtotal, invoice.tax, invoice.total)


def test_sixty_dollars_with_tax_inside_are_54_55_and_5_45(at_bright_spark):
    invoice = entered(at_bright_spark, "60.00", tax_mode="inclusive")
    assert amounts(invoice) == (Decimal("54.55"), Decimal("5.45"), Decimal("60.00"))


def test_tax_is_worked_out_on_the_sum_and_untaxed_lines_have_none(at_bright_spark):
    free = NewCost(description="Freight", unit_cost=Decimal("10.00"), is_taxed=False)
    thirds = NewCost(description="Wire", unit_cost=Decimal("33.335"), quantity=Decimal("0.3333"))
    invoice = entered(at_bright_spark, thirds, "0.05", free)
    assert [line.amount for line in lines_of_supplier_invoice(invoice)] == [
        Decimal("11.11"), Decimal("0.05"), Decimal("10.00"),
    ]  # fmt: skip
    assert amounts(invoice) == (Decimal("21.16"), Decimal("1.12"), Decimal("22.28"))


def test_it_is_due_when_the_suppliers_days_say_and_a_credit_never(at_bright_spark):
    supplier = a_supplier(at_bright_spark, payment_days=14)
    assert entered(at_bright_spark, "1", supplier=supplier).due_on == date(2026, 11, 24)
    assert entered(at_bright_spark, "1", supplier=supplier, type="credit").due_on is None


@pytest.mark.parametrize("due_on", [date(2026, 11, 9)])
def test_due_before_its_date_is_refused_and_nothing_is_kept(at_bright_spark, due_on):
    with pytest.raises(ValidationError, match="before the date"):
        entered(at_bright_spark, "1", due_on=due_on)
    assert not SupplierInvoice.objects.owned_by(at_bright_spark).exists()


def test_the_same_number_twice_is_asked_about_and_kept_when_it_is_meant(at_bright_spark):
    supplier = a_supplier(at_bright_spark)
    entered(at_bright_spark, "1", supplier=supplier, number="A-7")
    with pytest.raises(ValidationError, match="entered already"):
        entered(at_bright_spark, "2", supplier=supplier, number="a-7")
    twice = entered(at_bright_spark, "2", supplier=supplier, number="a-7", allows_same_number=True)
    assert SupplierInvoice.objects.owned_by(at_bright_spark).count() == 2
    entered(at_bright_spark, "2", number="A-7")
    entered(at_bright_spark, "2", supplier=supplier, number="A-7", type="credit")
    with pytest.raises(ValidationError, match="entered already"):
        change_supplier_invoice(
            invoice=entered(at_bright_spark, "3", supplier=supplier), by=None, number="A-7"
        )
    change_supplier_invoice(invoice=twice, by=None, notes="It was meant")


def test_approval_records_it_once_and_a_draft_is_nobodys_business(at_bright_spark, otto):
    invoice = entered(at_bright_spark, "100.00")
    assert entry_for(invoice) is None
    approved = approve_supplier_invoice(invoice=invoice, by=otto)
    assert (approved.is_approved, approved.approved_by) == (True, otto)
    approve_supplier_invoice(invoice=invoice, by=otto)
    entry = entry_for(invoice)
    assert (entry.state, entry.version) == (EntryState.WAITING, 1)
    changed = change_supplier_invoice(
        invoice=invoice, by=otto, lines=[NewCost(description="Pipe", unit_cost=Decimal(80))]
    )
    assert (changed.total, entry_for(invoice).version) == (Decimal("88.00"), 2)
    assert void_supplier_invoice(invoice=invoice, by=otto).is_void
    assert entry_for(invoice).version == 3


@pytest.mark.parametrize("costs", [[], ["0"], ["10", "-10"]])
def test_what_comes_to_nothing_is_not_approved(at_bright_spark, costs):
    invoice = entered(at_bright_spark, *costs)
    with pytest.raises(ValidationError, match="comes to nothing"):
        approve_supplier_invoice(invoice=invoice, by=None)
    invoice.refresh_from_db()
    assert invoice.is_draft
    assert entry_for(invoice) is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (NewCost(description=" ", unit_cost=Decimal(1)), "description"),
        (NewCost(description="x" * 5000, unit_cost=Decimal(1)), "4,000"),
        (NewCost(description="Pipe", unit_cost=Decimal(1), quantity=Decimal(0)), "quantity"),
        (NewCost(description="Pipe", unit_cost=Decimal(100_000_000)), "100,000,000"),
        (NewCost(description="Pipe", unit_cost=Decimal(-1)), "less than nothing"),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_nothing_is_kept(at_bright_spark, line, says):
    with pytest.raises(ValidationError, match=says):
        entered(at_bright_spark, line)
    assert not SupplierInvoice.objects.owned_by(at_bright_spark).exists()


def test_what_the_books_have_paid_is_neither_voided_nor_made_less_of(at_bright_spark):
    invoice = approve_supplier_invoice(invoice=entered(at_bright_spark, "100.00"), by=None)
    record_owed_for_supplier_invoice(invoice=invoice, owed=Decimal("50.00"), origin="quickbooks")
    with pytest.raises(ValidationError, match=r"60\.00 of it is paid"):
        void_supplier_invoice(invoice=invoice, by=None)
    with pytest.raises(ValidationError, match="have paid"):
        change_supplier_invoice(
            invoice=invoice, by=None, lines=[NewCost(description="Pipe", unit_cost=Decimal(50))]
        )
    invoice.refresh_from_db()
    assert (invoice.total, invoice.still_owed) == (Decimal("110.00"), Decimal("50.00"))
    more = change_supplier_invoice(
        invoice=invoice, by=None, lines=[NewCost(description="Pipe", unit_cost=Decimal(110))]
    )
    assert (more.total, more.still_owed, more.is_settled) == (
        Decimal("121.00"), Decimal("61.00"), False,
    )  # fmt: skip


def test_a_draft_is_deleted_an_approved_one_is_not(at_bright_spark):
    draft = entered(at_bright_spark, "1")
    delete_supplier_draft(invoice=draft, by=None)
    approved = approve_supplier_invoice(invoice=entered(at_bright_spark, "1"), by=None)
    with pytest.raises(ValidationError, match="void it"):
        delete_supplier_draft(invoice=approved, by=None)
    assert SupplierInvoice.objects.owned_by(at_bright_spark).get() == approved


def test_a_supplier_that_is_owed_is_not_archived(at_bright_spark):
    invoice = approve_supplier_invoice(invoice=entered(at_bright_spark, "1"), by=None)
    with pytest.raises(SupplierIsOwed):
        archive_supplier(supplier=invoice.supplier, by=None)
    record_owed_for_supplier_invoice(invoice=invoice, owed=Decimal(0), origin="quickbooks")
    assert archive_supplier(supplier=invoice.supplier, by=None).is_archived


def test_jobs_take_shares_to_the_cent_and_never_more_than_the_line(at_bright_spark):
    invoice = entered(at_bright_spark, "100.01")
    (line,) = lines_of_supplier_invoice(invoice)
    first, second = a_job(at_bright_spark), a_job(at_bright_spark)
    share = allocate_line(line=line, by=None, job=first, amount=Decimal("33.34"))
    with pytest.raises(ValidationError, match=r"66\.67"):
        allocate_line(line=line, by=None, job=second, amount=Decimal("66.68"))
    allocate_line(line=line, by=None, job=second, amount=None)
    assert left_of_line(line) == 0
    with pytest.raises(ValidationError, match="allocated already"):
        allocate_line(line=line, by=None, job=second, amount=None)
    assert supplier_cost_of(first) == 0, "a draft is no cost yet"
    approve_supplier_invoice(invoice=invoice, by=None)
    assert (supplier_cost_of(first), supplier_cost_of(second)) == (
        Decimal("33.34"), Decimal("66.67"),
    )  # fmt: skip
    change_allocation(allocation=share, by=None, amount=Decimal("10.00"))
    assert entry_for(invoice).version == 2, "the line over there names its jobs"
    remove_allocation(allocation=share, by=None)
    assert (supplier_cost_of(first), left_of_line(line)) == (0, Decimal("33.34"))


def test_a_credit_takes_cost_off_the_job_and_a_void_one_counts_nothing(at_bright_spark):
    invoice = approve_supplier_invoice(
        invoice=entered(at_bright_spark, "40.00", type="credit"), by=None
    )
    job = a_job(at_bright_spark)
    (line,) = lines_of_supplier_invoice(invoice)
    allocate_line(line=line, by=None, job=job, amount=Decimal(15))
    assert supplier_cost_of(job) == Decimal("-15.00")
    void_supplier_invoice(invoice=invoice, by=None)
    assert supplier_cost_of(job) == 0


def test_shares_give_way_when_their_line_becomes_smaller(at_bright_spark):
    invoice = entered(at_bright_spark, "100.00")
    (line,) = lines_of_supplier_invoice(invoice)
    first, second = a_job(at_bright_spark), a_job(at_bright_spark)
    allocate_line(line=line, by=None, job=first, amount=Decimal(60))
    allocate_line(line=line, by=None, job=second, amount=Decimal(40))
    smaller = NewCost(description="Pipe", unit_cost=Decimal(70), existing=line)
    change_supplier_invoice(invoice=invoice, by=None, lines=[smaller])
    approve_supplier_invoice(invoice=invoice, by=None)
    assert (supplier_cost_of(first), supplier_cost_of(second)) == (Decimal(60), Decimal(10))


@pytest.mark.parametrize(
    ("rule", "old", "new", "sell", "becomes"),
    [
        (NewPrice.KEEP_MARKUP, "10", "12", "15", "18"),
        (NewPrice.KEEP_MARKUP, "10", "8", "15", "12"),
        (NewPrice.KEEP_MARKUP, "3", "1", "10", "3.3333"),
        (NewPrice.KEEP_MARKUP, "0", "8", "15", "15"),
        (NewPrice.KEEP_SELL_PRICE, "10", "12", "15", "15"),
        (NewPrice.USE_THE_HIGHER, "10", "12", "15", "18"),
        (NewPrice.USE_THE_HIGHER, "10", "8", "15", "15"),
    ],
)
def test_a_new_cost_price_gives_the_sell_price_of_its_rule(rule, old, new, sell, becomes):
    found = sell_price_for(
        rule, old_cost=Decimal(old), new_cost=Decimal(new), sell_price=Decimal(sell)
    )
    assert found == Decimal(becomes)


def test_changed_costs_are_offered_before_tax_and_taken_over_once(at_bright_spark):
    supply = a_supply(at_bright_spark, cost_price=Decimal(10), sell_price=Decimal(15))
    same = a_supply(at_bright_spark, cost_price=Decimal(5), sell_price=Decimal(7))
    invoice = entered(
        at_bright_spark,
        NewCost(description="Pipe", unit_cost=Decimal("13.20"), supply=supply),
        NewCost(description="Tape", unit_cost=Decimal("5.50"), supply=same),
        tax_mode="inclusive",
    )
    (cost,) = changed_costs_of(invoice)
    assert (cost.supply, cost.new_cost, cost.higher) == (supply, Decimal(12), Decimal(18))
    rules = {supply.pk: NewPrice.KEEP_MARKUP}
    (changed,) = take_over_costs(invoice=invoice, by=None, rules=rules)
    assert (changed.cost_price, changed.sell_price) == (Decimal(12), Decimal(18))
    assert take_over_costs(invoice=invoice, by=None, rules=rules) == []


@given(
    st.lists(
        st.tuples(st.decimals("-500", "5000", places=2), st.booleans()), min_size=1, max_size=12
    ),
    st.sampled_from(["exclusive", "inclusive"]),
)
def test_no_cent_appears_or_disappears_between_lines_and_totals(rows, mode):
    lines = [PricedLine(amount, taxed) for amount, taxed in rows]
    totals = invoice_totals(lines, percent=Decimal(10), mode=mode)
    nets = net_lines(lines, percent=Decimal(10), mode=mode)
    assert sum(nets) == totals.subtotal
    assert totals.subtotal + totals.tax == totals.total
    if mode == "inclusive":
        assert totals.total == sum(amount for amount, _ in rows)


def test_an_expense_is_refused_when_its_invoice_is_entered_here_already(at_bright_spark):
    supplier = a_supplier(at_bright_spark)
    entered(at_bright_spark, "100.00", supplier=supplier, number="A-7")
    job = a_job(at_bright_spark)
    with pytest.raises(ValidationError, match="Allocate its lines to the job there"):
        an_expense(job, supplier=supplier, supplier_number="a-7")
    assert not job.expenses.exists()


def test_an_invoice_that_is_an_expense_already_is_asked_about_and_kept_when_it_is_meant(
    at_bright_spark,
):
    supplier = a_supplier(at_bright_spark, name="Reece Plumbing")
    job = a_job(at_bright_spark)
    expense = an_expense(job, supplier=supplier, supplier_number="A-7")
    with pytest.raises(ValidationError, match=r"is entered as an expense of .* already"):
        entered(at_bright_spark, "1", supplier=supplier, number="a-7")
    assert not SupplierInvoice.objects.owned_by(at_bright_spark).exists()
    entered(at_bright_spark, "1", supplier=supplier, number="a-7", allows_same_number=True)
    remove_expense(expense=expense, by=None)
    entered(at_bright_spark, "1", supplier=supplier, number="A-8")


def test_one_of_a_closed_day_is_not_approved_and_stays_a_draft(at_bright_spark):
    draft = entered(at_bright_spark, "10", dated_on=date(2026, 5, 31))
    note_closed_books(organization=at_bright_spark, until=date(2026, 5, 31))
    with pytest.raises(ValidationError, match="The books are closed until 31 May 2026"):
        approve_supplier_invoice(invoice=draft, by=None)
    draft.refresh_from_db()
    assert (draft.status, entry_for(draft)) == ("draft", None)
    change_supplier_invoice(invoice=draft, by=None, dated_on=date(2026, 6, 1))
    assert approve_supplier_invoice(invoice=draft, by=None).is_approved
