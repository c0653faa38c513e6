"""Credit notes, their use and refunds of a business in the books: the set-up of their tests."""

from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState
from payments.models import Refund
from payments.services import (
    NewCreditLine,
    apply_credit_note,
    draft_credit_note,
    issue_credit_note,
    refund_credit_note,
)
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected

D = Decimal
BANK, RECEIVABLE, GST, LABOUR, CREDITS = "1100", "1200", "2200", "4100", "4300"


@pytest.fixture
def books(spark: Connected) -> Connected:
    """Credit notes go to an account of their own."""
    spark.set(credit_note_account=spark.accounts[CREDITS])
    return spark


@pytest.fixture
def invoice(books: Connected):
    """110.00, in the books."""
    made = books.invoice()
    books.drain()
    return made


def credit(books: Connected, customer, *amounts: str, **values):
    """An issued credit note of these amounts."""
    lines = [NewCreditLine(description="Not done", unit_price=D(a)) for a in amounts]
    values.setdefault("issued_on", ISSUED_ON)
    with books.acting():
        draft = draft_credit_note(customer=customer, by=None, lines=lines, **values)
        return issue_credit_note(credit_note=draft, by=None)


def use(books: Connected, note, invoice, amount: str):
    with books.acting():
        return apply_credit_note(
            credit_note=note, allocations={invoice: D(amount)}, by=None, applied_on=ISSUED_ON
        )


def pay_out(books: Connected, note, amount: str) -> Refund:
    with books.acting():
        return refund_credit_note(
            credit_note=note,
            by=None,
            amount=D(amount),
            paid_from=books.accounts[BANK],
            paid_on=ISSUED_ON,
            reference="EFT 9",
        )


def moved(books: Connected, before: dict[str, Decimal]) -> dict[str, Decimal]:
    """By how much each account moved since."""
    after = books.balances()
    steps = {n: after.get(n, D(0)) - before.get(n, D(0)) for n in {*before, *after}}
    return {number: step for number, step in steps.items() if step}


def is_settled(books: Connected, *documents) -> bool:
    entries = [books.entry(document) for document in documents]
    assert [entry.message for entry in entries if entry.state != EntryState.DONE] == []
    return books.differences() == []


def fresh(books: Connected, row):
    with books.acting():
        row.refresh_from_db()
    return row


def remote(books: Connected, kind: str, document):
    return books.company.read(kind, books.link(document).remote_id)


def linked(books: Connected, *parts):
    lines = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": books.link(row).remote_id, "TxnType": kind}]}
        for amount, row, kind in parts
    ]
    customer = books.link(parts[0][1].customer).remote_id
    return {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines}
