"""Credit notes, their use and refunds against the simulator: the accounts, the tax and the cents
that each moves in the books over there, and nothing else.
"""

from datetime import date

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.pull import pull
from integrations.selectors import destinations_of, document_state_for
from payments.models import CreditApplication
from payments.services import (
    NewCreditLine,
    apply_credit_note,
    draft_credit_for_invoice,
    issue_credit_note,
    record_payment,
    refund_payment,
    reverse_application,
    reverse_refund,
    void_credit_note,
)
from tests.engine.business import ISSUED_ON
from tests.engine.connected import company, running, spark
from tests.engine.credits import (
    BANK,
    CREDITS,
    GST,
    LABOUR,
    RECEIVABLE,
    D,
    books,
    credit,
    fresh,
    invoice,
    is_settled,
    moved,
    pay_out,
    remote,
    use,
)

__all__ = ["books", "company", "invoice", "running", "spark"]


def test_issuing_moves_the_credit_account_and_gst_out_of_receivables(books, invoice):
    before = books.balances()
    note = credit(books, invoice.customer, "40.00", reason="Not done")
    books.drain()
    assert moved(books, before) == {RECEIVABLE: D("-44.00"), CREDITS: D("40.00"), GST: D("4.00")}
    assert is_settled(books, note)
    there = remote(books, "CreditMemo", note)
    assert (there["DocNumber"], there["TotalAmt"], there["Balance"]) == (note.number, 44, 44)
    assert there["CustomerMemo"] == {"value": "Not done"}


def test_prices_with_tax_inside_agree_to_the_cent(books, invoice):
    before = books.balances()
    amounts = ("20.00", "20.00", "20.00")
    note = credit(books, invoice.customer, *amounts, tax_mode="inclusive")
    books.drain()
    assert moved(books, before) == {RECEIVABLE: D("-60.00"), CREDITS: D("54.55"), GST: D("5.45")}
    assert is_settled(books, note)


@pytest.mark.parametrize("pushes_lines", [True, False])
def test_a_credit_of_an_invoice_follows_line_by_line_or_as_one(books, pushes_lines):
    books.set(pushes_lines=pushes_lines)
    lines = (("labour", "95.50", True, "3.5"), ("supply", "40.00", False))
    invoice = books.invoice(lines=lines)
    with books.acting():
        given = [
            NewCreditLine(
                description=line.description,
                unit_price=line.unit_price,
                quantity=line.quantity,
                is_taxed=line.is_taxed,
                invoice_line=line,
            )
            for line in invoice.lines.all()
        ]
        draft = draft_credit_for_invoice(invoice=invoice, by=None, lines=given, reason="All")
        note = issue_credit_note(credit_note=draft, by=None, issued_on=ISSUED_ON)
    books.drain(3)
    assert is_settled(books, invoice, note)
    assert books.balances().get(RECEIVABLE) is None
    assert remote(books, "CreditMemo", note)["TotalAmt"] == invoice.total


def test_without_the_account_m_it_waits_with_a_sentence(books, invoice):
    books.set(credit_note_account=None)
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    entry = books.entry(note)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "Credit Note Account (M)" in entry.message
    assert books.differences() == []


