"""Changing customers. What the books hear of is recorded once they know the customer."""

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ascora.common.texts import refuse_bad_name, refuse_long_texts
from ascora.history.services import note_changes
from ascora.outbox.selectors import is_known_to_books
from ascora.outbox.services import record_change
from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization, User
from jobs.models import Customer, LeadSource, PaymentTerm

# What stays in Ascora: these travel on invoices, not on the customer.
_OWN_FIELDS = frozenset({"lead_source", "billing_customer", "payment_term"})


class CustomerOwes(Exception):
    """The customer still has open invoices."""


class CustomerValues(TypedDict, total=False):
    """The plain values of a customer."""

    name: str
    company_name: str
    given_name: str
    family_name: str
    email: str
    phone: str
    mobile: str
    billing_street: str
    billing_city: str
    billing_region: str
    billing_postcode: str
    billing_country: str
    site_street: str
    site_city: str
    site_region: str
    site_postcode: str
    site_country: str
    lead_source: LeadSource | None
    billing_customer: Customer | None
    payment_term: PaymentTerm | None
    is_taxed: bool
    notes: str


@transaction.atomic
def create_customer(
    *, organization: Organization, by: User | None, **values: Unpack[CustomerValues]
) -> Customer:
    """Add a customer. The books hear of it with its first invoice, so nothing is recorded here.

    Raises ValidationError when a value does not fit or the name is taken.
    """
    customer = Customer(organization=organization, **values)
    _check(customer)
    customer.save()
    index_for_search(customer)
    return customer


@transaction.atomic
def change_customer(
    *, customer: Customer, by: User | None, **values: Unpack[CustomerValues]
) -> Customer:
    """Change the given values; the books hear of it when they know the customer.

    A call that changes nothing does nothing. Returns the row as it stands now.
    """
    customer = locked(customer)
    changed = apply(customer, values)
    if not changed:
        return customer
    _check(customer, changed)
    customer.save(update_fields=[*changed, "updated_at"])
    note_changes(customer, before=changed, by=by)
    index_customer(customer, was_renamed="name" in changed)
    if is_known_to_books(customer) and set(changed) - _OWN_FIELDS:
        record_change(customer, by=by)
    return customer


@transaction.atomic
def archive_customer(*, customer: Customer, by: User | None) -> Customer:
    """Hide a customer from lists and drop-downs; its history stays. May be called again.

    Raises CustomerOwes while an invoice is open.
    """
    customer = locked(customer)
    if customer.archived_at is not None:
        return customer
    if owes(customer):
        raise CustomerOwes(customer.name)
    customer.archived_at = timezone.now()
    customer.save(update_fields=["archived_at", "updated_at"])
    note_changes(customer, before={"is_archived": False}, by=by)
    if is_known_to_books(customer):
        record_change(customer, by=by)
    return customer


@transaction.atomic
def restore_customer(*, customer: Customer, by: User | None) -> Customer:
    """Undo archiving. Raises ValidationError when the name was taken meanwhile."""
    customer = locked(customer)
    if customer.archived_at is None:
        return customer
    customer.archived_at = None
    _check(customer, ["archived_at"])
    customer.save(update_fields=["archived_at", "updated_at"])
    note_changes(customer, before={"is_archived": True}, by=by)
    if is_known_to_books(customer):
        record_change(customer, by=by)
    return customer


def owes(customer: Customer) -> bool:
    """An invoice of it is open."""
    return customer.invoices.filter(status__in=["issued", "part_paid"]).exists()


def locked(customer: Customer) -> Customer:
    """The row as it stands now, held until the transaction ends."""
    rows = Customer.objects.filter(organization=customer.organization_id)
    return rows.select_for_update().select_related("organization").get(pk=customer.pk)


def apply(customer: Customer, values: Mapping[str, object]) -> dict[str, object]:
    """Set the values that differ; names them with what they were."""
    before = {name: old for name, new in values.items() if (old := getattr(customer, name)) != new}
    for name in before:
        setattr(customer, name, values[name])
    return before


def index_customer(customer: Customer, *, was_renamed: bool) -> None:
    """Keep search true: a customer's jobs, invoices and credit notes are found by its name too."""
    index_for_search(customer)
    if was_renamed:
        index_for_search(*customer.jobs.select_related("customer", "organization"))
        index_for_search(*customer.invoices.select_related("customer", "job", "organization"))
        notes = customer.credit_notes.select_related("customer", "invoice", "organization")
        index_for_search(*notes)


def _check_billing(customer: Customer) -> None:
    """Bills go one step and no further: who is billed is billed itself."""
    if customer.billing_customer is None:
        return
    if customer.billing_customer_id == customer.pk:
        message = "A customer is billed itself when nobody else is chosen: leave this empty."
        raise ValidationError({"billing_customer": message})
    payer = locked(customer.billing_customer)
    if payer.billing_customer_id is not None:
        message = f"{payer} is not billed itself: its bills go to {payer.billing_customer}."
        raise ValidationError({"billing_customer": message})
    if customer.pk and customer.billed_customers.exists():
        message = "Bills of others go to this customer, so it is billed itself."
        raise ValidationError({"billing_customer": message})


def _check(customer: Customer, changed: Iterable[str] | None = None) -> None:
    """What is changed must be in order; what came from the books otherwise may stay as it is."""
    if changed is None or "name" in changed:
        refuse_bad_name(customer.name)
    if changed is None or "billing_customer" in changed:
        _check_billing(customer)
    refuse_long_texts(customer)
    columns = {column.name for column in customer._meta.fields}
    judged = columns if changed is None else {*changed, "name", "archived_at", "organization"}
    customer.full_clean(exclude=columns - judged)
