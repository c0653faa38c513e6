"""Which account code a line goes to, and why; and what a document moves in the ledger. Pure.

The only place that decides. The rules are those of the product brief, "Which account a line goes
to".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ascora.common.money import total_of
from integrations.errors import NeedsMapping

_WHERE = "Administration > Accounts Integration"
_ROUNDING = "Account for Cash Rounding"


@dataclass(frozen=True, slots=True)
class Code:
    """An account code: the package's id of the account, and how a person knows it.

    `trouble` says why no new line may go to it any more ("is no longer active in the books").
    """

    id: str
    code: str
    name: str
    trouble: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class Nature(StrEnum):
    """What a line charges for."""

    LABOUR = "labour"
    SUPPLY = "supply"
    EXPENSE = "expense"
    SURCHARGE = "surcharge"
    ROUNDING = "rounding"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Charge:
    """What decides a line's account: its nature, and the codes that stand nearer than the
    settings.
    """

    nature: Nature
    job_type: str = ""
    job_type_labour: Code | None = None
    job_type_materials: Code | None = None
    supply: str = ""
    supply_code: Code | None = None
    method: str = ""
    method_code: Code | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """The account codes K and L of the accounting settings, and the one for cash rounding."""

    labour: Code | None
    materials: Code | None
    rounding: Code | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a line goes, and the reason as a sentence."""

    code: Code
    why: str


def place(charge: Charge, defaults: Defaults) -> Placement:
    """The account code of a line and why. Raises NeedsMapping naming the code that is missing."""
    for code, why in _candidates(charge, defaults):
        if code is not None:
            return Placement(code=code, why=why)
    raise NeedsMapping(_missing(charge))


def refuse_unusable(placements: Iterable[Placement]) -> None:
    """Raises NeedsMapping naming the first code that no new line may go to, and who chose it."""
    for placed in placements:
        if placed.code.trouble:
            said = f"{placed.code} {placed.code.trouble}"
            raise NeedsMapping(f"{placed.why}: {said}. Choose another account in its place.")


def _candidates(charge: Charge, defaults: Defaults) -> list[tuple[Code | None, str]]:
    """The possible codes, the nearest first."""
    labour = (defaults.labour, "Labour Income Account (K) of the accounting settings")
    materials = (defaults.materials, "Materials Income Account (L) of the accounting settings")
    match charge.nature:
        case Nature.SUPPLY:
            return [
                (charge.supply_code, f"Income code of supply {charge.supply}"),
                (charge.job_type_materials, f"Materials code of job type {charge.job_type}"),
                materials,
            ]
        case Nature.EXPENSE:
            return [
                (charge.job_type_materials, f"Materials code of job type {charge.job_type}"),
                materials,
            ]
        case Nature.SURCHARGE:
            return [
                (charge.method_code, f"Surcharge code of payment method {charge.method}"),
                materials,
            ]
        case Nature.ROUNDING:
            return [(defaults.rounding, f"{_ROUNDING} of the accounting settings")]
        case Nature.LABOUR | Nature.OTHER:
            return [
                (charge.job_type_labour, f"Labour code of job type {charge.job_type}"),
                labour,
            ]


def _missing(charge: Charge) -> str:
    if charge.nature == Nature.ROUNDING:
        return f"Choose the {_ROUNDING} in {_WHERE}."
    is_material = charge.nature in {Nature.SUPPLY, Nature.EXPENSE, Nature.SURCHARGE}
    name = "Materials Income Account (L)" if is_material else "Labour Income Account (K)"
    return f"Choose the {name} in {_WHERE}."


# --- What is credited ----------------------------------------------------------------------------


def place_credit(code: Code | None) -> Placement:
    """The account code of the lines of credit notes and why. Raises NeedsMapping without one."""
    if code is None:
        raise NeedsMapping(f"Choose the Credit Note Account (M) in {_WHERE}.")
    return Placement(code, "Credit Note Account (M) of the accounting settings")


# --- What is bought ------------------------------------------------------------------------------


class Bought(StrEnum):
    """On which document something was bought."""

    SUPPLIER_INVOICE = "supplier_invoice"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Spending:
    """What decides the account of something bought: the code chosen on it, and its supplier's."""

    bought: Bought
    chosen: Code | None = None
    supplier: str = ""
    supplier_code: Code | None = None


@dataclass(frozen=True, slots=True)
class SpendingDefaults:
    """The account codes I and J of the accounting settings."""

    supplier_invoice: Code | None
    expense: Code | None


def place_spending(spending: Spending, defaults: SpendingDefaults) -> Placement:
    """The account code of something bought and why. Raises NeedsMapping naming the missing code."""
    if spending.bought == Bought.EXPENSE:
        name = "Default Expense Account (J)"
        nearer = [(spending.chosen, "Chosen on the expense")]
        default = defaults.expense
    else:
        name = "Supplier Invoice Account (I)"
        nearer = [
            (spending.chosen, "Chosen on the line"),
            (spending.supplier_code, f"Account code of supplier {spending.supplier}"),
        ]
        default = defaults.supplier_invoice
    for code, why in (*nearer, (default, f"{name} of the accounting settings")):
        if code is not None:
            return Placement(code=code, why=why)
    raise NeedsMapping(f"Choose the {name} in {_WHERE}.")


# --- What an account-code drop-down decides ------------------------------------------------------


