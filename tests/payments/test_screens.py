"""The screens of invoices and payments: what is shown, what is kept, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from payments.models import Invoice, InvoiceStatus, Payment, PaymentMethod, SurchargeRule
from payments.services import reverse_payment
from tests.builders import (
    A_DAY,
    a_customer,
    a_draft,
    a_job,
    a_labour_entry,
    a_method,
    a_payment,
    a_term,
    an_invoice,
    mastercard,
)


@pytest.fixture
def browser(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


def behind(organization, build, *args, **values):
    """Build something behind the organization's wall."""
    with acting_for(organization):
        return build(organization, *args, **values)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def address(name, row):
    return reverse(f"payments:{name}", args=[row.public_id])


def the_lines(*lines, **more):
    """The posted form of an editor."""
    data = {
        "issued_on": "2026-05-04",
        "due_on": "2026-05-18",
        "tax_mode": "exclusive",
        "summary": "",
        "purchase_order": "",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        filled = {"kind": "labour", "quantity": "1", "is_taxed": "on"} | line
        data |= {f"lines-{number}-{name}": value for name, value in filled.items()}
    return data | more


def test_the_list_shows_what_is_owed_and_finds_by_status(bright_spark, browser):
    behind(bright_spark, an_invoice, "100.00")
    behind(bright_spark, an_invoice, "30.00", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 5))
    page = text_of(browser.get(reverse("payments:invoice_list")))
    assert "INV-1001" in page
    assert "$143.00" in page
    overdue = text_of(browser.get(reverse("payments:invoice_list"), {"status": "overdue"}))
    assert "INV-1002" in overdue
    assert "INV-1001" not in overdue


def test_the_list_asks_as_many_questions_for_one_as_for_many(bright_spark, browser):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("payments:invoice_list"))
        return len(asked)

    behind(bright_spark, an_invoice)
    questions()  # the first one of a session asks more
    for_one = questions()
    for _ in range(11):
        behind(bright_spark, an_invoice)
    assert questions() == for_one


def test_invoicing_a_job_makes_one_draft_of_everything(bright_spark, browser):
    job = behind(bright_spark, a_job)
    with acting_for(bright_spark):
        a_labour_entry(job)
    fragment = text_of(browser.get(address("job_invoices", job)))
    assert "$190.00" in fragment
    assert "Invoice this job" in fragment
    answer = browser.post(address("job_invoice", job))
    with acting_for(bright_spark):
        invoice = Invoice.objects.owned_by(bright_spark).get()
    assert answer["Location"] == address("invoice_detail", invoice)
    assert "$209.00" in text_of(browser.get(answer["Location"]))
    again = browser.post(address("job_invoice", job), follow=True)
    assert "on an invoice already" in text_of(again)
    with acting_for(bright_spark):
        assert Invoice.objects.owned_by(bright_spark).count() == 1


def test_an_invoice_by_hand_from_customer_to_number(bright_spark, browser):
    customer = behind(bright_spark, a_customer)
    answer = browser.post(reverse("payments:invoice_new"), {"customer": customer.public_id})
    with acting_for(bright_spark):
        invoice = Invoice.objects.owned_by(bright_spark).get()
    assert answer["Location"] == address("invoice_edit", invoice)
    assert browser.get(answer["Location"]).status_code == 200
    lines = [
        {"description": "Switchboard", "quantity": "2", "unit_price": "$1,200.50"},
        {"description": "", "unit_price": ""},
    ]
    answer = browser.post(answer["Location"], the_lines(*lines))
    assert answer.status_code == 302
    assert "$2,641.10" in text_of(browser.get(answer["Location"]))
    browser.post(address("invoice_issue", invoice), {"issued_on": "2026-05-06"})
    with acting_for(bright_spark):
        invoice.refresh_from_db()
    assert (invoice.number, invoice.issued_on, invoice.due_on, invoice.total) == (
        "INV-1001",
        date(2026, 5, 6),
        date(2026, 5, 20),
        Decimal("2641.10"),
    )


def test_what_was_typed_is_kept_when_a_line_is_wrong(bright_spark, browser):
    invoice = behind(bright_spark, a_draft)
    lines = [
        {"description": "Half a day", "unit_price": "forty"},
        {"description": "Travel", "unit_price": "40"},
    ]
    answer = browser.post(address("invoice_edit", invoice), the_lines(*lines, summary="Kept words"))
    page = text_of(answer)
    assert answer.status_code == 422
    for typed in ("Half a day", "forty", "Travel", "Kept words"):
        assert typed in page
    with acting_for(bright_spark):
        invoice.refresh_from_db()
    assert (invoice.total, invoice.summary) == (Decimal("110.00"), "")


