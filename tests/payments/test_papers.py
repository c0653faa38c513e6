"""Documents on paper: what a tax invoice must say, and words that are never read as code."""

import time
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from ascora.attachments.files import checked_file
from ascora.tenancy.services import change_company_details
from payments.selectors import (
    credit_note_paper,
    invoice_paper,
    receipt_paper,
    sample_paper,
    statement_paper,
)
from payments.services import (
    NewLine,
    change_document_settings,
    draft_invoice,
    record_payment,
    reverse_payment,
    set_logo,
    void_invoice,
)
from tests.builders import A_DAY, a_credit_note, a_customer, a_payment, an_invoice
from tests.payments.papers import pages_of, words_of

NASTY = '#panic("x") $ x^2 $ *bold* _i_ `raw` <label> @ref // \\ \\u{41} "q" \'s\' {a} [b] = h - l'


@pytest.fixture
def business(at_bright_spark, otto):
    """Bright Spark with everything that stands on paper."""
    change_company_details(
        organization=at_bright_spark,
        by=otto,
        business_number="51 824 753 556",
        address="12 Wattle Street\nBrunswick VIC 3056",
        phone="03 9123 4567",
        email="office@bright.test",
    )
    change_document_settings(
        organization=at_bright_spark,
        by=otto,
        legal_name="Bright Spark Holdings Pty Ltd",
        account_name="Bright Spark",
        bsb="063-019",
        account_number="12345678",
        payid="pay@bright.test",
        payment_instructions="Cards by phone.",
        footer="Licence EC 1234",
    )
    return at_bright_spark


def drawn(invoice):
    """The text of its PDF."""
    return words_of(invoice_paper(invoice).drawn())


def a_line(description, price="100.00", **values):
    """One thing to charge for."""
    return NewLine(description=description, unit_price=Decimal(price), **values)


def test_a_tax_invoice_says_what_the_law_wants_and_how_to_pay(business):
    customer = a_customer(
        business, name="Harbour Strata", billing_street="200 Collins Street", billing_city="Mel"
    )
    invoice = an_invoice(business, customer=customer, purchase_order="PO-7")
    text = drawn(invoice)
    for words in (
        "Tax invoice",
        invoice.number,
        "Bright Spark Electrical",
        "Bright Spark Holdings Pty Ltd",
        "ABN 51 824 753 556",
        "12 Wattle Street Brunswick VIC 3056",
        "Harbour Strata",
        "200 Collins Street",
        f"{invoice.issued_on:%-d %b %Y}",
        f"by {invoice.due_on:%-d %b %Y}",
        "PO-7",
        f"Total ${invoice.total:,.2f}",
        f"GST 10 % ${invoice.tax:,.2f}",
        "BSB 063-019",
        "Account 12345678",
        "PayID pay@bright.test",
        f"Reference {invoice.number}",
        "Cards by phone.",
        "Licence EC 1234",
    ):
        assert words in text, words


def test_prices_that_include_tax_say_so(business):
    invoice = an_invoice(business, lines=[a_line("Call-out", "60.00")], tax_mode="inclusive")
    text = drawn(invoice)
    assert "Total $60.00 Includes GST 10 % $5.45" in text
    assert "Total price includes GST." in text


def test_without_tax_it_is_no_tax_invoice(business):
    invoice = an_invoice(business, lines=[a_line("Export", is_taxed=False)])
    assert "Tax invoice" not in drawn(invoice)


def test_a_mixed_invoice_marks_each_line(business):
    lines = [a_line("Fan"), a_line("Bank fee", is_taxed=False)]
    text = drawn(an_invoice(business, lines=lines))
    assert "Fan 1 100.00 10% 100.00 Bank fee 1 100.00 Free 100.00" in text


@pytest.mark.parametrize(
    "words",
    [
        NASTY,
        "配電盤 更换 電気工事",
        "Jürgen Łukasz Ελλάδα Привет",
        "\U0001f50c\U0001f4a1 lights",
        "tab\tbell\x07 rtl\u202eevil",
        "x" * 3999,
        "word " * 799,
    ],
    ids=["code", "cjk", "letters", "emoji", "control", "one long word", "long text"],
)
def test_any_words_are_drawn_and_none_is_code(business, words):
    customer = a_customer(business, name=f"C {words.split(maxsplit=1)[0][:40]}")
    invoice = an_invoice(business, customer=customer, lines=[a_line(words)], summary=words)
    text = drawn(invoice)
    assert invoice.number in text
    if words == NASTY:
        assert text.count('#panic("x")') == 3
        for part in ("*bold*", "<label>", "@ref", "{a}", "[b]", "`raw`"):
            assert part in text, part


