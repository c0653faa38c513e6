"""What a customer was charged and paid in a period, and what is open: a statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ascora.common.money import total_of
from ascora.common.wording import money, plain_money
from ascora.tenancy.selectors import today_for
from jobs.models import Customer
from payments.models import CreditNoteStatus, Refund
from payments.selectors.credits import credit_notes_of_customer
from payments.selectors.invoices import invoices_of_customer
from payments.selectors.papers import Letterhead, Paper, billed_to, words_of, written
from payments.selectors.payments import payments_of_customer
from payments.selectors.standing import OpenInvoice, ages_of, owed_on


@dataclass(frozen=True, slots=True)
class Movement:
    """What raised the balance (positive) or lowered it on a day."""

    day: date
    number: str
    words: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of a period between two balances. A negative balance is the customer's."""

    begins_on: date
    ends_on: date
    opening: Decimal
    movements: list[Movement]

    @property
    def closing(self) -> Decimal:
        """The balance at the end."""
        return self.opening + total_of(each.amount for each in self.movements)


def statement_of(customer: Customer, begins_on: date, ends_on: date) -> Statement:
    """Invoices, payments, credit notes and refunds; what is void or taken back is left out."""
    everything = sorted(_movements(customer), key=lambda each: (each.day, -each.amount))
    before = total_of(each.amount for each in everything if each.day < begins_on)
    inside = [each for each in everything if begins_on <= each.day <= ends_on]
    return Statement(begins_on, ends_on, before, inside)


def _movements(customer: Customer) -> Iterable[Movement]:
    for invoice in invoices_of_customer(customer).issued():
        yield Movement(invoice.issued_on, invoice.number, "Invoice", invoice.total)
    for payment in payments_of_customer(customer).standing():
        words = f"Payment, {payment.method}" if payment.method else "Payment"
        yield Movement(payment.received_on, payment.reference, words, -payment.amount)
    for note in credit_notes_of_customer(customer).filter(status=CreditNoteStatus.ISSUED):
        yield Movement(note.issued_on, note.number, "Credit note", -note.total)
    refunds = Refund.objects.owned_by(customer.organization).filter(customer=customer)
    for refund in refunds.filter(reversed_at=None):
        yield Movement(refund.paid_on, refund.reference, "Refund to you", refund.amount)


def usual_period(customer: Customer) -> tuple[date, date]:
    """The last three months, until today."""
    today = today_for(customer.organization)
    return today - timedelta(days=90), today


def statement_paper(customer: Customer, begins_on: date, ends_on: date) -> Paper:
    """The statement as it is printed."""
    statement = statement_of(customer, begins_on, ends_on)
    head = Letterhead.of(customer.organization)
    today = today_for(customer.organization)
    open_then = owed_on(customer.organization, ends_on, customer=customer)
    ages = ages_of(open_then, ends_on)
    owed = total_of(ages.values())
    due = ["Open", money(owed), f"on {written(ends_on)}"] if owed else []
    data = head.data() | {
        "title": "Statement",
        "number": "",
        "subtitle": f"{written(begins_on)} to {written(ends_on)}",
        "watermark": "",
        "parties": [billed_to(customer, "Account of")],
        "facts": [["Date", written(today)], ["Balance", money(statement.closing)]],
        "rows": _rows_of(statement),
        "totals": [
            {
                "kind": "sum",
                "label": f"Balance on {written(ends_on)}",
                "amount": money(statement.closing),
            }
        ],
        "open": _open_rows(open_then),
        "ages": [[label, money(amount)] for label, amount in ages.items()] if owed else [],
        "pay": head.pay("", due) if owed else {"rows": [], "instructions": "", "due": []},
    }
    words = words_of(
        customer,
        number="",
        date=written(today),
        due_date="",
        total=money(statement.closing),
        balance=money(owed),
        job="",
    )
    name = f"Statement {customer.name[:60]} {ends_on:%Y-%m-%d}.pdf"
    return Paper("statement", customer, "statement", name, data, words, customer, head.logo_bytes)


def _rows_of(statement: Statement) -> list[list[str]]:
    balance = statement.opening
    rows = [
        [
            written(statement.begins_on),
            "",
            "Balance brought forward",
            "",
            "",
            plain_money(balance),
        ]
    ]
    for each in statement.movements:
        balance += each.amount
        charged = plain_money(each.amount) if each.amount > 0 else ""
        credited = plain_money(-each.amount) if each.amount < 0 else ""
        rows.append(
            [written(each.day), each.number, each.words, charged, credited, plain_money(balance)]
        )
    return rows


def _open_rows(found: Sequence[OpenInvoice]) -> list[list[str]]:
    return [
        [
            each.invoice.number,
            written(each.invoice.issued_on),
            written(each.invoice.due_on),
            "",
            plain_money(each.invoice.total),
            plain_money(each.amount),
        ]
        for each in found
    ]