def test_applying_links_both_and_moves_nothing(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    application = use(books, note, invoice, "44.00")
    books.drain()
    before = books.balances()
    books.drain()
    assert is_settled(books, note, application)
    assert moved(books, before) == {}
    assert before[RECEIVABLE] == D("66.00")
    payment = remote(books, "Payment", application)
    assert (payment["TotalAmt"], len(payment["Line"])) == (0, 2)
    assert remote(books, "Invoice", invoice)["Balance"] == 66
    assert remote(books, "CreditMemo", note)["Balance"] == 0
    assert pull(books.organization).applied == 0


def test_one_use_settles_two_invoices(books, invoice):
    second = books.invoice(invoice.customer)
    note = credit(books, invoice.customer, "100.00")
    with books.acting():
        shares = {invoice: D(60), second: D(50)}
        application = apply_credit_note(
            credit_note=note, allocations=shares, by=None, applied_on=ISSUED_ON
        )
    books.drain(2)
    assert is_settled(books, application)
    assert remote(books, "Invoice", invoice)["Balance"] == 50
    assert remote(books, "Invoice", second)["Balance"] == 60


def test_unapplying_and_voiding_take_it_all_out_again(books, invoice):
    clean = books.balances()
    note = credit(books, invoice.customer, "40.00")
    application = use(books, note, invoice, "44.00")
    books.drain(2)
    with books.acting():
        reverse_application(application=application, reason="Wrong", by=None)
    before = books.balances()
    books.drain()
    assert is_settled(books, application)
    assert moved(books, before) == {}
    assert books.company.rows("Payment") == []
    assert remote(books, "Invoice", invoice)["Balance"] == 110
    with books.acting():
        void_credit_note(credit_note=note, reason="Mistake", by=None)
    books.drain()
    assert is_settled(books, note)
    assert moved(books, before) == {
        RECEIVABLE: D("44.00"), CREDITS: D("-40.00"), GST: D("-4.00"),
    }  # fmt: skip
    assert books.balances() == clean
    assert pull(books.organization).bad == []


def test_unapplying_and_voiding_at_once_go_in_order(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    application = use(books, note, invoice, "44.00")
    books.drain(2)
    with books.acting():
        reverse_application(application=application, reason="Wrong", by=None)
        void_credit_note(credit_note=note, reason="Mistake", by=None)
    books.void(fresh(books, invoice))
    books.drain(3)
    books.time_passes()
    books.drain(3)
    assert is_settled(books, application, note, invoice)
    assert books.balances() == {}


def test_a_refund_pays_receivables_from_the_bank_and_links_the_credit(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    before = books.balances()
    refund = pay_out(books, note, "30.00")
    books.drain(2)
    assert moved(books, before) == {RECEIVABLE: D("30.00"), BANK: D("-30.00")}
    with books.acting():
        application = refund.application
    assert is_settled(books, refund, application)
    purchase = remote(books, "Purchase", refund)
    assert purchase["EntityRef"]["type"] == "Customer"
    assert remote(books, "CreditMemo", note)["Balance"] == 14
    with books.acting():
        reverse_refund(refund=refund, reason="Bounced", by=None)
    books.drain(3)
    books.time_passes()
    books.drain(2)
    assert is_settled(books, refund, application)
    assert moved(books, before) == {}
    assert remote(books, "CreditMemo", note)["Balance"] == 44


def test_a_refund_of_what_a_payment_left_over_is_laid_on_the_payment(books, invoice):
    with books.acting():
        payment = record_payment(
            customer=invoice.customer,
            allocations={invoice: D(110)},
            credit=D(20),
            by=None,
            received_on=date(2026, 11, 12),
        )
    books.drain()
    before = books.balances()
    with books.acting():
        terms = {"paid_from": books.accounts[BANK], "paid_on": ISSUED_ON, "reference": ""}
        refund = refund_payment(payment=payment, by=None, amount=D(20), **terms)
    books.drain(3)
    assert moved(books, before) == {RECEIVABLE: D("20.00"), BANK: D("-20.00")}
    assert is_settled(books, refund, payment)
    assert remote(books, "Payment", payment)["UnappliedAmt"] == 0
    with books.acting():
        reverse_refund(refund=refund, reason="Bounced", by=None)
    books.drain(3)
    books.time_passes()
    books.drain(2)
    assert is_settled(books, refund, payment)
    assert moved(books, before) == {}
    assert remote(books, "Payment", payment)["UnappliedAmt"] == 20


def test_a_credit_memo_that_is_not_ours_is_left_alone_and_the_invoice_says_what_differs(
    books, invoice
):
    customer = books.link(invoice.customer).remote_id
    item = books.company.item("Their labour", LABOUR)
    line = {"Amount": 40, "DetailType": "SalesItemLineDetail"}
    line["SalesItemLineDetail"] = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": "10"}}
    body = {"CustomerRef": {"value": customer}, "DocNumber": "BK-1", "Line": [line]}
    theirs = books.company.post("CreditMemo", body)
    parts = {"Invoice": books.link(invoice).remote_id, "CreditMemo": theirs["Id"]}
    lines = [
        {"Amount": 44, "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}
        for kind, identifier in parts.items()
    ]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines}
    books.company.post("Payment", body)
    assert pull(books.organization).bad == []
    assert fresh(books, invoice).balance == 110
    with books.acting():
        said = document_state_for(fresh(books, invoice)).differs
        assert said.startswith("QuickBooks shows $66.00 owed, Ascora $110.00.")
        assert not CreditApplication.objects.owned_by(books.organization).exists()


def test_a_lost_answer_leaves_one_credit_note_and_one_use(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.company.running.control("/knobs", {"drop_reply": 1})
    books.drain(2)
    application = use(books, note, invoice, "44.00")
    for _ in range(2):
        books.time_passes()
        books.drain(2)
        books.company.running.control("/knobs", {"drop_reply": 1})
    books.time_passes()
    books.drain(2)
    books.company.running.control("/knobs", {"drop_reply": 0})
    books.time_passes()
    books.drain(3)
    assert is_settled(books, note, application)
    assert len(books.company.rows("CreditMemo")) == 1
    assert len(books.company.rows("Payment")) == 1


def test_a_credit_of_an_invoice_from_before_the_cut_off_waits(books):
    invoice = books.invoice(issued_on=date(2026, 5, 4))
    books.drain()
    with books.acting():
        line = NewCreditLine(description="Not done", unit_price=D(40))
        draft = draft_credit_for_invoice(invoice=invoice, by=None, lines=[line])
        note = issue_credit_note(credit_note=draft, by=None, issued_on=ISSUED_ON)
    books.drain()
    entry = books.entry(note)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.BEFORE_CUT_OFF)
    assert "before the cut-off" in entry.message
    assert books.balances() == {}
    assert books.differences() == []
    with books.acting():
        repairs.send_too(document=note, by=None)
    books.drain(3)
    assert is_settled(books, invoice, note)
    assert books.balances()[RECEIVABLE] == D("66.00")


def test_a_credit_of_an_old_invoice_goes_on_once_that_is_linked(books):
    invoice = books.invoice(issued_on=date(2026, 5, 4), number="OLD-7")
    books.drain()
    with books.acting():
        line = NewCreditLine(description="Not done", unit_price=D(40))
        draft = draft_credit_for_invoice(invoice=invoice, by=None, lines=[line])
        note = issue_credit_note(credit_note=draft, by=None, issued_on=ISSUED_ON)
    application = use(books, note, invoice, "44.00")
    books.drain(2)
    customer = books.company.post("Customer", {"DisplayName": invoice.customer.name})["Id"]
    item = books.company.item("Their labour", LABOUR)
    row = {"Amount": 100, "DetailType": "SalesItemLineDetail"}
    row["SalesItemLineDetail"] = {"ItemRef": {"value": item}, "TaxCodeRef": {"value": "10"}}
    body = {"CustomerRef": {"value": customer}, "DocNumber": "OLD-7", "Line": [row]}
    theirs = books.company.post("Invoice", body)
    message = repairs.link_invoices_of(organization=books.organization, document=note)
    assert "Linked to invoice OLD-7" in message
    books.drain(3)
    assert books.entry(note).state == books.entry(application).state == EntryState.DONE
    assert books.company.read("Invoice", theirs["Id"])["Balance"] == 66


def test_a_sent_credit_note_stays_where_it_stands_when_another_code_is_chosen(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    books.drain()
    books.set(credit_note_account=books.accounts[LABOUR])
    assert is_settled(books, note)
    with books.acting():
        (destination,) = destinations_of(fresh(books, note))
    assert destination.account.startswith(CREDITS)
    assert "before another code was chosen" in destination.why


def test_each_line_says_why_it_goes_to_the_account_m(books, invoice):
    note = credit(books, invoice.customer, "40.00")
    with books.acting():
        (destination,) = destinations_of(note)
    assert destination.account.startswith(CREDITS)
    assert destination.why == "Credit Note Account (M) of the accounting settings."
