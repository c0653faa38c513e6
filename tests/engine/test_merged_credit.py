"""A merge there leaves credit notes, their use and refunds of the customer as they are."""

import pytest

from ascora.outbox.models import EntryState
from integrations import repairs
from integrations.pull import pull
from payments.services import reverse_application, reverse_refund, void_credit_note
from tests.engine.connected import company, running, spark
from tests.engine.credits import CREDITS, D, books, credit, invoice, pay_out, use

__all__ = ["books", "company", "invoice", "running", "spark"]


@pytest.mark.parametrize("is_ours", [False, True])
def test_a_merge_there_leaves_credit_its_use_and_a_refund_as_they_are(books, invoice, is_ours):
    note = credit(books, invoice.customer, "50.00")
    books.drain(2)
    application = use(books, note, invoice, "33.00")
    refund = pay_out(books, note, "22.00")
    books.drain(3)
    if is_ours:
        survivor = books.invoice(books.customer("Smith Holdings")).customer
        books.drain(2)
        into = books.link(survivor).remote_id
    else:
        into = books.company.bookkeeper("add_customer", name="Smith", DisplayName="Smith")["Id"]
    before = books.balances()
    books.company.bookkeeper(
        "merge_customers", id=books.link(invoice.customer).remote_id, into=into
    )
    assert pull(books.organization).bad == []
    if is_ours:
        with books.acting():
            repairs.merge_here(document=invoice.customer, by=None)
    books.drain(3)
    assert pull(books.organization).bad == []
    for document in (invoice, note, application, refund):
        assert books.entry(document).state == EntryState.DONE, books.entry(document).message
    assert books.balances() == before
    assert books.differences() == []
    with books.acting():
        reverse_refund(refund=refund, reason="Came back", by=None)
        reverse_application(application=application, reason="Wrong one", by=None)
        void_credit_note(credit_note=note, reason="Not agreed", by=None)
    books.drain(5)
    assert books.entry(note).state == EntryState.DONE, books.entry(note).message
    assert books.differences() == []
    assert books.balances().get(CREDITS, D(0)) == 0
