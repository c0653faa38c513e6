"""Which account code each line of a document goes to, and why; what a drop-down decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ascora.tenancy.models import Organization, OwnedModel
from integrations.errors import NeedsMapping
from integrations.models import AccountingSettings
from integrations.posting import Chooser, explain
from integrations.selectors.connections import live_connection_for
from integrations.snapshots import Books
from integrations.snapshots.charges import lines_of, placement_of
from integrations.snapshots.creditnotes import placement_of_credit
from integrations.snapshots.expenses import placement_of as placement_of_expense
from integrations.snapshots.payments import deposit_account
from integrations.snapshots.supplierinvoices import lines_bought, placement_of_bought
from inventory.models import SupplierInvoice
from jobs.models import Expense
from payments.models import CreditNote, Invoice, Payment, Refund
from payments.selectors import credit_lines_of


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a line goes. `account` is empty when a code is missing; `why` says which."""

    public_id: UUID
    account: str
    why: str


def destinations_of(document: OwnedModel) -> list[Destination]:
    """One for each line (of a payment: for its money); none without books."""
    books = _books(document.organization)
    explained = EXPLAINED.get(document._meta.label_lower)
    return list(explained(books, document)) if books and explained else []


def why_chosen_at(organization: Organization, chooser: Chooser) -> str:
    """What a code chosen there decides, and what holds when it is left empty."""
    books = _books(organization)
    if books is None:
        return "Account codes decide where amounts go in your books. Connect them first."
    return explain(chooser, books.defaults, books.spending_defaults)


def books_begin_on(organization: Organization) -> date | None:
    """The cut-off: documents of earlier days are not sent. None while no books are set up."""
    books = _books(organization)
    return books.cut_off_on if books else None


def _books(organization: Organization) -> Books | None:
    connection = live_connection_for(organization)
    rows = AccountingSettings.objects.owned_by(organization)
    settings = rows.filter(connection=connection).first() if connection else None
    return Books(connection=connection, settings=settings) if connection and settings else None


def _of_invoice(books: Books, invoice: Invoice) -> Iterable[Destination]:
    for line in lines_of(invoice):
        try:
            placed = placement_of(books, line, invoice)
        except NeedsMapping as missing:
            yield Destination(line.public_id, "", missing.message)
        else:
            yield Destination(line.public_id, str(placed.code), f"{placed.why}.")


def _of_credit_note(books: Books, credit_note: CreditNote) -> Iterable[Destination]:
    lines = credit_lines_of(credit_note)
    try:
        placed = placement_of_credit(books, credit_note)
    except NeedsMapping as missing:
        return [Destination(line.public_id, "", missing.message) for line in lines]
    account, why = str(placed.code), f"{placed.why}."
    return [Destination(line.public_id, account, why) for line in lines]


def _of_refund(books: Books, refund: Refund) -> Iterable[Destination]:
    del books
    yield Destination(refund.public_id, str(refund.paid_from), "Chosen on the refund.")


def _of_expense(books: Books, expense: Expense) -> Iterable[Destination]:
    try:
        placed = placement_of_expense(books, expense)
    except NeedsMapping as missing:
        yield Destination(expense.public_id, "", missing.message)
    else:
        yield Destination(expense.public_id, str(placed.code), f"{placed.why}.")


def _of_supplier_invoice(books: Books, invoice: SupplierInvoice) -> Iterable[Destination]:
    for line in lines_bought(invoice):
        try:
            placed = placement_of_bought(books, invoice.supplier, line)
        except NeedsMapping as missing:
            yield Destination(line.public_id, "", missing.message)
        else:
            yield Destination(line.public_id, str(placed.code), f"{placed.why}.")


def _of_payment(books: Books, payment: Payment) -> Iterable[Destination]:
    try:
        account = str(deposit_account(books, payment))
    except NeedsMapping as missing:
        yield Destination(payment.public_id, "", missing.message)
        return
    yield Destination(payment.public_id, account, _why_deposited(books, payment))


def _why_deposited(books: Books, payment: Payment) -> str:
    if payment.deposit_account is not None and not payment.deposit_account.is_put_away:
        return "There the money of this payment stands in the books."
    is_card = payment.method is not None and payment.method.is_card
    if is_card and books.settings.card_account is not None:
        return "Account for Credit Card Payments of the accounting settings."
    return "Account for Payments (G) of the accounting settings."


EXPLAINED: dict[str, Callable[[Books, Any], Iterable[Destination]]] = {
    "payments.invoice": _of_invoice,
    "payments.payment": _of_payment,
    "payments.creditnote": _of_credit_note,
    "payments.refund": _of_refund,
    "jobs.expense": _of_expense,
    "inventory.supplierinvoice": _of_supplier_invoice,
}