class Chooser(StrEnum):
    """Where a person chooses an account code that stands nearer than the settings."""

    JOB_TYPE_LABOUR = "job-type-labour"
    JOB_TYPE_MATERIALS = "job-type-materials"
    SUPPLY = "supply"
    PAYMENT_METHOD = "payment-method"
    SUPPLIER = "supplier"
    EXPENSE = "expense"


def explain(chooser: Chooser, defaults: Defaults, spending: SpendingDefaults) -> str:
    """What a code chosen there decides, and what holds when it is left empty."""
    labour = _named("Labour Income Account (K)", defaults.labour)
    materials = _named("Materials Income Account (L)", defaults.materials)
    match chooser:
        case Chooser.JOB_TYPE_LABOUR:
            return f"Labour on jobs of this type goes here. Left empty, it goes to the {labour}."
        case Chooser.JOB_TYPE_MATERIALS:
            return (
                "Supplies on jobs of this type go here, unless the supply has a code of its own."
                f" Left empty, they go to the {materials}."
            )
        case Chooser.SUPPLY:
            return (
                "This supply goes here on every job. Left empty, it goes to the Materials code of"
                f" the job type, or else to the {materials}."
            )
        case Chooser.PAYMENT_METHOD:
            return f"The surcharge goes here. Left empty, it goes to the {materials}."
        case Chooser.SUPPLIER:
            default = _named("Supplier Invoice Account (I)", spending.supplier_invoice)
            return f"Invoices of this supplier go here. Left empty, they go to the {default}."
        case Chooser.EXPENSE:
            default = _named("Default Expense Account (J)", spending.expense)
            return f"This expense goes here. Left empty, it goes to the {default}."


def _named(setting: str, code: Code | None) -> str:
    return f"{setting}, {code}" if code else f"{setting}, which is not chosen yet"


# --- What a document moves ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement: debit positive, credit negative. A tax movement names the tax code, not an
    account.
    """

    account_id: str
    amount: Decimal
    tax_code_id: str = ""


@dataclass(frozen=True, slots=True)
class Income:
    """The net amount of one line and the account that it goes to."""

    account_id: str
    net: Decimal


def invoice_postings(
    incomes: Iterable[Income], *, tax_by_code: Mapping[str, Decimal], receivable_id: str
) -> tuple[Posting, ...]:
    """Debit receivables with the total, credit income per account and tax per code. Adds up to
    nothing.
    """
    by_account: dict[str, Decimal] = {}
    for income in incomes:
        by_account[income.account_id] = by_account.get(income.account_id, Decimal(0)) + income.net
    incomes_credited = [Posting(account_id, -net) for account_id, net in by_account.items()]
    taxes = [Posting("", -tax, tax_code_id=code) for code, tax in tax_by_code.items()]
    total = -total_of(posting.amount for posting in (*incomes_credited, *taxes))
    return _moving(Posting(receivable_id, total), *incomes_credited, *taxes)


def payment_postings(
    amount: Decimal, *, deposit_account_id: str, receivable_id: str
) -> tuple[Posting, ...]:
    """Debit the account that the money went to, credit receivables."""
    return _moving(Posting(deposit_account_id, amount), Posting(receivable_id, -amount))


def credit_note_postings(
    incomes: Iterable[Income], *, tax_by_code: Mapping[str, Decimal], receivable_id: str
) -> tuple[Posting, ...]:
    """An invoice the other way round: debit income and tax, credit receivables."""
    moved = invoice_postings(incomes, tax_by_code=tax_by_code, receivable_id=receivable_id)
    return tuple(replace(posting, amount=-posting.amount) for posting in moved)


def refund_postings(
    amount: Decimal, *, paid_from_id: str, receivable_id: str
) -> tuple[Posting, ...]:
    """Debit receivables, credit the bank account that it was paid from."""
    return _moving(Posting(receivable_id, amount), Posting(paid_from_id, -amount))


def spending_postings(
    costs: Iterable[Income], *, tax_by_code: Mapping[str, Decimal], paid_from_id: str
) -> tuple[Posting, ...]:
    """Debit what was bought per account and its tax per code; credit payables, or the bank or card
    account that paid. A supplier's credit is the same with negative amounts.
    """
    by_account: dict[str, Decimal] = {}
    for cost in costs:
        by_account[cost.account_id] = by_account.get(cost.account_id, Decimal(0)) + cost.net
    bought = [Posting(account_id, net) for account_id, net in by_account.items()]
    taxes = [Posting("", tax, tax_code_id=code) for code, tax in tax_by_code.items()]
    total = total_of(posting.amount for posting in (*bought, *taxes))
    return _moving(Posting(paid_from_id, -total), *bought, *taxes)


def balances_of(postings: Iterable[Posting]) -> dict[tuple[str, str], Decimal]:
    """The balance per (account, tax code), debit positive; those that come to nothing are left
    out.
    """
    balances: dict[tuple[str, str], Decimal] = {}
    for posting in postings:
        key = (posting.account_id, posting.tax_code_id)
        balances[key] = balances.get(key, Decimal(0)) + posting.amount
    return {key: balance for key, balance in balances.items() if balance}


def _moving(*postings: Posting) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount)


def describe(placements: Sequence[Placement]) -> list[str]:
    """Each distinct account and reason as one readable line, in order of appearance."""
    return list(dict.fromkeys(f"{placed.code}: {placed.why}" for placed in placements))
