"""What paying by a method costs the customer, and the lines it adds. Pure; the rule is the
brief's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ascora.common.money import ZERO, net_of, percent_of, split_by, to_cents
from payments.totals import INCLUSIVE, Priced, PricedLine, gross_parts, invoice_totals


@dataclass(frozen=True, slots=True)
class Rule:
    """A surcharge between two days, both included: per cent of the amount plus a fixed sum, tax
    included. `meant_for` names the cards it was made for, where the method takes others now.
    """

    percentage: Decimal
    fixed: Decimal
    begins_on: date
    ends_on: date | None = None
    meant_for: str = ""

    @property
    def adds_nothing(self) -> bool:
        """A rule of nothing at all, or one for other cards."""
        return bool(self.meant_for) or not (self.percentage or self.fixed)

    def is_in_force_on(self, day: date) -> bool:
        """Both ends included."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Charge:
    """A surcharge on one invoice: the lines it adds (in the invoice's tax mode) and the change of
    its total.
    """

    lines: tuple[PricedLine, ...]
    amount: Decimal


NO_CHARGE = Charge((), ZERO)


def rule_on(rules: Iterable[Rule], day: date) -> Rule | None:
    """The rule in force on a day; of several the one begun last."""
    in_force = [rule for rule in rules if rule.is_in_force_on(day) and not rule.adds_nothing]
    return max(in_force, key=lambda rule: rule.begins_on, default=None)


def surcharge_on(amount: Decimal, rule: Rule | None) -> Decimal:
    """`round(amount x percentage, 2) + fixed`, tax included; nothing on nothing."""
    if rule is None or amount <= 0:
        return ZERO
    return percent_of(amount, rule.percentage) + rule.fixed


def shares_of(surcharge: Decimal, allocations: Sequence[Decimal]) -> list[Decimal]:
    """The surcharge split over several invoices by what each is paid; the last takes the cents."""
    return split_by(surcharge, allocations)


def charge_on(
    lines: Sequence[Priced], surcharge: Decimal, *, percent: Decimal, mode: str
) -> Charge:
    """The lines that a surcharge (tax included) adds to an invoice, and what is charged: the
    change of its total.

    Where all lines are taxed it is one taxed line, net = surcharge / (1 + rate); where none is,
    one untaxed line;
    on a mixed invoice GST follows the taxed share of what the invoice comes to with tax, as two
    lines. The change
    may differ from the surcharge by a cent, because the tax is worked out on the whole invoice.
    """
    if not surcharge:
        return NO_CHARGE
    taxed, free = _by_taxed_share(lines, surcharge, percent=percent, mode=mode)
    net = taxed if mode == INCLUSIVE else net_of(taxed, percent)
    parts = (PricedLine(net, is_taxed=True), PricedLine(free, is_taxed=False))
    added = tuple(line for line in parts if line.amount)
    before = invoice_totals(lines, percent=percent, mode=mode).total
    after = invoice_totals([*lines, *added], percent=percent, mode=mode).total
    return Charge(added, after - before)


def lone_charge(
    lines: Sequence[Priced], surcharge: Decimal, *, percent: Decimal, mode: str
) -> Charge:
    """The same surcharge as an invoice of its own: the lines, taxed as on `lines`, and what they
    come to.
    """
    charge = charge_on(lines, surcharge, percent=percent, mode=mode)
    return Charge(charge.lines, invoice_totals(charge.lines, percent=percent, mode=mode).total)


def _by_taxed_share(
    lines: Sequence[Priced], surcharge: Decimal, *, percent: Decimal, mode: str
) -> tuple[Decimal, Decimal]:
    taxed_gross, free_gross = gross_parts(lines, percent=percent, mode=mode)
    if taxed_gross <= 0:
        return ZERO, surcharge
    if free_gross <= 0:
        return surcharge, ZERO
    taxed = to_cents(surcharge * taxed_gross / (taxed_gross + free_gross))
    return taxed, surcharge - taxed


def why(method: str, rules: Sequence[Rule], *, amount: Decimal, day: date) -> str:
    """A sentence for the person at the till: how the surcharge came about, or why there is none."""
    rule = rule_on(rules, day)
    if rule is not None:
        return (
            _how(method, rule, amount)
            if amount > 0
            else "Nothing is added where no invoice is paid."
        )
    ended = [r for r in rules if r.ends_on is not None and r.ends_on < day and not r.adds_nothing]
    coming = [r for r in rules if r.begins_on > day and not r.adds_nothing]
    if ended:
        last = max(ended, key=lambda r: r.ends_on or day)
        when = f"ended on {_day(last.ends_on or day)}"
        return f"{method}: the surcharge of {_terms(last)} {when}; nothing is added."
    if coming:
        first = min(coming, key=lambda r: r.begins_on)
        when = f"begins on {_day(first.begins_on)}"
        return f"{method}: the surcharge of {_terms(first)} {when}; nothing is added."
    others = [r for r in rules if r.meant_for and r.is_in_force_on(day)]
    if others:
        last = max(others, key=lambda r: r.begins_on)
        meant_for = f"is for {last.meant_for}"
        return f"{method}: the surcharge of {_terms(last)} {meant_for}; nothing is added."
    return f"{method} adds no surcharge."


def _how(method: str, rule: Rule, amount: Decimal) -> str:
    part = percent_of(amount, rule.percentage)
    sum_of_it = f"${part:,.2f} + ${rule.fixed:,.2f} = ${part + rule.fixed:,.2f}"
    return f"{method}: {_terms(rule)} on ${amount:,.2f} is {sum_of_it}, tax included."


def _terms(rule: Rule) -> str:
    return f"{rule.percentage.normalize():f} % + ${rule.fixed:,.2f}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
