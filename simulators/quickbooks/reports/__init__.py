"""Reports as the API gives them (field guide 5): Header, Columns and nested Rows of text cells."""

from collections.abc import Callable, Mapping

from simulators.quickbooks.books import Books
from simulators.quickbooks.reports.general_ledger import general_ledger
from simulators.quickbooks.reports.profit_and_loss import profit_and_loss
from simulators.quickbooks.reports.receivables import aged_receivables, customer_balance
from simulators.quickbooks.reports.tables import Document
from simulators.quickbooks.reports.trial_balance import trial_balance

REPORTS: dict[str, Callable[[Books, Mapping[str, str]], Document]] = {
    "AgedReceivables": aged_receivables,
    "CustomerBalance": customer_balance,
    "GeneralLedger": general_ledger,
    "ProfitAndLoss": profit_and_loss,
    "TrialBalance": trial_balance,
}


def report(books: Books, name: str, asked: Mapping[str, str]) -> Document | None:
    """One report, or nothing where there is none of that name."""
    maker = {each.lower(): REPORTS[each] for each in REPORTS}.get(name.lower())
    return maker(books, asked) if maker else None
