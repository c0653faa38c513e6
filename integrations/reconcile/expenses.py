"""What expenses move: cost by account, its tax, and payables or the account that paid."""

from collections.abc import Iterator
from functools import partial

from ascora.chart.models import AccountKind, LedgerAccount
from integrations.posting import Income, Posting, spending_postings
from integrations.reconcile.source import Source, unless_unplaced
from integrations.snapshots.expenses import placement_of
from jobs.models import Expense


def expense_movements(source: Source) -> Iterator[Posting]:
    """Of every approved expense that belongs in the books."""
    payable_id = payable_of(source)
    rows = Expense.objects.filter(organization=source.organization).approved()
    old = source.asked_for("jobs.expense")
    for expense in rows.select_related("account", "paid_from"):
        if expense.spent_on >= source.books.cut_off_on or expense.pk in old:
            yield from unless_unplaced(partial(_of, source, expense, payable_id))


def payable_of(source: Source) -> str:
    """The account in which suppliers are owed."""
    accounts = LedgerAccount.objects.owned_by(source.organization).of_kind(AccountKind.PAYABLE)
    first = accounts.active().order_by("code", "pk").first()
    return first.remote_id if first else ""


def _of(source: Source, expense: Expense, payable_id: str) -> tuple[Posting, ...]:
    books = source.books
    tax = {books.purchase_tax_code_id(is_taxed=True): expense.tax} if expense.tax else {}
    cost = Income(account_id=placement_of(books, expense).code.id, net=expense.net)
    paid_from_id = expense.paid_from.remote_id if expense.paid_from else payable_id
    return spending_postings([cost], tax_by_code=tax, paid_from_id=paid_from_id)