def test_another_line_keeps_what_was_typed_and_saves_nothing(bright_spark, browser):
    invoice = behind(bright_spark, a_draft)
    one = {"description": "Half a day", "unit_price": "300"}
    answer = browser.post(address("invoice_edit", invoice), the_lines(one, add_line="1"))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Half a day" in page
    assert 'name="lines-1-description"' in page
    with acting_for(bright_spark):
        invoice.refresh_from_db()
    assert invoice.total == Decimal("110.00")


def test_totals_follow_the_typing(bright_spark, browser):
    invoice = behind(bright_spark, a_draft)
    one = {"description": "Call-out", "unit_price": "60"}
    answer = browser.post(address("invoice_totals", invoice), the_lines(one, tax_mode="inclusive"))
    page = text_of(answer)
    assert "54.55" in page
    assert "5.45" in page
    assert "$60.00" in page


def test_an_amendment_needs_a_reason_and_shows_in_the_history(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice)
    with acting_for(bright_spark):
        line = invoice.lines.get()
    data = the_lines(
        {"existing": str(line.public_id), "description": "Two days", "unit_price": "200"}
    ) | {"lines-INITIAL_FORMS": "1"}
    assert browser.post(address("invoice_amend", invoice), data).status_code == 422
    answer = browser.post(address("invoice_amend", invoice), data | {"reason": "A second day"})
    page = text_of(browser.get(answer["Location"]))
    assert "A second day" in page
    assert "Total: $110.00 → $220.00" in page
    assert "Added: Two days (1 at $200.00 = $200.00)" in page


def test_a_payment_shows_what_it_charges_before_it_is_taken(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice, "1577.00")
    method = behind(bright_spark, mastercard)
    customer = invoice.customer
    begin = f"{address('payment_new', customer)}?invoice={invoice.public_id}"
    assert 'value="1734.70"' in text_of(browser.get(begin))
    typed = {
        "received_on": A_DAY.isoformat(),
        "method": method.pk,
        f"pay_{invoice.public_id.hex}": "1,734.70",
        "is_surcharged": "on",
    }
    quote = text_of(browser.post(address("payment_quote", customer), typed))
    assert "1.75 % + $0.30 on $1,734.70 is $30.36 + $0.30 = $30.66, tax included." in quote
    assert 'name="shown" value="1765.36"' in quote
    unseen = browser.post(begin, typed | {"shown": "1734.70"})
    assert unseen.status_code == 422
    assert "this charges $1,765.36. Press again" in text_of(unseen)
    with acting_for(bright_spark):
        assert not Payment.objects.owned_by(bright_spark).exists()
    browser.post(begin, typed | {"shown": "1765.36"})
    with acting_for(bright_spark):
        payment = Payment.objects.owned_by(bright_spark).get()
        invoice.refresh_from_db()
    assert (payment.amount, invoice.status) == (Decimal("1765.36"), InvoiceStatus.PAID)


def test_a_quote_that_cannot_be_says_why(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice)
    typed = {
        "received_on": A_DAY.isoformat(),
        "method": behind(bright_spark, a_method).pk,
        f"pay_{invoice.public_id.hex}": "200",
    }
    quote = text_of(browser.post(address("payment_quote", invoice.customer), typed))
    assert "INV-1001: only $110.00 is owed. Enter the rest as credit." in quote


def test_the_open_invoice_tells_of_a_payment_and_stops_asking_when_paid(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice)
    assert browser.get(address("invoice_live", invoice)).status_code == 200
    with acting_for(bright_spark):
        a_payment(invoice)
    live = browser.get(address("invoice_live", invoice))
    assert live.status_code == 286
    assert "Paid" in text_of(live)
    assert 'hx-swap-oob="true"' in text_of(live)


def test_a_payment_is_reversed_with_a_reason(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice)
    method = behind(bright_spark, mastercard)
    with acting_for(bright_spark):
        payment = a_payment(invoice, method=method)
    assert "Keep the surcharge" in text_of(browser.get(address("payment_reverse", payment)))
    assert browser.post(address("payment_reverse", payment), {"reason": ""}).status_code == 422
    browser.post(address("payment_reverse", payment), {"reason": "Charged back"})
    assert "Charged back" in text_of(browser.get(address("payment_detail", payment)))


def test_every_page_opens_for_the_accountant(bright_spark, client_of, ada):
    invoice = behind(bright_spark, an_invoice)
    with acting_for(bright_spark):
        payment = a_payment(invoice, "60.00", credit=Decimal(5))
        reverse_payment(payment=payment, reason="Bounced", by=None)
    browser = client_of(ada)
    addresses = [
        *(reverse(f"payments:{n}") for n in ("invoice_list", "payment_list", "payment_settings")),
        *(address(n, invoice) for n in ("invoice_detail", "invoice_preview", "invoice_live")),
        *(address(n, invoice.customer) for n in ("customer_invoices", "customer_payments")),
        address("payment_detail", payment),
    ]
    for one in addresses:
        assert browser.get(one).status_code == 200, one


