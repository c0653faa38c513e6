"""Every report by its address: what it is called, what it says, and which days it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ascora.tenancy.models import Organization
from integrations.reports import books, money_received, receivables, sales, spending, tax
from integrations.reports.tables import Period, Report


class Days(Enum):
    """What a report is asked for."""

    PERIOD = "period"
    AS_OF = "as_of"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Offer:
    """One report. `group` is its heading on the page of all reports."""

    slug: str
    group: str
    title: str
    explanation: str
    build: Callable[[Organization, Period], Report]
    days: Days = Days.PERIOD

    @property
    def has_period(self) -> bool:
        """Two days are asked for."""
        return self.days == Days.PERIOD

    @property
    def has_day(self) -> bool:
        """One day is asked for."""
        return self.days == Days.AS_OF


OFFERS = (
    Offer(
        "invoices",
        "Sales",
        "Invoices",
        "Every issued invoice by its date. Drafts and void ones are left out.",
        sales.invoice_list,
    ),
    Offer(
        "invoices-by-month",
        "Sales",
        "Invoices by month",
        "How many invoices, and what they came to, by the month of their date.",
        sales.invoices_by_month,
    ),
    Offer(
        "credit-notes",
        "Sales",
        "Credit notes",
        "Every issued credit note by its date, and what is left of it.",
        sales.credit_note_list,
    ),
    Offer(
        "income",
        "Sales",
        "Income by account and job type",
        "Before tax, by the account code that each line goes to.",
        sales.income,
    ),
    Offer(
        "receivables",
        "Money owed",
        "Money owed by age",
        "What each customer owed at the end of a day, by days after the due date.",
        receivables.receivables,
        Days.AS_OF,
    ),
    Offer(
        "open-invoices",
        "Money owed",
        "Open invoices",
        "Each invoice that was open at the end of a day.",
        receivables.open_invoices,
        Days.AS_OF,
    ),
    Offer(
        "payments",
        "Money received",
        "Payments",
        "Every payment by the day it was received. Reversed ones are left out.",
        money_received.payment_list,
    ),
    Offer(
        "payments-by-method",
        "Money received",
        "Payments by method",
        "What was received by each payment method, and how much of it is surcharge.",
        money_received.payments_by_method,
    ),
    Offer(
        "expenses",
        "Costs",
        "Expenses by job",
        "What was bought for each job: approved expenses, and shares of supplier invoices.",
        spending.costs_by_job,
    ),
    Offer(
        "supplier-invoices",
        "Costs",
        "Supplier invoices",
        "Every approved supplier invoice and supplier credit by its date.",
        spending.supplier_invoice_list,
    ),
    Offer(
        "payables",
        "Money owed",
        "Owed to suppliers by age",
        "Supplier invoices that are still to be paid, by days after the due date.",
        spending.payables,
        Days.AS_OF,
    ),
    Offer(
        "gst",
        "Tax",
        "GST by date of the document",
        "What goes on the activity statement of a business that accounts on accruals.",
        tax.gst_accruals,
    ),
    Offer(
        "gst-cash",
        "Tax",
        "GST by date of payment",
        "What goes on the activity statement of a business that accounts on a cash basis.",
        tax.gst_cash,
    ),
    Offer(
        "ledger",
        "Books",
        "Books, account by account",
        "Worked out from Ascora's own documents since the cut-off, debit positive. "
        "QuickBooks must show the same movements.",
        books.ledger_balances,
        Days.NONE,
    ),
)
BY_SLUG = {offer.slug: offer for offer in OFFERS}


def groups() -> list[tuple[str, list[Offer]]]:
    """The reports under their headings, in order."""
    found: dict[str, list[Offer]] = {}
    for offer in OFFERS:
        found.setdefault(offer.group, []).append(offer)
    return list(found.items())
