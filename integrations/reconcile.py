"""Ascora's own trial balance, from its documents through `posting` alone, and the comparison with
the books'.

Never reads links, attempts or anything that the books answered: a mistake of the push cannot hide
here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ascora.chart.models import AccountKind, LedgerAccount, TaxCode
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import Organization
from integrations.models import AccountingSettings
from integrations.posting import Posting, balances_of, invoice_postings, payment_postings
from integrations.selectors import live_connection_for
from integrations.snapshots import Books
from integrations.snapshots.charges import incomes_of, placed_lines
from integrations.snapshots.payments import deposit_account
from payments.models import Allocation, Invoice, Payment, PaymentSettings

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


def own_figures(organization: Organization) -> list[Figure]:
    """Ascora's trial balance. Runs inside `acting_for`; empty without a connection that is set
    up.
    """
    books = _books(organization)
    if books is None:
        return []
    postings: list[Posting] = []
    receivable = _receivable(organization)
    for invoice in _invoices(organization, books):
        postings += _of_invoice(books, invoice, receivable)
    for payment in _payments(organization, books):
        account = deposit_account(books, payment)
        postings += payment_postings(
            payment.amount, deposit_account_id=account.remote_id, receivable_id=receivable
        )
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


def _books(organization: Organization) -> Books | None:
    connection = live_connection_for(organization)
    if connection is None or not connection.is_set_up:
        return None
    settings = AccountingSettings.objects.owned_by(organization).get(connection=connection)
    return Books(connection=connection, settings=settings)


def _asked_for(organization: Organization, label: str) -> list[int]:
    """Documents from before the cut-off that a person asked to be sent."""
    entries = OutboxEntry.objects.owned_by(organization).filter(
        label=label, asked_for_at__isnull=False
    )
    return list(entries.values_list("object_pk", flat=True))


def _invoices(organization: Organization, books: Books) -> list[Invoice]:
    issued = Invoice.objects.owned_by(organization).issued().select_related("job__job_type")
    old = set(_asked_for(organization, "payments.invoice"))
    return [i for i in issued if i.issued_on >= books.cut_off_on or i.pk in old]


def _payments(organization: Organization, books: Books) -> list[Payment]:
    standing = Payment.objects.owned_by(organization).standing().select_related("method")
    old = set(_asked_for(organization, "payments.payment"))
    held = _payments_of_older_invoices(organization, books) - old
    settings = PaymentSettings.objects.owned_by(organization).first()
    takes_cards = settings is None or settings.accepts_cards
    return [
        payment
        for payment in standing
        if (payment.received_on >= books.cut_off_on or payment.pk in old)
        and payment.pk not in held
        and (takes_cards or not (payment.method and payment.method.is_card))
    ]


def _payments_of_older_invoices(organization: Organization, books: Books) -> set[int]:
    """Payments of invoices from before the cut-off wait for a person: they are not in the books."""
    asked = _asked_for(organization, "payments.invoice")
    older = Allocation.objects.owned_by(organization).filter(
        released_at=None, invoice__issued_on__lt=books.cut_off_on
    )
    return set(older.exclude(invoice__in=asked).values_list("payment_id", flat=True))


def _of_invoice(books: Books, invoice: Invoice, receivable: str) -> tuple[Posting, ...]:
    tax = {books.tax_code_id(is_taxed=True): invoice.tax} if invoice.tax else {}
    incomes = incomes_of(placed_lines(books, invoice))
    return invoice_postings(incomes, tax_by_code=tax, receivable_id=receivable)


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
