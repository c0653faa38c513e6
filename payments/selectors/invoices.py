"""Reading invoices and the work that waits for one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404

from ascora.common.money import ZERO
from ascora.search.services import matching
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from jobs.models import Customer, Expense, JobSupply, LabourEntry
from payments.models import ADDED_BY_PAYMENTS, Invoice, InvoiceLine
from payments.models.invoices import InvoiceQuerySet

E = TypeVar("E", LabourEntry, JobSupply, Expense)


def invoices_for(organization: Organization) -> InvoiceQuerySet:
    """All invoices of the business, drafts and void ones too."""
    found: InvoiceQuerySet = Invoice.objects.filter(organization=organization)
    return found.select_related("customer", "job")


def invoice_for(organization: Organization, public_id: UUID) -> Invoice:
    """One invoice; Http404 when the business has no such one."""
    rows = invoices_for(organization).select_related(
        "organization", "customer", "site_customer", "job__job_type"
    )
    return get_object_or_404(rows, public_id=public_id)


def invoices_of_customer(customer: Customer) -> InvoiceQuerySet:
    """A customer's invoices, newest first."""
    return invoices_for(customer.organization).filter(customer=customer)


def invoices_about(customer: Customer) -> InvoiceQuerySet:
    """Those of the customer, and those for work at its site that another customer pays."""
    theirs = Q(customer=customer) | Q(site_customer=customer)
    return invoices_for(customer.organization).filter(theirs)


def open_invoices_of(customer: Customer) -> InvoiceQuerySet:
    """What a customer still owes, the longest due first."""
    return invoices_of_customer(customer).open().order_by("due_on", "pk")


def is_overdue(invoice: Invoice, today: date) -> bool:
    """Open after its due date."""
    return invoice.is_open and invoice.due_on < today


def invoices_narrowed(
    invoices: InvoiceQuerySet, organization: Organization, shown: str
) -> InvoiceQuerySet:
    """As the list's filter says: a status, `open` or `overdue`."""
    if shown == "open":
        return invoices.open()
    if shown == "overdue":
        return invoices.open().filter(due_on__lt=today_for(organization))
    return invoices.filter(status=shown)


def lines_shown_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines as the page shows them; those of a void invoice as they last stood."""
    lines = InvoiceLine.objects.owned_by(invoice.organization).filter(invoice=invoice)
    shown = lines if invoice.is_void else lines.filter(released_at=None)
    return list(shown.select_related("invoice", "job__customer").order_by("position", "pk"))


def editable_lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that a person may change."""
    return [line for line in lines_shown_of(invoice) if line.kind not in ADDED_BY_PAYMENTS]


def surcharge_lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """The lines that payments added; they come and go with them."""
    return [line for line in lines_shown_of(invoice) if line.kind in ADDED_BY_PAYMENTS]


def invoices_matching(
    invoices: InvoiceQuerySet, organization: Organization, typed: str
) -> InvoiceQuerySet:
    """Invoices in which every typed word is the beginning of some word."""
    return matching(invoices, organization, typed)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed, and how much of it is overdue."""

    open: Decimal
    overdue: Decimal


def owed_to(organization: Organization) -> Owed:
    """What customers owe in all."""
    rows = Invoice.objects.filter(organization=organization).open()
    late = Q(due_on__lt=today_for(organization))
    found = rows.aggregate(open=Sum("balance"), overdue=Sum("balance", filter=late))
    return Owed(found["open"] or ZERO, found["overdue"] or ZERO)


def owed_by(customer: Customer) -> Decimal:
    """What a customer owes."""
    found = invoices_of_customer(customer).open().aggregate(sum=Sum("balance"))
    return found["sum"] or ZERO


def invoice_asked_for(organization: Organization, asked: str) -> Invoice | None:
    """The invoice that an address names, if it names one of the business."""
    try:
        return invoices_for(organization).filter(public_id=UUID(asked)).first()
    except ValueError:
        return None
