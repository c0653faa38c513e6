"""Credit notes that the bookkeeper uses, edits or deletes: pulled, or told to a person."""

from datetime import timedelta

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations.pull import pull
from payments.models import CreditApplication, InvoiceStatus
from payments.services import (
    void_credit_note,
)
from tests.engine.connected import company, running, spark
from tests.engine.credits import (
    BANK,
    books,
    credit,
    fresh,
    invoice,
    is_settled,
    linked,
    moved,
    pay_out,
    remote,
    use,
)

__all__ = ["books", "company", "invoice", "running", "spark"]


def test_applied_over_there_is_pulled_and_taken_off_there_is_told(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    before = books.balances()
    body = linked(books, (30, invoice, "Invoice"), (30, note, "CreditMemo"))
    made = books.company.post("Payment", body)
    assert pull(books.organization).bad == []
    assert (fresh(books, invoice).balance, fresh(books, note).remaining) == (80, 14)
    with books.acting():
        application = CreditApplication.objects.owned_by(books.organization).get()
    assert application.origin == "books"
    books.drain()
    assert is_settled(books, application, note)
    assert moved(books, before) == {}
    assert pull(books.organization).applied == 0
    key = {"Id": made["Id"], "SyncToken": made["SyncToken"]}
    books.company.post("Payment", key, operation="delete")
    assert pull(books.organization).bad == []
    assert (fresh(books, invoice).balance, fresh(books, note).remaining) == (110, 44)
    assert fresh(books, application).is_reversed
    assert fresh(books, invoice).status == InvoiceStatus.ISSUED
    assert books.differences() == []


def test_money_and_credit_of_one_payment_are_told_apart(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    body = linked(books, (110, invoice, "Invoice"), (44, note, "CreditMemo"))
    bank = {"value": books.accounts[BANK].remote_id}
    books.company.post("Payment", body | {"TotalAmt": 66, "DepositToAccountRef": bank})
    assert pull(books.organization).bad == []
    assert (fresh(books, invoice).balance, fresh(books, note).remaining) == (0, 0)
    with books.acting():
        application = CreditApplication.objects.owned_by(books.organization).get()
        assert application.payment.amount == 66
        assert application.payment.allocations.get().amount == 66
    assert books.differences() == []
    assert pull(books.organization).applied == 0


def test_what_the_company_applied_by_itself_is_adopted(books, invoice):
    books.company.bookkeeper("apply_credits", applies_credits=True)
    second = books.invoice(invoice.customer)
    books.drain()
    note = credit(books, invoice.customer, "40.00")
    application = use(books, note, second, "44.00")
    books.drain(2)
    assert is_settled(books, note, application)
    assert ("create", "adopted") in books.attempts(application)
    assert len(books.company.rows("Payment")) == 1
    assert (fresh(books, invoice).balance, fresh(books, second).balance) == (66, 110)
    assert pull(books.organization).bad == []
    assert fresh(books, note).remaining == 0
    with books.acting():
        assert CreditApplication.objects.owned_by(books.organization).count() == 1


@pytest.mark.parametrize("was_used_there", [False, True])
def test_credit_is_used_without_a_look_once_the_months_reads_are_gone(
    books, invoice, was_used_there
):
    books.company.bookkeeper("apply_credits", applies_credits=was_used_there)
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    application = use(books, note, invoice, "44.00")
    books.company.running.control("/meter", {"percent": 100})
    books.drain()
    entry = books.entry(application)
    assert (entry.state, entry.message) == (EntryState.WAITING, "QuickBooks asks to wait.")
    books.time_passes(timedelta(seconds=61))
    books.drain()
    books.company.running.control("/meter", {"used": 0})
    if not was_used_there:
        assert is_settled(books, application, note)
    else:
        entry = books.entry(application)
        assert (entry.state, entry.hold) == (EntryState.HELD, Hold.REJECTED)
    assert len(books.company.rows("Payment")) == 1
    assert fresh(books, note).remaining == 0


def test_what_the_company_applied_by_itself_is_pulled_where_nobody_applied_it(books, invoice):
    books.company.bookkeeper("apply_credits", applies_credits=True)
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    assert pull(books.organization).bad == []
    assert (fresh(books, invoice).balance, fresh(books, note).remaining) == (66, 0)
    assert books.differences() == []


def test_a_refund_of_credit_that_was_used_there_waits_for_a_person(books, invoice):
    books.company.bookkeeper("apply_credits", applies_credits=True)
    note = credit(books, invoice.customer, "40.00")
    refund = pay_out(books, note, "44.00")
    books.drain(3)
    with books.acting():
        application = refund.application
    entry = books.entry(application)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.REJECTED)
    assert "0.00 of this credit left, 44.00 is needed" in entry.message


def test_an_edit_there_is_told_and_not_overwritten(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    there = remote(books, "CreditMemo", note)
    (line,) = (row for row in there["Line"] if row["DetailType"] == "SalesItemLineDetail")
    line["SalesItemLineDetail"].pop("Qty")
    body = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    books.company.post("CreditMemo", body | {"Line": [line | {"Amount": 50}]})
    assert pull(books.organization).bad == []
    entry = books.entry(note)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.CHANGED_THERE)
    assert "55.00 there now, 44.00 before" in entry.message


def test_a_deletion_there_is_told_with_what_to_do(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    there = remote(books, "CreditMemo", note)
    key = {"Id": there["Id"], "SyncToken": there["SyncToken"]}
    books.company.post("CreditMemo", key, operation="delete")
    assert pull(books.organization).bad == []
    entry = books.entry(note)
    assert entry.hold == Hold.REMOTE_GONE
    assert "Create it again there, or void it here" in entry.message
    with books.acting():
        void_credit_note(credit_note=note, reason="Gone", by=None)
    books.drain()
    assert is_settled(books, note)
