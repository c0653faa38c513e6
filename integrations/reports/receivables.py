"""What customers owe at the end of a day, by how long it is overdue."""

from decimal import Decimal

from ascora.common.money import ZERO, total_of
from ascora.tenancy.models import Organization
from integrations.reports.sales import link_to_invoice
from integrations.reports.tables import Period, Report, Table, sums
from payments.selectors import AGES, age_of, owed_on, unused_credit_on

_NOTE = (
    "As your books show that day: a surcharge counts from the date of its invoice, and a payment"
    " that was reversed since as if it had never been made."
)


def receivables(organization: Organization, period: Period) -> Report:
    """Per customer, at the end of the period's last day. The balances add up to what stands in
    accounts receivable.
    """
    day = period.ends_on
    by_customer: dict[str, dict[str, Decimal]] = {}
    for owed in owed_on(organization, day):
        ages = by_customer.setdefault(owed.invoice.customer.name, dict.fromkeys(AGES, ZERO))
        ages[age_of(day - owed.invoice.due_on)] += owed.amount
    credit = unused_credit_on(organization, day)
    table: Table = []
    for name in sorted(by_customer.keys() | credit.keys()):
        amounts = by_customer.get(name, dict.fromkeys(AGES, ZERO)).values()
        owed_in_all, unused = total_of(amounts), credit.get(name, ZERO)
        table.append((name, *amounts, owed_in_all, unused, owed_in_all - unused))
    columns = ("Customer", *AGES, "Owed", "Unused credit", "Balance")
    return Report(columns, table, sums("Total", table), _NOTE)


def open_invoices(organization: Organization, period: Period) -> Report:
    """Invoice by invoice, at the end of the period's last day."""
    table: Table = [
        (
            link_to_invoice(owed.invoice),
            owed.invoice.customer.name,
            owed.invoice.issued_on,
            owed.invoice.due_on,
            age_of(period.ends_on - owed.invoice.due_on),
            owed.amount,
        )
        for owed in owed_on(organization, period.ends_on)
    ]
    columns = ("Invoice", "Customer", "Date", "Due", "Age", "Owed")
    return Report(columns, table, sums("Total", table), _NOTE)
