"""Why this account? On the line of a document, and beside every drop-down that decides one."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.tenancy.models import OwnedModel
from integrations.selectors.accounts import EXPLAINED
from inventory.services import NewCost, approve_supplier_invoice, draft_supplier_invoice
from payments.services import draft_invoice_from_job, issue_invoice, refund_credit_note
from tests.brief.acts import issued, paid
from tests.builders import (
    a_credit_note,
    a_job,
    a_job_type,
    a_labour_entry,
    a_payment,
    a_supplier,
    an_approved_expense,
    an_approved_supplier_invoice,
    an_invoice,
    mastercard,
)
from tests.engine.connected import Connected

A_DAY = date(2026, 9, 1)


def asked(spark: Connected, browser, document) -> str:
    """The fragment that explains a document's lines."""
    label = document._meta.label_lower
    address = reverse("integrations:document_accounts", args=[label, document.public_id])
    return " ".join(browser.get(address).content.decode().split())


def test_every_line_of_an_invoice_says_where_it_goes_and_why(
    spark: Connected, otto, client_of
) -> None:
    with spark.acting():
        codes = {"labour_account": spark.accounts["4110"]}
        job_type = a_job_type(spark.organization, name="Domestic", **codes)
        job = a_job(spark.organization, job_type=job_type)
        a_labour_entry(job)
        invoice = issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
        line = invoice.lines.get()
    said = asked(spark, client_of(otto), invoice)
    assert f'id="account-{line.public_id}"' in said
    assert "4110 Domestic Labour" in said
    assert "Labour code of job type Domestic." in said
    page = client_of(otto).get(reverse("payments:invoice_detail", args=[invoice.public_id]))
    assert f'id="account-{line.public_id}"' in page.content.decode()


def test_a_line_without_a_code_says_which_one_to_choose(spark: Connected, otto, client_of) -> None:
    spark.set(labour_account=None)
    invoice = issued(spark)
    said = asked(spark, client_of(otto), invoice)
    assert "No account yet" in said
    assert "Choose the Labour Income Account (K)" in said


def test_a_payment_says_where_its_money_goes_and_why(spark: Connected, otto, client_of) -> None:
    invoice = issued(spark)
    spark.set(payments_account=None)
    payment = paid(spark, invoice, amount="10.00")
    assert "Choose the Account for Payments (G)" in asked(spark, client_of(otto), payment)
    spark.set(payments_account=spark.accounts["1100"])
    said = asked(spark, client_of(otto), payment)
    assert "1100 Business Cheque Account" in said
    assert "Account for Payments (G) of the accounting settings." in said


@pytest.mark.parametrize(
    ("chooser", "words"),
    [
        ("job-type-labour", "Left empty, it goes to the Labour Income Account (K), 4100 Labour"),
        ("job-type-materials", "they go to the Materials Income Account (L), 4200 Materials"),
        ("supply", "it goes to the Materials code of the job type, or else to the Materials"),
        ("payment-method", "The surcharge goes here."),
        ("supplier", "they go to the Supplier Invoice Account (I), which is not chosen yet."),
        ("expense", "it goes to the Default Expense Account (J), which is not chosen yet."),
    ],
)
def test_a_drop_down_says_what_it_decides_and_what_holds_when_it_is_left_empty(
    spark: Connected, otto, client_of, chooser: str, words: str
) -> None:
    said = client_of(otto).get(reverse("integrations:account_why", args=[chooser]))
    assert words in said.content.decode()


def test_what_the_books_call_an_account_is_shown_as_it_is_typed(
    spark: Connected, otto, client_of
) -> None:
    with spark.acting():
        account = spark.accounts["4100"]
        account.name = "<b>Labour</b>"
        account.save()
    said = client_of(otto).get(reverse("integrations:account_why", args=["job-type-labour"]))
    assert "&lt;b&gt;Labour&lt;/b&gt;" in said.content.decode()


def test_the_answer_stays_beside_its_drop_down_in_a_pop_up(
    spark: Connected, otto, client_of
) -> None:
    page = client_of(otto).get(reverse("payments:method_new")).content.decode()
    question = page[page.index('<details class="why">') : page.index("</details>")]
    assert reverse("integrations:account_why", args=["payment-method"]) in question
    assert 'hx-target="this"' in question


def places(page: str) -> set[str]:
    """The lines that have a place for their account there."""
    return set(re.findall(r'id="account-([0-9a-f-]{36})"', page))


def an_invoice_with_surcharge(spark: Connected) -> OwnedModel:
    invoice = an_invoice(spark.organization, "100.00")
    a_payment(invoice, method=mastercard(spark.organization), received_on=A_DAY)
    return invoice


def a_supplier_credit(spark: Connected) -> OwnedModel:
    draft = draft_supplier_invoice(
        supplier=a_supplier(spark.organization),
        by=None,
        type="credit",
        number="SC-1",
        lines=[NewCost(description="Cable back", unit_cost=Decimal(10))],
    )
    return approve_supplier_invoice(invoice=draft, by=None)


def a_refund(spark: Connected) -> OwnedModel:
    return refund_credit_note(
        credit_note=a_credit_note(spark.organization, "20.00"),
        by=None,
        amount=Decimal("5.00"),
        paid_from=spark.accounts["1100"],
        paid_on=A_DAY,
        reference="EFT 1",
    )


KINDS = {
    "invoice and surcharge": (
        an_invoice_with_surcharge,
        "payments:invoice_detail",
        ["Labour Income Account (K)", "Materials Income Account (L)"],
    ),
    "payment": (
        lambda spark: a_payment(an_invoice(spark.organization, "50.00")),
        "payments:payment_detail",
        ["Account for Payments (G)"],
    ),
    "credit note": (
        lambda spark: a_credit_note(spark.organization, "20.00"),
        "payments:credit_note_detail",
        ["Credit Note Account (M)"],
    ),
    "refund": (a_refund, "payments:refund_detail", ["Chosen on the refund"]),
    "expense": (
        lambda spark: an_approved_expense(a_job(spark.organization)),
        "jobs:expense_detail",
        ["Default Expense Account (J)"],
    ),
    "supplier invoice": (
        lambda spark: an_approved_supplier_invoice(spark.organization, "10.00"),
        "inventory:supplier_invoice_detail",
        ["Supplier Invoice Account (I)"],
    ),
    "supplier credit": (
        a_supplier_credit,
        "inventory:supplier_invoice_detail",
        ["Supplier Invoice Account (I)"],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_document_says_on_its_page_where_each_line_goes_and_why(
    spark: Connected, otto, client_of, kind: str
) -> None:
    numbers = {"credit_note_account": "4900", "supplier_invoice_account": "5100"}
    numbers["expense_account"] = "6100"
    spark.set(**{name: spark.accounts[number] for name, number in numbers.items()})
    make, page_name, whys = KINDS[kind]
    with spark.acting():
        document = make(spark)
    said = asked(spark, client_of(otto), document)
    page = client_of(otto).get(reverse(page_name, args=[document.public_id])).content.decode()
    assert "No account yet" not in said
    assert places(said)
    assert places(said) <= places(page)
    for why in whys:
        assert why in said


def test_no_kind_is_forgotten(spark: Connected) -> None:
    with spark.acting():
        made = {make(spark)._meta.label_lower for make, _, _ in KINDS.values()}
    assert made == set(EXPLAINED)
