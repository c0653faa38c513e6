"""Rows for tests, one function per noun, each made as people make it: through the services.

They run behind the organization's wall (`acting_for`, or the fixture `at_bright_spark`). What a
test does not name is plausible and different for every call.
"""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from ascora.chart.models import AccountKind, LedgerAccount
from ascora.tenancy.models import Organization
from inventory.models import Supplier, SupplierInvoice, Supply
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    create_supply,
    draft_supplier_invoice,
)
from jobs.models import (
    Contact,
    Customer,
    Expense,
    Job,
    JobSupply,
    JobType,
    LabourEntry,
    LeadSource,
    PaymentTerm,
)
from jobs.services import (
    add_contact,
    add_expense,
    approve_expense,
    create_customer,
    create_job,
    create_job_type,
    create_lead_source,
    log_labour,
    use_supply,
)
from payments.models import CreditNote, Invoice, Payment, PaymentMethod
from payments.services import (
    NewCreditLine,
    NewLine,
    create_term,
    draft_credit_note,
    draft_invoice,
    issue_credit_note,
    issue_invoice,
    record_payment,
    set_surcharge,
)

_numbers = count(1)
A_DAY = date(2026, 5, 4)


def an_income_account(organization: Organization, **values: Any) -> LedgerAccount:
    """An active income account of the connected books."""
    number = next(_numbers)
    code = values.pop("code", f"4{number:03}")
    name = values.pop("name", f"Income {number}")
    given = {"remote_id": f"account-{number}", "kind": AccountKind.INCOME, "full_name": name}
    return LedgerAccount.objects.create(
        organization=organization, code=code, name=name, **(given | values)
    )


def a_lead_source(organization: Organization, **values: Any) -> LeadSource:
    """Where customers come from."""
    values.setdefault("name", f"Lead source {next(_numbers)}")
    return create_lead_source(organization=organization, by=None, **values)


def a_customer(organization: Organization, **values: Any) -> Customer:
    """A taxed customer with an address."""
    number = next(_numbers)
    values.setdefault("name", f"Customer {number}")
    values.setdefault("email", f"customer{number}@example.test")
    values.setdefault("site_street", f"{number} Wattle Street")
    values.setdefault("site_city", "Brunswick")
    return create_customer(organization=organization, by=None, **values)


def a_contact(customer: Customer, **values: Any) -> Contact:
    """A further person at a customer."""
    values.setdefault("name", f"Contact {next(_numbers)}")
    return add_contact(customer=customer, by=None, **values)


def a_job_type(organization: Organization, **values: Any) -> JobType:
    """A kind of work without account codes of its own."""
    values.setdefault("name", f"Job type {next(_numbers)}")
    return create_job_type(organization=organization, by=None, **values)


def a_job(organization: Organization, **values: Any) -> Job:
    """A time-and-materials job, for a new customer unless one is given."""
    values.setdefault("customer", None)
    values["customer"] = values["customer"] or a_customer(organization)
    values.setdefault("description", "Replace the switchboard")
    return create_job(organization=organization, by=None, **values)


def a_labour_entry(job: Job, **values: Any) -> LabourEntry:
    """Two chargeable hours at $95.00."""
    given = {
        "worker": "Sam",
        "worked_on": A_DAY,
        "hours": Decimal(2),
        "hourly_rate": Decimal(95),
    }
    return log_labour(job=job, by=None, **(given | values))


def a_supply(organization: Organization, **values: Any) -> Supply:
    """A taxed supply, $12.50 before tax."""
    number = next(_numbers)
    values.setdefault("description", f"Supply {number}")
    values.setdefault("part_number", f"P-{number}")
    values.setdefault("sell_price", Decimal("12.50"))
    return create_supply(organization=organization, by=None, **values)


def a_supply_use(job: Job, **values: Any) -> JobSupply:
    """One piece of a supply used on a job, a new one unless given."""
    supply = values.pop("supply", None) or a_supply(job.organization)
    given = {"used_on": A_DAY, "quantity": Decimal(1), "unit_price": supply.sell_price}
    return use_supply(job=job, by=None, supply=supply, **(given | values))


