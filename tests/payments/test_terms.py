"""Payment terms: when an invoice is due, by whose term, and what an archived one still does."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from jobs.models import PaymentTerm
from jobs.services import change_customer
from payments.selectors import payment_settings_for
from payments.services import (
    Refused,
    archive_term,
    change_draft,
    choose_default_term,
    create_term,
    issue_invoice,
)
from tests.builders import a_customer, a_draft, a_term


@pytest.mark.parametrize(
    ("days", "from_end", "invoiced", "due"),
    [
        (0, False, date(2026, 5, 4), date(2026, 5, 4)),
        (14, False, date(2026, 5, 4), date(2026, 5, 18)),
        (30, True, date(2026, 5, 4), date(2026, 6, 30)),
        (0, True, date(2028, 2, 1), date(2028, 2, 29)),
        (7, True, date(2026, 12, 31), date(2027, 1, 7)),
    ],
)
def test_a_term_counts_from_the_invoice_or_from_the_end_of_its_month(days, from_end, invoiced, due):
    term = PaymentTerm(name="A term", days=days, is_from_end_of_month=from_end)
    assert term.due_after(invoiced) == due


def test_the_customers_own_term_goes_before_the_default(at_bright_spark):
    day = date(2026, 5, 4)
    customer = a_customer(at_bright_spark)
    assert a_draft(at_bright_spark, customer=customer, issued_on=day).due_on == date(2026, 5, 18)
    default = a_term(at_bright_spark, "30 days")
    choose_default_term(organization=at_bright_spark, term=default, by=None)
    assert a_draft(at_bright_spark, customer=customer, issued_on=day).due_on == date(2026, 6, 3)
    own = a_term(at_bright_spark, "30 days after end of month")
    customer = change_customer(customer=customer, by=None, payment_term=own)
    assert a_draft(at_bright_spark, customer=customer, issued_on=day).due_on == date(2026, 6, 30)


def test_a_draft_issued_on_another_day_keeps_its_term_or_the_days_that_were_chosen(at_bright_spark):
    end_of_month = a_term(at_bright_spark, "30 days after end of month")
    customer = a_customer(at_bright_spark, payment_term=end_of_month)
    draft = a_draft(at_bright_spark, customer=customer, issued_on=date(2026, 5, 4))
    issued = issue_invoice(invoice=draft, by=None, issued_on=date(2026, 6, 1))
    assert issued.due_on == date(2026, 7, 30)
    other = a_draft(at_bright_spark, customer=customer, issued_on=date(2026, 5, 4))
    change_draft(invoice=other, by=None, due_on=date(2026, 5, 9))
    assert issue_invoice(invoice=other, by=None, issued_on=date(2026, 6, 1)).due_on == date(
        2026, 6, 6
    )


def test_the_default_is_not_archived_and_an_archived_term_is_no_default(at_bright_spark):
    default = payment_settings_for(at_bright_spark).default_term
    with pytest.raises(Refused, match="14 days is the default"):
        archive_term(term=default, by=None)
    assert a_term(at_bright_spark, "14 days").archived_at is None
    archived = archive_term(term=a_term(at_bright_spark, "7 days"), by=None)
    with pytest.raises(Refused, match="7 days is archived"):
        choose_default_term(organization=at_bright_spark, term=archived, by=None)
    assert payment_settings_for(at_bright_spark).default_term == default


@pytest.mark.parametrize("values", [{"name": "14 days", "days": 1}, {"name": "Aeons", "days": 366}])
def test_a_name_is_given_once_and_a_year_is_the_longest(at_bright_spark, values):
    before = PaymentTerm.objects.owned_by(at_bright_spark).count()
    with pytest.raises(ValidationError):
        create_term(organization=at_bright_spark, by=None, **values)
    assert PaymentTerm.objects.owned_by(at_bright_spark).count() == before


def test_terms_are_added_changed_archived_and_restored_on_their_screen(
    bright_spark, client_of, otto
):
    browser = client_of(otto)
    typed = {"name": "EOM + 7", "days": "7", "is_from_end_of_month": "on"}
    browser.post(reverse("payments:term_new"), typed)
    page = browser.get(reverse("payments:payment_settings")).content.decode()
    assert "7 days after the end of the invoice&#x27;s month" in page
    refused = browser.post(reverse("payments:term_new"), typed | {"days": "400"})
    assert refused.status_code == 422
    with acting_for(bright_spark):
        term = a_term(bright_spark, "EOM + 7")
    browser.post(reverse("payments:term_edit", args=[term.public_id]), typed | {"days": "10"})
    browser.post(reverse("payments:term_archive", args=[term.public_id]))
    with acting_for(bright_spark):
        term.refresh_from_db()
    assert (term.days, term.archived_at is None) == (10, False)
    browser.post(reverse("payments:term_restore", args=[term.public_id]))
    with acting_for(bright_spark):
        term.refresh_from_db()
    assert term.archived_at is None
