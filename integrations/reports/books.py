"""The report that both sides must show alike: what our documents come to, account by account."""

from ascora.common.money import total_of
from ascora.tenancy.models import Organization
from integrations.reconcile import own_figures
from integrations.reports.tables import Period, Report, Table


def ledger_balances(organization: Organization, _period: Period) -> Report:
    """What Ascora's documents come to in each account, whatever the books say; debit positive."""
    figures = own_figures(organization)
    table: Table = [(figure.code, figure.name, figure.amount) for figure in figures]
    total = ("Total", "", total_of(figure.amount for figure in figures))
    return Report(("Account", "Name", "Balance"), table, total)