def test_a_void_invoice_shows_what_it_said(bright_spark, browser):
    invoice = behind(bright_spark, an_invoice)
    assert "worth nothing" in text_of(browser.get(address("invoice_void", invoice)))
    browser.post(address("invoice_void", invoice), {"reason": "Twice"})
    page = text_of(browser.get(address("invoice_detail", invoice)))
    assert "Work as agreed" in page
    assert "Void" in page


def test_a_method_keeps_its_old_surcharge_when_a_new_one_begins(bright_spark, browser):
    method = behind(bright_spark, mastercard)
    page = text_of(browser.get(address("method_edit", method)))
    assert 'value="1.75"' in page
    typed = {
        "name": "Mastercard",
        "card_scheme": "mastercard",
        "percentage": "1.5",
        "fixed": "0.30",
        "begins_on": "2026-07-01",
        "ends_on": "",
    }
    assert browser.post(address("method_edit", method), typed).status_code == 302
    with acting_for(bright_spark):
        rules = SurchargeRule.objects.owned_by(bright_spark).filter(method=method)
        assert [(r.percentage, r.begins_on, r.ends_on) for r in rules] == [
            (Decimal("1.5000"), date(2026, 7, 1), None),
            (Decimal("1.7500"), date(2026, 1, 1), date(2026, 6, 30)),
        ]


def test_a_new_method_with_a_surcharge(bright_spark, browser):
    typed = {"name": "Amex", "card_scheme": "amex", "percentage": "2", "fixed": ""}
    browser.post(reverse("payments:method_new"), typed)
    with acting_for(bright_spark):
        method = PaymentMethod.objects.owned_by(bright_spark).get(name="Amex")
        assert method.surcharge_rules.get().percentage == Decimal(2)
    refused = browser.post(reverse("payments:method_new"), typed | {"name": "amex"})
    assert refused.status_code == 422
    assert "There is a payment method of this name already." in text_of(refused)


def test_the_default_payment_term_and_the_tax_rate_are_settings(bright_spark, browser):
    cash = behind(bright_spark, a_method)
    term = behind(bright_spark, a_term, "30 days")
    browser.post(
        reverse("payments:payment_defaults"), {"default_method": cash.pk, "default_term": term.pk}
    )
    browser.post(
        reverse("payments:tax_rate_new"),
        {"name": "GST", "percent": "15", "begins_on": "2026-06-01"},
    )
    page = text_of(browser.get(reverse("payments:payment_settings")))
    assert "15 %" in page
    later = behind(bright_spark, a_draft, issued_on=date(2026, 6, 1))
    assert (later.total, later.due_on) == (Decimal("115.00"), date(2026, 7, 1))


def test_the_default_method_is_not_archived_and_another_one_is(bright_spark, browser):
    default = behind(bright_spark, a_method, "Direct Deposit")
    refused = browser.post(address("method_archive", default), follow=True)
    assert "Direct Deposit is the default payment method." in text_of(refused)
    cheque = behind(bright_spark, a_method, "Cheque")
    browser.post(address("method_archive", cheque))
    with acting_for(bright_spark):
        cheque.refresh_from_db()
        default.refresh_from_db()
    assert (cheque.archived_at is None, default.archived_at) == (False, None)
    browser.post(address("method_restore", cheque))
    with acting_for(bright_spark):
        cheque.refresh_from_db()
    assert cheque.archived_at is None


def test_credit_settles_another_invoice_from_the_payments_page(bright_spark, browser):
    first = behind(bright_spark, an_invoice)
    second = behind(bright_spark, an_invoice, customer=first.customer)
    with acting_for(bright_spark):
        payment = a_payment(first, credit=Decimal(40))
    name = f"pay_{second.public_id.hex}"
    refused = browser.post(address("payment_allocate", payment), {name: "40.01"})
    assert "Only $40.00 of this payment is left." in text_of(refused)
    browser.post(address("payment_allocate", payment), {name: "40"})
    with acting_for(bright_spark):
        second.refresh_from_db()
    assert second.balance == Decimal("70.00")


def test_a_draft_is_deleted_and_an_issued_invoice_is_not(bright_spark, browser):
    draft = behind(bright_spark, a_draft)
    issued = behind(bright_spark, an_invoice)
    browser.post(address("invoice_delete", draft))
    refused = browser.post(address("invoice_delete", issued), follow=True)
    assert "has been issued already" in text_of(refused)
    with acting_for(bright_spark):
        assert list(Invoice.objects.owned_by(bright_spark)) == [issued]
