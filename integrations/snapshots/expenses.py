"""An expense of a job: a bill while it is to be paid, a purchase when it was paid on the spot."""

from datetime import date, timedelta

from ascora.chart.models import AccountKind
from ascora.outbox.models import OutboxEntry
from integrations.contracts import BillDraft, Kind, PurchaseDraft, SpendingLineDraft
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.posting import Bought, Placement, Spending, place_spending
from integrations.snapshots.outcomes import (
    Books,
    Remove,
    Requires,
    Send,
    Snapshot,
    Stays,
    code_of,
)
from integrations.snapshots.spending import (
    before_cut_off,
    check_purchase_rate,
    refuse_switched_off,
)
from jobs.models import Expense

_TEXT = 4000
_MARKER_DIGITS = 8


def expense_snapshot(books: Books, expense: Expense, entry: OutboxEntry) -> Snapshot:
    """Its supplier goes first. The books cannot void it, so a void one is deleted there; so is one
    that has become another kind of document, before it is sent as that.
    """
    link = link_of(books.connection, expense)
    if expense.is_draft:
        return Stays("A draft is not sent.")
    if expense.is_void:
        return Remove() if link is not None else Stays("Void; nothing stands in the books.")
    if link is not None and link.kind != kind_of(expense):
        return Remove()
    if link is None and (older := before_cut_off(books, expense, expense.spent_on, entry)):
        return older
    placement = placement_of(books, expense)
    check_purchase_rate(
        books, is_taxed=expense.is_taxed, percent=expense.tax_percent, what="expense"
    )
    supplier = expense.supplier
    if supplier is not None and link_of(books.connection, supplier) is None:
        return Requires((supplier,))
    return Send(_draft(books, expense, placement))


def kind_of(expense: Expense) -> Kind:
    """What it is in the books."""
    return Kind.BILL if expense.is_to_be_paid else Kind.PURCHASE


def expense_marker(expense: Expense) -> str:
    """What a person reads on the expense in the books, and by which it is found again."""
    return f"Ascora expense {expense.public_id.hex[:_MARKER_DIGITS]}"


def placement_of(books: Books, expense: Expense) -> Placement:
    """The account of an expense and why. Raises NeedsMapping."""
    spending = Spending(bought=Bought.EXPENSE, chosen=code_of(expense.account))
    return place_spending(spending, books.spending_defaults)


def _draft(books: Books, expense: Expense, placement: Placement) -> BillDraft | PurchaseDraft:
    _refuse_switched_off(expense, placement)
    supplier = _supplier_link(books, expense)
    supplier_id = supplier.remote_id if supplier else ""
    tax_code_id = books.purchase_tax_code_id(is_taxed=expense.is_taxed)
    line = SpendingLineDraft(
        description=f"{expense.job.number}: {expense.description}"[:_TEXT],
        amount=expense.net,
        account_id=placement.code.id,
        tax_code_id=tax_code_id,
        gross=expense.total if expense.cost_includes_tax else None,
    )
    if expense.is_to_be_paid:
        return BillDraft(
            number=expense.supplier_number,
            supplier_id=supplier_id,
            dated_on=expense.spent_on,
            due_on=expense.due_on or _usual_due_day(expense),
            is_tax_inclusive=expense.cost_includes_tax,
            lines=(line,),
            subtotal=expense.net,
            tax=expense.tax,
            total=expense.total,
            memo=expense.job.number,
            marker=expense_marker(expense),
        )
    return _purchase(expense, line, supplier_id)


def _purchase(expense: Expense, line: SpendingLineDraft, supplier_id: str) -> PurchaseDraft:
    account = expense.paid_from
    return PurchaseDraft(
        number=expense.supplier_number,
        payee_id=supplier_id,
        dated_on=expense.spent_on,
        paid_from_id=account.remote_id if account else "",
        is_card=account is not None and account.kind == AccountKind.CREDIT_CARD,
        is_tax_inclusive=expense.cost_includes_tax,
        lines=(line,),
        subtotal=expense.net,
        tax=expense.tax,
        total=expense.total,
        memo=expense.job.number,
        marker=expense_marker(expense),
    )


def _usual_due_day(expense: Expense) -> date:
    days = int(expense.supplier.payment_days) if expense.supplier else 0
    return expense.spent_on + timedelta(days=days)


def _supplier_link(books: Books, expense: Expense) -> RemoteLink | None:
    return link_of(books.connection, expense.supplier) if expense.supplier else None


def _refuse_switched_off(expense: Expense, placement: Placement) -> None:
    wanted = {placement.code.id} | ({expense.paid_from.remote_id} if expense.paid_from else set())
    refuse_switched_off(expense.organization, wanted, what="expense")
