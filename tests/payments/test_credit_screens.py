"""The screens of credit notes and refunds: what is shown, what is kept, what is refused."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ascora.chart.models import AccountKind
from ascora.tenancy.rls import acting_for
from payments.models import CreditApplication, CreditNote, Refund
from tests.builders import (
    a_credit_note,
    a_customer,
    a_line,
    an_income_account,
    an_invoice,
)
from tests.payments.test_screens import address, behind, text_of


@pytest.fixture
def browser(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.fixture
def customer(bright_spark):
    return behind(bright_spark, a_customer, name="Harbour Cafe")


def only(model, organization):
    with acting_for(organization):
        return model.objects.owned_by(organization).get()


def the_lines(*lines, **more):
    data = {
        "issued_on": "2026-05-04",
        "tax_mode": "exclusive",
        "reason": "Not done",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        filled = {"quantity": "1", "is_taxed": "on"} | line
        data |= {f"lines-{number}-{name}": value for name, value in filled.items()}
    return data | more


def test_the_empty_list_says_what_to_do(browser):
    page = text_of(browser.get(reverse("payments:credit_note_list")))
    assert "No credit notes yet" in page
    assert "press “Credit”" in page


def test_the_list_finds_by_number_customer_and_what_is_left(bright_spark, browser, customer):
    behind(bright_spark, a_credit_note, "40.00", customer=customer)
    behind(bright_spark, a_credit_note, "50.00")
    where = reverse("payments:credit_note_list")
    assert "CN-1002" in text_of(browser.get(where))
    found = text_of(browser.get(where, {"q": "harb"}))
    assert "CN-1001" in found
    assert "CN-1002" not in found
    assert "Nothing matches" in text_of(browser.get(where, {"status": "void"}))
    assert "CN-1001" in text_of(browser.get(where, {"status": "left", "q": "CN-1001"}))


def test_the_list_asks_as_many_questions_for_one_as_for_many(bright_spark, browser):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("payments:credit_note_list"))
        return len(asked)

    behind(bright_spark, a_credit_note)
    questions()  # the first one of a session asks more
    for_one = questions()
    for _ in range(11):
        behind(bright_spark, a_credit_note)
    assert questions() == for_one


def test_a_credit_note_is_written_by_hand_and_issued(bright_spark, browser, customer):
    browser.post(
        reverse("payments:credit_note_new"), {"customer": str(customer.public_id)}, follow=True
    )
    draft = only(CreditNote, bright_spark)
    data = the_lines({"description": "Goodwill", "unit_price": "12.50", "quantity": "2"})
    browser.post(address("credit_note_edit", draft), data)
    page = text_of(browser.get(address("credit_note_detail", draft)))
    assert "Draft credit note" in page
    assert "27.50" in page
    browser.post(address("credit_note_issue", draft), {"issued_on": "2026-05-05"})
    page = text_of(browser.get(address("credit_note_detail", draft)))
    assert "CN-1001" in page
    assert "no history of versions" in page
    assert browser.get(address("credit_note_edit", draft)).status_code == 302


def test_what_was_typed_is_kept_when_a_line_is_wrong(bright_spark, browser, customer):
    browser.post(reverse("payments:credit_note_new"), {"customer": str(customer.public_id)})
    draft = only(CreditNote, bright_spark)
    data = the_lines({"description": "Goodwill 🎁", "unit_price": "twelve"})
    answer = browser.post(address("credit_note_edit", draft), data)
    assert answer.status_code == 422
    assert "Goodwill 🎁" in text_of(answer)
    assert "twelve" in text_of(answer)
    assert only(CreditNote, bright_spark).total == 0


def test_totals_are_worked_out_while_typing(bright_spark, browser, customer):
    browser.post(reverse("payments:credit_note_new"), {"customer": str(customer.public_id)})
    draft = only(CreditNote, bright_spark)
    data = the_lines({"description": "x", "unit_price": "60"}, tax_mode="inclusive")
    page = text_of(browser.post(address("credit_note_totals", draft), data))
    assert "54.55" in page
    assert "$60.00" in page


def field_of(line):
    return f"line_{line.public_id.hex}"


def test_crediting_an_invoice_takes_chosen_quantities(bright_spark, browser, customer):
    lines = [a_line("20.00", quantity=Decimal(3), description="Downlight"), a_line("95.00")]
    invoice = behind(bright_spark, an_invoice, customer=customer, lines=lines)
    with acting_for(bright_spark):
        first, second = invoice.lines.all()
    where = address("invoice_credit", invoice)
    assert 'value="3"' in text_of(browser.get(where))
    refused = browser.post(where, {field_of(first): "3.5", "reason": "Returned"})
    assert refused.status_code == 422
    assert "Only 3.0000 of it" in text_of(refused) or "Only 3 of it" in text_of(refused)
    nothing = browser.post(where, {field_of(first): "", field_of(second): ""})
    assert "at least one line" in text_of(nothing)
    browser.post(where, {field_of(first): "2", field_of(second): "", "reason": "Returned"})
    note = only(CreditNote, bright_spark)
    assert (note.total, note.invoice_id, note.reason) == (Decimal(44), invoice.pk, "Returned")
    again = text_of(browser.get(where))
    assert "1 of 3 not credited yet" in again
    assert "Draft credit note" in text_of(browser.get(address("invoice_detail", invoice)))


def test_applying_is_offered_for_its_own_invoice_first(bright_spark, browser, customer):
    older = behind(bright_spark, an_invoice, "10.00", customer=customer)
    invoice = behind(bright_spark, an_invoice, "100.00", customer=customer)
    with acting_for(bright_spark):
        line = invoice.lines.get()
    browser.post(address("invoice_credit", invoice), {field_of(line): "0.4"})
    note = only(CreditNote, bright_spark)
    browser.post(address("credit_note_issue", note), {"issued_on": "2026-05-05"})
    page = text_of(browser.get(address("credit_note_apply", note)))
    assert "$44.00" in page
    name = f"pay_{invoice.public_id.hex}"
    assert f'name="{name}" value="44.00"' in page
    too_much = browser.post(
        address("credit_note_apply", note), {name: "44.01", "applied_on": "2026-05-06"}
    )
    assert too_much.status_code == 422
    assert "Only $44.00 of CN-1001 is left" in text_of(too_much)
    parts = {name: "40.00", f"pay_{older.public_id.hex}": "4.00", "applied_on": "2026-05-06"}
    browser.post(address("credit_note_apply", note), parts)
    page = text_of(browser.get(address("credit_note_detail", note)))
    assert "Applied to" in page
    assert "INV-1001" in page
    paid = text_of(browser.get(address("invoice_detail", invoice)))
    assert "Credit note" in paid
    assert "70.00" in paid
    use = only(CreditApplication, bright_spark)
    assert "CN-1001" in text_of(browser.get(address("credit_use_detail", use)))
    browser.post(address("credit_use_reverse", use), {"reason": "Wrong one"})
    assert "Wrong one" in text_of(browser.get(address("credit_use_detail", use)))
    assert "taken back" in text_of(browser.get(address("invoice_detail", invoice)))


def test_a_refund_is_recorded_and_taken_back(bright_spark, browser, customer):
    bank = behind(bright_spark, an_income_account, kind=AccountKind.BANK, name="Operating")
    note = behind(bright_spark, a_credit_note, "40.00", customer=customer)
    where = address("credit_note_refund", note)
    assert "Operating" in text_of(browser.get(where))
    data = {"amount": "50", "paid_on": "2026-05-06", "paid_from": bank.pk, "reference": "EFT"}
    refused = browser.post(where, data)
    assert (refused.status_code, "Only $44.00 is left" in text_of(refused)) == (422, True)
    browser.post(where, data | {"amount": "44"})
    refund = only(Refund, bright_spark)
    assert "Operating" in text_of(browser.get(address("refund_detail", refund)))
    assert "Used" in text_of(browser.get(address("credit_note_detail", note)))
    browser.post(address("refund_reverse", refund), {"reason": "Bounced"})
    assert "Bounced" in text_of(browser.get(address("refund_detail", refund)))
    browser.post(address("credit_note_void", note), {"reason": "Mistake"})
    assert "Mistake" in text_of(browser.get(address("credit_note_detail", note)))


def test_the_customers_page_shows_all_credit(bright_spark, browser, customer):
    behind(bright_spark, a_credit_note, "40.00", customer=customer)
    fragment = text_of(browser.get(address("customer_credit", customer)))
    assert "CN-1001" in fragment
    assert "$44.00" in fragment
