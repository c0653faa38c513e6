"""A day that is closed in the books takes no new document, and nothing of it is kept."""

from datetime import date

import pytest

from ascora.outbox.selectors import entry_for
from payments.models import CreditNote, Invoice, Refund
from payments.services import (
    Refused,
    issue_credit_note,
    issue_invoice,
    note_closed_books,
    refund_credit_note,
)
from tests.builders import a_credit_note, a_draft, an_income_account

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)
WORDS = "The books are closed until 31 May 2026"


@pytest.fixture
def closed(at_bright_spark):
    """A credit note of June with 110.00 left; the books are closed until the end of May."""
    credit_note = a_credit_note(at_bright_spark, issued_on=JUNE)
    note_closed_books(organization=at_bright_spark, until=MAY)
    return credit_note


def test_an_invoice_of_a_closed_day_is_not_issued_and_keeps_no_number(at_bright_spark, closed):
    draft = a_draft(at_bright_spark, issued_on=MAY)
    with pytest.raises(Refused, match=WORDS):
        issue_invoice(invoice=draft, by=None)
    draft = Invoice.objects.get(organization=at_bright_spark, pk=draft.pk)
    assert (draft.is_draft, draft.number, entry_for(draft)) == (True, "", None)
    assert issue_invoice(invoice=draft, by=None, issued_on=JUNE).number == "INV-1001"


def test_a_credit_note_of_a_closed_day_is_not_issued(at_bright_spark, closed):
    draft = CreditNote.objects.get(organization=at_bright_spark, pk=closed.pk)
    CreditNote.objects.filter(organization=at_bright_spark, pk=closed.pk).update(
        status="draft", issued_on=MAY
    )
    with pytest.raises(Refused, match=WORDS):
        issue_credit_note(credit_note=draft, by=None)
    assert issue_credit_note(credit_note=draft, by=None, issued_on=JUNE).status == "issued"


def test_no_credit_is_paid_out_on_a_closed_day(at_bright_spark, closed):
    bank = an_income_account(at_bright_spark, kind="bank")
    terms = {"amount": closed.remaining, "paid_from": bank, "reference": "", "by": None}
    with pytest.raises(Refused, match=WORDS):
        refund_credit_note(credit_note=closed, paid_on=MAY, **terms)
    assert not Refund.objects.filter(organization=at_bright_spark).exists()
    refund_credit_note(credit_note=closed, paid_on=JUNE, **terms)
