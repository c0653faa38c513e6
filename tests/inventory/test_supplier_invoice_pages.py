"""Inventory > Suppliers and Supplier Invoices in the browser."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ascora.attachments.selectors import attachments_for
from ascora.chart.models import AccountKind
from inventory.models import Supplier, SupplierInvoice
from inventory.selectors import lines_of_supplier_invoice
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    draft_supplier_invoice,
    record_owed_for_supplier_invoice,
)
from jobs.models import JobAllocation
from tests.builders import a_job, a_supplier, a_supply, an_income_account

DAY = date(2026, 11, 10)
LIST = reverse("inventory:supplier_invoice_list")


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.fixture
def draft(at_bright_spark):
    """100.00 before tax, of the tenth."""
    return draft_supplier_invoice(
        supplier=a_supplier(at_bright_spark, name="Reece Plumbing"),
        by=None,
        lines=[NewCost(description="Copper pipe", unit_cost=Decimal(100))],
        number="R-1001",
        dated_on=DAY,
    )


def _page(name, row):
    return reverse(name, args=[row.public_id])


def lines(*rows, initial=0):
    """What a browser sends for these lines."""
    sent = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        sent |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return sent


TERMS = {"number": "R-1001", "dated_on": "2026-11-10", "due_on": "2026-12-10"}
TERMS |= {"tax_mode": "inclusive", "notes": "Counter sale"}
PIPE = {"description": "Pipe", "quantity": "2.5", "unit_cost": "$24.00", "is_taxed": "on"}
SUPPLIER = {"name": "Reece Plumbing", "payment_days": "14", "tax_number": "51 824 753 556"}


def test_a_supplier_is_added_with_its_account_and_found_by_its_abn(office, at_bright_spark):
    account = an_income_account(
        at_bright_spark, code="5200", name="Pipes", kind=AccountKind.COST_OF_SALES
    )
    office.post(reverse("inventory:supplier_new"), SUPPLIER | {"expense_account": account.pk})
    supplier = Supplier.objects.owned_by(at_bright_spark).get()
    assert (supplier.tax_number, supplier.expense_account) == ("51824753556", account)
    page = office.get(reverse("inventory:supplier_list"), {"q": "51824753556"}).content.decode()
    for text in ("Reece Plumbing", "5200 Pipes", "14"):
        assert text in page, text
    assert "5200 Pipes" in office.get(_page("inventory:supplier_detail", supplier)).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "Rex: Pipes"}, "Leave out colons"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "known"}, "There is a supplier of this name already."),
        ({"tax_number": "51824753557"}, "This is not an ABN"),
        ({"tax_number": "12"}, "This is not an ABN"),
        ({"email": "nobody"}, "valid email"),
        ({"payment_days": "-1"}, "greater than or equal to 0"),
        ({"notes": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_supplier_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    office, at_bright_spark, typed, said
):
    a_supplier(at_bright_spark, name="Known")
    answer = office.post(reverse("inventory:supplier_new"), SUPPLIER | {"city": "Ryde"} | typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Ryde" in page
    assert Supplier.objects.owned_by(at_bright_spark).count() == 1


def test_a_supplier_that_is_owed_is_not_archived(office, draft):
    approve_supplier_invoice(invoice=draft, by=None)
    office.post(_page("inventory:supplier_archive", draft.supplier))
    draft.supplier.refresh_from_db()
    assert not draft.supplier.is_archived


def test_one_is_started_and_its_lines_are_entered(office, at_bright_spark):
    supplier = a_supplier(at_bright_spark, payment_days=14)
    account = an_income_account(at_bright_spark, code="5200", kind=AccountKind.EXPENSE)
    start = {"supplier": supplier.pk, "type": "invoice", "dated_on": "2026-11-10"}
    office.post(
        reverse("inventory:supplier_invoice_new"), start | {"number": "", "tax_mode": "exclusive"}
    )
    invoice = SupplierInvoice.objects.owned_by(at_bright_spark).get()
    assert invoice.due_on == date(2026, 11, 24)
    sent = lines(
        PIPE | {"account": str(account.public_id)},
        {"description": "Freight", "quantity": "1", "unit_cost": "5"},
    )
    answer = office.post(_page("inventory:supplier_invoice_edit", invoice), TERMS | sent)
    assert answer.status_code == 302
    invoice.refresh_from_db()
    assert (invoice.subtotal, invoice.tax, invoice.total) == (
        Decimal("59.55"), Decimal("5.45"), Decimal("65.00"),
    )  # fmt: skip
    first, second = lines_of_supplier_invoice(invoice)
    assert (first.account, first.is_taxed, second.is_taxed) == (account, True, False)
    page = office.get(_page("inventory:supplier_invoice_detail", invoice)).content.decode()
    for text in ("Pipe", "Freight", "59.55", "$65.00", "Counter sale", "Approve"):
        assert text in page, text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"quantity": "0"}, "More than zero"),
        ({"quantity": "1.00001"}, "no more than 4 decimal places"),
        ({"unit_cost": "much"}, "Enter a number"),
        ({"unit_cost": "99999999999"}, "no more than"),
        ({"unit_cost": "-24"}, "less than nothing"),
        ({"description": "x" * 5000}, "at most 4000 characters"),
    ],
)
def test_lines_that_cannot_be_are_refused_and_nothing_is_saved(office, draft, line, said):
    sent = TERMS | lines(PIPE | line, initial=0)
    answer = office.post(_page("inventory:supplier_invoice_edit", draft), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Counter sale" in page
    draft.refresh_from_db()
    assert (draft.total, draft.notes) == (Decimal("110.00"), "")
    assert [row.description for row in lines_of_supplier_invoice(draft)] == ["Copper pipe"]


def test_a_supply_is_added_as_a_line_with_its_cost_and_nothing_is_saved(
    office, at_bright_spark, draft
):
    supply = a_supply(at_bright_spark, description="Ball valve", cost_price=Decimal(12))
    found = office.get(reverse("inventory:supply_choices"), {"supply_search": "ball"})
    assert str(supply.public_id) in found.content.decode()
    sent = TERMS | lines(PIPE) | {"add_supply": "1", "new_supply": str(supply.public_id)}
    page = office.post(_page("inventory:supplier_invoice_edit", draft), sent).content.decode()
    assert "Ball valve" in page
    assert 'value="13.20"' in page, "the costs of this one include tax"
    assert len(lines_of_supplier_invoice(draft)) == 1


def test_the_total_follows_while_lines_are_typed(office, draft):
    sent = TERMS | lines(PIPE, {"description": "", "quantity": "1", "unit_cost": "40"})
    page = office.post(_page("inventory:supplier_invoice_totals", draft), sent).content.decode()
    assert "$100.00" in page
    assert "5.45" in page


def test_the_same_number_is_asked_about_and_kept_when_the_box_is_ticked(office, draft):
    again = {"supplier": draft.supplier.pk, "type": "invoice", "number": "r-1001"}
    again |= {"dated_on": "2026-11-12", "tax_mode": "exclusive"}
    answer = office.post(reverse("inventory:supplier_invoice_new"), again)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "is entered already" in page
    assert "It is another one with the same number" in page
    assert SupplierInvoice.objects.owned_by(draft.organization).count() == 1
    office.post(reverse("inventory:supplier_invoice_new"), again | {"allows_same_number": "on"})
    assert SupplierInvoice.objects.owned_by(draft.organization).count() == 2


def test_it_is_approved_changed_and_voided(office, draft):
    office.post(_page("inventory:supplier_invoice_approve", draft))
    draft.refresh_from_db()
    assert draft.is_approved
    (line,) = lines_of_supplier_invoice(draft)
    sent = lines(PIPE | {"existing": str(line.public_id)}, initial=1)
    office.post(_page("inventory:supplier_invoice_edit", draft), TERMS | sent)
    draft.refresh_from_db()
    assert draft.total == Decimal("60.00")
    asked = office.get(_page("inventory:supplier_invoice_void", draft)).content.decode()
    assert "Void it" in asked
    office.post(_page("inventory:supplier_invoice_void", draft))
    draft.refresh_from_db()
    assert draft.is_void
    assert office.get(_page("inventory:supplier_invoice_edit", draft)).status_code == 302


def test_an_empty_one_is_not_approved_and_a_draft_is_deleted(office, at_bright_spark):
    empty = draft_supplier_invoice(supplier=a_supplier(at_bright_spark), by=None, dated_on=DAY)
    page = office.post(_page("inventory:supplier_invoice_approve", empty), follow=True)
    assert "add a line with a cost first" in page.content.decode()
    office.post(_page("inventory:supplier_invoice_delete", empty))
    assert not SupplierInvoice.objects.owned_by(at_bright_spark).exists()


def test_the_list_is_narrowed_by_status_type_and_supplier(office, at_bright_spark, draft):
    other = a_supplier(at_bright_spark, name="Hire Co")
    line = NewCost(description="Lift", unit_cost=Decimal(10))
    for kind, number in (("invoice", "H-1"), ("invoice", "H-2"), ("credit", "H-3")):
        invoice = draft_supplier_invoice(
            supplier=other, by=None, lines=[line], number=number, type=kind,
            dated_on=date(2020, 1, 1),
        )  # fmt: skip
        approve_supplier_invoice(invoice=invoice, by=None)
        if number == "H-2":
            record_owed_for_supplier_invoice(invoice=invoice, owed=Decimal(0), origin="books")

    def shown(**asked):
        page = office.get(LIST, asked).content.decode()
        return [number for number in ("R-1001", "H-1", "H-2", "H-3") if number in page]

    assert shown() == ["R-1001", "H-1", "H-2", "H-3"]
    assert shown(status="draft") == ["R-1001"]
    assert shown(status="overdue") == ["H-1"]
    assert shown(status="to_be_paid") == ["H-1"]
    assert shown(status="settled") == ["H-2"]
    assert shown(type="credit") == ["H-3"]
    assert shown(supplier=str(draft.supplier.public_id)) == ["R-1001"]
    assert shown(q="copp") == []
    assert shown(q="hire") == ["H-1", "H-2", "H-3"]


def test_the_list_says_what_to_do_while_there_is_none(office):
    assert "No supplier invoices yet" in office.get(LIST).content.decode()


def test_the_list_asks_few_questions(office, at_bright_spark, draft, django_assert_max_num_queries):
    office.get(LIST)
    for number in range(5):
        draft_supplier_invoice(
            supplier=a_supplier(at_bright_spark), by=None, number=f"N-{number}", dated_on=DAY
        )
    with django_assert_max_num_queries(14):
        office.get(LIST)


def test_changed_costs_are_shown_old_and_new_before_they_are_taken_over(office, at_bright_spark):
    supply = a_supply(at_bright_spark, cost_price=Decimal(10), sell_price=Decimal(15))
    invoice = draft_supplier_invoice(
        supplier=a_supplier(at_bright_spark), by=None, dated_on=DAY,
        lines=[NewCost(description="Valve", unit_cost=Decimal(12), supply=supply)],
    )  # fmt: skip
    page = office.get(_page("inventory:supplier_invoice_detail", invoice)).content.decode()
    assert "costs 12.00 now, 10.00 before" in page
    door = _page("inventory:supplier_invoice_prices", invoice)
    asked = office.get(door).content.decode()
    for text in (
        "Use the higher: sell at 18.00",
        "Keep markup: sell at 18.00",
        "Keep sell price: 15.00",
    ):
        assert text in asked, text
    office.post(door, {f"supply-{supply.public_id}": "leave"})
    supply.refresh_from_db()
    assert (supply.cost_price, supply.sell_price) == (10, 15)
    office.post(door, {f"supply-{supply.public_id}": "keep_sell_price"})
    supply.refresh_from_db()
    assert (supply.cost_price, supply.sell_price) == (12, 15)
    page = office.get(_page("inventory:supplier_invoice_detail", invoice)).content.decode()
    assert "Update prices" not in page


def test_its_paper_is_kept_and_anything_else_is_refused(office, draft):
    door = _page("inventory:supplier_invoice_paper", draft)
    wrong = office.post(door, {"upload": SimpleUploadedFile("a.pdf", b"<script>")})
    assert wrong.status_code == 422
    office.post(door, {"upload": SimpleUploadedFile("R-1001.pdf", b"%PDF-1.4 paper")})
    (paper,) = attachments_for(draft)
    page = office.get(_page("inventory:supplier_invoice_detail", draft)).content.decode()
    assert paper.name in page


def test_lines_are_shared_among_jobs_and_stand_on_the_jobs_page(office, at_bright_spark, draft):
    job = a_job(at_bright_spark)
    (line,) = lines_of_supplier_invoice(draft)
    door = _page("jobs:allocation_new", line)
    too_much = office.post(door, {"job": str(job.public_id), "amount": "100.01"})
    assert too_much.status_code == 422
    assert "Between 0.01 and 100.00" in too_much.content.decode()
    assert not JobAllocation.objects.owned_by(at_bright_spark).exists()
    office.post(door, {"job": str(job.public_id), "amount": "40"})
    share = JobAllocation.objects.owned_by(at_bright_spark).get()
    card = office.get(_page("jobs:supplier_invoice_jobs", draft)).content.decode()
    assert "60.00 for no job" in card
    assert job.number in card
    page = office.get(_page("jobs:job_detail", job)).content.decode()
    for text in ("Supplier invoices", "Reece Plumbing", "40.00", "Not approved"):
        assert text in page, text
    office.post(_page("jobs:allocation_edit", share), {"amount": "55"})
    share.refresh_from_db()
    assert share.amount == 55
    office.post(_page("jobs:allocation_delete", share))
    assert not JobAllocation.objects.owned_by(at_bright_spark).exists()


def test_a_job_is_found_by_typing(office, at_bright_spark):
    job = a_job(at_bright_spark)
    found = office.get(reverse("jobs:job_choices"), {"job_search": job.number}).content.decode()
    assert str(job.public_id) in found
