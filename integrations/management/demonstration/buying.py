"""What the connected business buys: suppliers, their invoices and credits, and jobs' expenses."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from ascora.chart.models import LedgerAccount
from ascora.tenancy.models import Organization, User
from integrations.management.demonstration import words
from inventory.models import Supplier, SupplierInvoice, Supply
from inventory.selectors import lines_of_supplier_invoice
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    create_supplier,
    draft_supplier_invoice,
)
from jobs.models import Job
from jobs.services import add_expense, allocate_line, approve_expense

MANY = 40


def buy(business: Organization, jobs: Sequence[Job], *, today: date, by: User) -> None:
    """Six weeks of supplier invoices and expenses; `jobs` are under way."""
    accounts = {each.code: each for each in LedgerAccount.objects.owned_by(business)}
    suppliers = [_supplier(business, row, accounts, by) for row in words.SUPPLIERS]
    shelf = _Shelf(business)
    for place, (days_ago, supplier, quantities) in enumerate(words.DELIVERIES):
        invoice = _delivery(
            suppliers[supplier],
            [(shelf.take(quantity), quantity) for quantity in quantities],
            number=f"{supplier + 4}{1180 + place * 7}",
            day=today - timedelta(days=days_ago),
            by=by,
        )
        _allocate(invoice, jobs[place % len(jobs)], by)
        if days_ago > words.DRAFT_DAYS:
            approve_supplier_invoice(invoice=invoice, by=by)
    _returned(suppliers[0], shelf.take(2), day=today - timedelta(days=9), by=by)
    _expenses(jobs, suppliers, accounts, today=today, by=by)


class _Shelf:
    """Supplies one after the other: cable by the metre where many are bought, else by the piece."""

    def __init__(self, business: Organization) -> None:
        supplies: list[Supply] = [
            *Supply.objects.owned_by(business).filter(cost_price__lt=300).order_by("pk")
        ]
        self.cable = cycle(each for each in supplies if each.unit == "m")
        self.pieces = cycle(each for each in supplies if each.unit == "each")

    def take(self, quantity: int) -> Supply:
        """What such a quantity is bought of."""
        taken: Supply = next(self.cable if quantity >= MANY else self.pieces)
        return taken


def _supplier(
    business: Organization, row: tuple[str, ...], accounts: dict[str, LedgerAccount], by: User
) -> Supplier:
    name, email, phone, street, suburb, postcode, code, days = row
    return create_supplier(
        organization=business,
        by=by,
        name=name,
        email=email,
        phone=phone,
        street=street,
        city=suburb,
        region="NSW",
        postcode=postcode,
        country="Australia",
        expense_account=accounts.get(code),
        payment_days=int(days),
    )


def _delivery(
    supplier: Supplier, bought: Sequence[tuple[Supply, int]], *, number: str, day: date, by: User
) -> SupplierInvoice:
    lines = [
        NewCost(
            description=supply.description,
            unit_cost=supply.cost_price,
            quantity=Decimal(quantity),
            supply=supply,
        )
        for supply, quantity in bought
    ]
    return draft_supplier_invoice(
        supplier=supplier, by=by, lines=lines, number=number, dated_on=day
    )


def _allocate(invoice: SupplierInvoice, job: Job, by: User) -> None:
    """The first line was bought for a job; the rest is for the van."""
    allocate_line(line=lines_of_supplier_invoice(invoice)[0], by=by, job=job, amount=None)


def _returned(supplier: Supplier, supply: Supply, *, day: date, by: User) -> None:
    back = NewCost(
        description=f"Returned: {supply.description}",
        unit_cost=supply.cost_price,
        quantity=Decimal(2),
    )
    credit = draft_supplier_invoice(
        supplier=supplier,
        by=by,
        lines=[back],
        type="credit",
        number="CR-2207",
        dated_on=day,
    )
    approve_supplier_invoice(invoice=credit, by=by)


def _expenses(
    jobs: Sequence[Job],
    suppliers: Sequence[Supplier],
    accounts: dict[str, LedgerAccount],
    *,
    today: date,
    by: User,
) -> None:
    for place, (days_ago, what, supplier, cost, paid_from, markup) in enumerate(words.EXPENSES):
        spent = add_expense(
            job=jobs[place % len(jobs)],
            by=by,
            supplier=suppliers[supplier] if supplier is not None else None,
            spent_on=today - timedelta(days=days_ago),
            description=what,
            unit_cost=Decimal(cost),
            cost_includes_tax=True,
            paid_from=accounts.get(paid_from),
            is_billable=bool(markup),
            markup=Decimal(markup or 0),
        )
        if days_ago > words.DRAFT_DAYS:
            approve_expense(expense=spent, by=by)