def a_supplier(organization: Organization, **values: Any) -> Supplier:
    """Whom the business buys from."""
    values.setdefault("name", f"Supplier {next(_numbers)}")
    return Supplier.objects.create(organization=organization, **values)


def an_expense(job: Job, **values: Any) -> Expense:
    """A draft: 60.00 with tax, to be paid to a supplier, charged without markup."""
    if "supplier" not in values:
        values["supplier"] = a_supplier(job.organization)
    given = {"spent_on": A_DAY, "description": "Scaffold hire", "unit_cost": Decimal("60.00")}
    return add_expense(job=job, by=None, **(given | values))


def an_approved_expense(job: Job, **values: Any) -> Expense:
    """One that counts."""
    return approve_expense(expense=an_expense(job, **values), by=None)


def a_line(amount: str = "100.00", **values: Any) -> NewLine:
    """A taxed line of one piece."""
    values.setdefault("description", "Work as agreed")
    return NewLine(unit_price=Decimal(amount), **values)


def a_draft(organization: Organization, *amounts: str, **values: Any) -> Invoice:
    """A draft by hand with a taxed line per amount, for a new customer unless one is given."""
    customer = values.pop("customer", None) or a_customer(organization)
    lines = values.pop("lines", None) or [a_line(amount) for amount in amounts or ("100.00",)]
    return draft_invoice(customer=customer, by=None, lines=lines, **values)


def an_invoice(organization: Organization, *amounts: str, **values: Any) -> Invoice:
    """An issued invoice with a taxed line per amount."""
    return issue_invoice(invoice=a_draft(organization, *amounts, **values), by=None)


def a_credit_line(amount: str = "100.00", **values: Any) -> NewCreditLine:
    """A taxed line of one piece given back."""
    values.setdefault("description", "Work not done")
    return NewCreditLine(unit_price=Decimal(amount), **values)


def a_credit_note(organization: Organization, *amounts: str, **values: Any) -> CreditNote:
    """An issued credit note with a taxed line per amount, for a new customer unless given."""
    customer = values.pop("customer", None) or a_customer(organization)
    lines = values.pop("lines", None) or [a_credit_line(a) for a in amounts or ("100.00",)]
    draft = draft_credit_note(customer=customer, by=None, lines=lines, **values)
    return issue_credit_note(credit_note=draft, by=None)


def a_method(organization: Organization, name: str = "Cash") -> PaymentMethod:
    """One of the methods that every business begins with."""
    return PaymentMethod.objects.owned_by(organization).get(name=name)


def a_term(organization: Organization, name: str, **values: Any) -> PaymentTerm:
    """The payment term of this name; a new one when values are given."""
    if values:
        return create_term(organization=organization, by=None, name=name, **values)
    return PaymentTerm.objects.owned_by(organization).get(name=name)


def mastercard(organization: Organization) -> PaymentMethod:
    """Mastercard at 1.75 % + $0.30, in force from 1 January 2026 to the end of September."""
    method = a_method(organization, "Mastercard")
    set_surcharge(
        method=method,
        by=None,
        percentage=Decimal("1.75"),
        fixed=Decimal("0.30"),
        begins_on=date(2026, 1, 1),
        ends_on=date(2026, 9, 30),
    )
    return method


def a_payment(invoice: Invoice, amount: str | None = None, **values: Any) -> Payment:
    """The invoice's balance, or part of it, in cash."""
    values.setdefault("method", a_method(invoice.organization))
    values.setdefault("received_on", A_DAY)
    part = invoice.balance if amount is None else Decimal(amount)
    return record_payment(customer=invoice.customer, allocations={invoice: part}, by=None, **values)


def an_approved_supplier_invoice(
    organization: Organization, *costs: str, **values: Any
) -> SupplierInvoice:
    """One that counts, with a taxed line per cost before tax, of a new supplier unless given."""
    supplier = values.pop("supplier", None) or a_supplier(organization)
    lines = [NewCost(description="Cable", unit_cost=Decimal(cost)) for cost in costs]
    values.setdefault("number", f"S-{next(_numbers)}")
    draft = draft_supplier_invoice(supplier=supplier, by=None, lines=lines, **values)
    return approve_supplier_invoice(invoice=draft, by=None)
