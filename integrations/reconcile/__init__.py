"""Ascora's own trial balance, from its documents through `posting` alone, and the comparison with
the books'. Each kind of document has a module and a row in MOVEMENTS.

Never reads links, attempts or anything that the books answered: a mistake of the push cannot hide
here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ascora.chart.models import AccountKind, LedgerAccount, TaxCode
from ascora.tenancy.models import Organization
from integrations.models import AccountingSettings
from integrations.posting import Posting, balances_of
from integrations.reconcile.credits import credit_note_movements, refund_movements
from integrations.reconcile.expenses import expense_movements
from integrations.reconcile.invoices import invoice_movements
from integrations.reconcile.payments import payment_movements
from integrations.reconcile.source import Source
from integrations.reconcile.supplierinvoices import supplier_invoice_movements
from integrations.selectors import live_connection_for
from integrations.snapshots import Books

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Figure:
    """The balance of one account, or of one tax code, as Ascora's documents make it; debit
    positive.
    """

    account_id: str
    tax_code_id: str
    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """An account on which both sides do not agree."""

    code: str
    name: str
    ours: Decimal
    theirs: Decimal

    @property
    def amount(self) -> Decimal:
        """By how much theirs is above ours."""
        return self.theirs - self.ours


# Each kind of document says by itself what it moves.
MOVEMENTS: tuple[Callable[[Source], Iterable[Posting]], ...] = (
    invoice_movements,
    payment_movements,
    credit_note_movements,
    refund_movements,
    expense_movements,
    supplier_invoice_movements,
)


def own_figures(organization: Organization) -> list[Figure]:
    """Ascora's trial balance. Runs inside `acting_for`; empty without a connection that is set
    up.
    """
    source = _source(organization)
    if source is None:
        return []
    postings = (posting for moves in MOVEMENTS for posting in moves(source))
    return _named(organization, balances_of(postings))


def differences(
    figures: Iterable[Figure],
    theirs: Mapping[str, Decimal],
    *,
    tax_account_id: str,
    names: Mapping[str, tuple[str, str]],
) -> list[Difference]:
    """Every account on which the books (account id to balance, debit positive) differ by a cent or
    more.

    All tax codes are gathered on one liability account. `names` gives code and name of an account.
    """
    ours: dict[str, Decimal] = {}
    for figure in figures:
        account_id = figure.account_id or tax_account_id
        ours[account_id] = ours.get(account_id, ZERO) + figure.amount
    found: list[Difference] = []
    for account_id in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(account_id, ZERO), theirs.get(account_id, ZERO)
        if mine != other:
            code, name = names.get(account_id, ("", account_id))
            found.append(Difference(code, name, mine, other))
    return found


def books_of(organization: Organization) -> Books | None:
    """The connection that is set up, with its settings; None without one."""
    connection = live_connection_for(organization)
    if connection is None or not connection.is_set_up:
        return None
    settings = AccountingSettings.objects.owned_by(organization).get(connection=connection)
    return Books(connection=connection, settings=settings)


def _source(organization: Organization) -> Source | None:
    books = books_of(organization)
    return Source(organization, books, _receivable(organization)) if books else None


def _receivable(organization: Organization) -> str:
    accounts = LedgerAccount.objects.owned_by(organization).of_kind(AccountKind.RECEIVABLE)
    first = accounts.active().order_by("code", "pk").first()
    return first.remote_id if first else ""


def _named(organization: Organization, balances: Mapping[tuple[str, str], Decimal]) -> list[Figure]:
    accounts = {a.remote_id: a for a in LedgerAccount.objects.owned_by(organization)}
    taxes = {t.remote_id: t for t in TaxCode.objects.owned_by(organization)}
    figures = []
    for (account_id, tax_code_id), amount in balances.items():
        account, tax = accounts.get(account_id), taxes.get(tax_code_id)
        name = account.name if account else f"Tax {tax}" if tax else "Tax"
        code = account.code if account else ""
        figures.append(Figure(account_id, tax_code_id, code, name, amount))
    return sorted(figures, key=lambda figure: (figure.code or "~", figure.name))
