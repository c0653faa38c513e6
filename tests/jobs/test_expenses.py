"""Expenses of a job: what they come to, who may change what when, and what the customer pays."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ascora.attachments.selectors import attachments_for
from ascora.chart.models import AccountKind
from ascora.common.money import line_amount
from ascora.outbox.selectors import entry_for
from ascora.tenancy.rls import acting_for
from jobs.models import Expense
from jobs.services import (
    OnAnInvoice,
    add_expense,
    approve_expense,
    change_expense,
    remove_expense,
    void_expense,
)
from jobs.totals import charge_for, charged_parts, cost_of
from payments.selectors import uninvoiced_work_for
from payments.services import (
    Refused,
    draft_invoice_from_job,
    issue_invoice,
    note_closed_books,
    void_invoice,
)
from tests.builders import (
    a_job,
    a_supplier,
    an_approved_expense,
    an_expense,
    an_income_account,
)

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def job(at_bright_spark):
    return a_job(at_bright_spark)


def test_sixty_dollars_with_tax_inside_are_54_55_and_5_45(job):
    expense = an_expense(job)
    assert (expense.net, expense.tax, expense.total) == (
        Decimal("54.55"), Decimal("5.45"), Decimal("60.00"),
    )  # fmt: skip


money = st.decimals(min_value="0.01", max_value="9999999", places=4)
percents = st.decimals(min_value="0", max_value="99", places=2)


@given(money, money, percents, percents, st.booleans(), st.booleans())
def test_no_cent_appears_or_disappears(quantity, unit, percent, markup, includes, taxed):
    cost = cost_of(quantity, unit, includes_tax=includes, is_taxed=taxed, percent=percent)
    assert cost.net + cost.tax == cost.total
    assert line_amount(quantity, unit) == (cost.total if includes else cost.net)
    charge = charge_for(cost.net, markup)
    assert charge >= cost.net
    assert line_amount(*charged_parts(quantity, charge)) == charge


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_cost": Decimal(0)},
        {"unit_cost": Decimal("0.001")},
        {"unit_cost": Decimal(-5)},
        {"unit_cost": Decimal(9999999999)},
        {"unit_cost": Decimal("1.00005")},
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-1)},
        {"description": ""},
        {"description": "x" * 501},
        {"due_on": date(2026, 5, 3)},
        {"supplier_number": "n" * 22},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(job, wrong):
    with pytest.raises(ValidationError):
        an_expense(job, **wrong)
    assert not Expense.objects.owned_by(job.organization).exists()


def test_the_same_invoice_of_a_supplier_is_entered_once(job):
    supplier = a_supplier(job.organization)
    first = an_approved_expense(job, supplier=supplier, supplier_number="S-1")
    with pytest.raises(ValidationError, match="is entered on JOB-"):
        an_expense(job, supplier=supplier, supplier_number="s-1")
    void_expense(expense=first, by=None)
    assert an_expense(job, supplier=supplier, supplier_number="S-1").is_draft


def test_the_books_hear_of_it_once_it_is_approved(job, otto):
    expense = an_expense(job)
    assert entry_for(expense) is None
    approve_expense(expense=expense, by=otto)
    assert entry_for(expense).version == 1
    change_expense(expense=expense, by=otto, unit_cost=Decimal(70))
    assert entry_for(expense).version == 2
    void_expense(expense=expense, by=otto)
    assert entry_for(expense).version == 3
    with pytest.raises(ValidationError):
        change_expense(expense=expense, by=otto, unit_cost=Decimal(80))
    with pytest.raises(ValidationError):
        approve_expense(expense=expense, by=otto)


def test_what_is_to_be_paid_needs_a_supplier_before_it_is_approved(job):
    expense = an_expense(job, supplier=None)
    with pytest.raises(ValidationError, match="who is to be paid"):
        approve_expense(expense=expense, by=None)
    expense.refresh_from_db()
    assert expense.is_draft
    assert entry_for(expense) is None


def test_it_is_charged_once_with_its_markup_and_again_after_the_invoice_is_void(job):
    expense = an_approved_expense(job, markup=Decimal(20))
    an_expense(job, is_billable=False)
    gone = an_approved_expense(job)
    void_expense(expense=gone, by=None)
    invoice = issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    (line,) = invoice.lines.all()
    assert (line.kind, line.amount, line.expense) == ("expense", Decimal("65.46"), expense)
    assert (invoice.subtotal, invoice.total) == (Decimal("65.46"), Decimal("72.01"))
    with pytest.raises(Refused):
        draft_invoice_from_job(job=job, by=None)
    with pytest.raises(OnAnInvoice):
        void_expense(expense=expense, by=None)
    with pytest.raises(ValidationError, match="invoice"):
        change_expense(expense=expense, by=None, markup=Decimal(0))
    change_expense(expense=expense, by=None, unit_cost=Decimal(90))
    line.refresh_from_db()
    assert line.amount == Decimal("65.46")
    void_invoice(invoice=invoice, reason="wrong", by=None)
    assert uninvoiced_work_for(job).expenses == [expense]
    assert uninvoiced_work_for(job).total == Decimal("98.18")


def test_a_draft_is_deleted_and_an_approved_one_is_not(job):
    draft, approved = an_expense(job), an_approved_expense(job)
    remove_expense(expense=draft, by=None)
    with pytest.raises(OnAnInvoice):
        remove_expense(expense=approved, by=None)
    assert list(Expense.objects.owned_by(job.organization)) == [approved]


def test_it_is_added_with_its_receipt_and_approved_on_the_screen(job, otto, client_of):
    bank = an_income_account(job.organization, kind=AccountKind.BANK, code="1100")
    an_income_account(job.organization, kind=AccountKind.RECEIVABLE, code="1200")
    browser = client_of(otto)
    page = browser.get(reverse("jobs:expense_new", args=[job.public_id]))
    assert b"1100" in page.content
    assert b"1200" not in page.content
    typed = {
        "description": "Skip bin 🚮", "spent_on": "2026-05-04", "quantity": "1",
        "unit_cost": "$60.00", "cost_includes_tax": "on", "is_taxed": "on", "markup": "",
        "is_billable": "on", "paid_from": bank.pk,
        "receipt": SimpleUploadedFile("receipt.pdf", PDF, content_type="application/pdf"),
    }  # fmt: skip
    answer = browser.post(reverse("jobs:expense_new", args=[job.public_id]), typed)
    assert answer.status_code == 302, answer.content.decode()
    (expense,) = Expense.objects.owned_by(job.organization)
    assert (expense.net, expense.markup, expense.is_to_be_paid) == (Decimal("54.55"), 0, False)
    assert [each.name for each in attachments_for(expense)] == ["receipt.pdf"]
    assert b"Not approved" in browser.get(reverse("jobs:job_detail", args=[job.public_id])).content
    browser.post(reverse("jobs:expense_approve", args=[expense.public_id]))
    expense.refresh_from_db()
    assert expense.is_approved
    assert b"receipt.pdf" in browser.get(
        reverse("jobs:expense_detail", args=[expense.public_id])
    ).content  # fmt: skip


def test_what_was_typed_is_kept_on_refusal(job, otto, client_of):
    typed = {"description": "Hire", "spent_on": "1826-05-04", "quantity": "0", "unit_cost": "ten"}
    answer = client_of(otto).post(reverse("jobs:expense_new", args=[job.public_id]), typed)
    assert answer.status_code == 422
    for words in ("Check the year", "more than zero", "Type a number", 'value="Hire"', "ten"):
        assert words in answer.content.decode()
    assert not Expense.objects.owned_by(job.organization).exists()


def test_another_organization_supplier_cannot_be_named(job, drain_co):
    with acting_for(drain_co):
        stranger = a_supplier(drain_co)
    with pytest.raises(ValidationError):
        add_expense(
            job=job, by=None, supplier=stranger, spent_on=date(2026, 5, 4),
            description="Hire", unit_cost=Decimal(1),
        )  # fmt: skip


def test_an_expense_of_a_closed_day_is_not_approved_and_stays_a_draft(at_bright_spark):
    draft = an_expense(a_job(at_bright_spark), spent_on=date(2026, 5, 31))
    note_closed_books(organization=at_bright_spark, until=date(2026, 5, 31))
    with pytest.raises(ValidationError, match="The books are closed until 31 May 2026"):
        approve_expense(expense=draft, by=None)
    draft.refresh_from_db()
    assert (draft.status, entry_for(draft)) == ("draft", None)
    change_expense(expense=draft, by=None, spent_on=date(2026, 6, 1))
    assert approve_expense(expense=draft, by=None).is_approved