def test_many_lines_repeat_the_heading_on_numbered_pages(business):
    lines = [a_line(f"Item {number}", "10.00") for number in range(90)]
    pages = pages_of(invoice_paper(an_invoice(business, lines=lines)).drawn())
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert "Description Quantity Unit price Amount" in page
        assert f"Page {number} of 3" in page
    assert "Balance due" in pages[-1]


def test_a_draft_and_a_void_invoice_cannot_be_mistaken(business):
    draft = draft_invoice(customer=a_customer(business), lines=[a_line("Fan")], by=None)
    assert "DRAFT" in drawn(draft)
    invoice = void_invoice(invoice=an_invoice(business), reason="Twice", by=None)
    text = drawn(invoice)
    assert "VOID" in text
    assert "BSB" not in text


def test_what_was_paid_and_what_is_left_stand_on_it(business):
    invoice = an_invoice(business, lines=[a_line("Fan", "1000.00")])
    a_payment(invoice, "400.00")
    invoice.refresh_from_db()
    text = drawn(invoice)
    assert "Total $1,100.00 Paid" in text
    assert "\N{MINUS SIGN}$400.00 Balance due $700.00" in text


def test_a_receipt_says_what_was_settled_and_a_reversed_one_says_so(business):
    invoice = an_invoice(business, lines=[a_line("Fan", "1000.00")])
    payment = a_payment(invoice, "400.00")
    text = words_of(receipt_paper(payment).drawn())
    assert "Receipt" in text
    assert f"{invoice.number} {invoice.issued_on:%-d %b %Y} $1,100.00 $400.00" in text
    reverse_payment(payment=payment, reason="Bounced", by=None)
    payment.refresh_from_db()
    assert "REVERSED" in words_of(receipt_paper(payment).drawn())


def test_a_statement_carries_the_balance_forward(business):
    customer = a_customer(business)
    first = an_invoice(
        business, customer=customer, lines=[a_line("Fan", "1000.00")], issued_on=A_DAY
    )
    a_payment(first, "400.00", received_on=date(2026, 5, 20))
    paper = statement_paper(customer, date(2026, 5, 10), date(2026, 5, 31))
    text = words_of(paper.drawn())
    assert "Balance brought forward 1,100.00" in text
    assert "400.00 700.00" in text
    assert "Balance on 31 May 2026 $700.00" in text
    assert paper.data["open"][0][0] == first.number
    assert sum(Decimal(age[1].strip("$")) for age in paper.data["ages"]) == 700


def test_the_logo_stands_at_the_top(business, otto):
    out = BytesIO()
    Image.new("RGB", (300, 100), "navy").save(out, "PNG")
    logo = set_logo(organization=business, upload=checked_file("l.png", out.getvalue()), by=otto)
    with_logo = sample_paper(business)
    assert with_logo.logo == bytes(logo.content)
    assert len(with_logo.drawn()) > 0
    set_logo(organization=business, upload=None, by=otto)
    assert sample_paper(business).logo == b""


def test_an_invoice_is_drawn_within_300_milliseconds(business):
    invoice_paper(an_invoice(business)).drawn()
    invoice = an_invoice(business, lines=[a_line(f"Item {n}", "10.00") for n in range(40)])
    paper = invoice_paper(invoice)
    begun = time.thread_time()
    paper.drawn()
    assert time.thread_time() - begun < 0.3


def test_the_date_is_a_day(business):
    assert f"{A_DAY:%-d %b %Y}" in drawn(an_invoice(business, issued_on=A_DAY))


def test_money_that_settles_nothing_is_kept_as_credit(business):
    payment = record_payment(
        customer=a_customer(business), allocations={}, credit=Decimal(50), by=None
    )
    assert "Kept as your credit $50.00" in words_of(receipt_paper(payment).drawn())


def test_a_credit_note_is_an_adjustment_note(business):
    text = words_of(credit_note_paper(a_credit_note(business)).drawn())
    assert "Credit note" in text
    assert "Adjustment note" in text
