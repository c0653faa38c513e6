"""Two customers, or two suppliers of expenses, that are one. The books know it already."""

from django.db import transaction
from django.utils import timezone

from ascora.history.services import note_changes
from ascora.tenancy.models import User
from inventory.models import Supplier
from jobs.models import Contact, Customer, Expense, Job
from jobs.services.customers import index_customer, locked


@transaction.atomic
def merge_customers(*, loser: Customer, survivor: Customer, by: User | None) -> Customer:
    """The survivor gets the loser's jobs, contacts and those it pays for; the loser is archived.

    Its invoices and payments are the affair of a higher storey, which moves them first.
    """
    loser, survivor = locked(loser), locked(survivor)
    if survivor.billing_customer_id == loser.pk:
        survivor.billing_customer = None
        survivor.save(update_fields=["billing_customer", "updated_at"])
    _hand_over_jobs(loser, survivor)
    contacts = Contact.objects.filter(organization=loser.organization)
    contacts.filter(customer=loser).update(customer=survivor)
    paid_for = Customer.objects.filter(organization=loser.organization, billing_customer=loser)
    paid_for.update(billing_customer=survivor.billed)
    loser.archived_at = loser.archived_at or timezone.now()
    loser.save(update_fields=["archived_at", "updated_at"])
    note_changes(loser, before={"is_archived": False}, by=by)
    index_customer(survivor, was_renamed=True)
    return survivor


def _hand_over_jobs(loser: Customer, survivor: Customer) -> None:
    """Whoever paid for them goes on paying, where it is neither of the two."""
    jobs = Job.objects.filter(organization=loser.organization)
    if survivor.billing_customer_id is None and loser.billing_customer_id != survivor.pk:
        theirs = jobs.filter(customer=loser, billing_customer=None)
        theirs.update(billing_customer=loser.billing_customer)
    jobs.filter(billing_customer=loser).update(billing_customer=survivor.billed)
    jobs.filter(customer=loser).update(customer=survivor)


@transaction.atomic
def take_over_expenses(*, loser: Supplier, survivor: Supplier) -> None:
    """The survivor is who was paid."""
    expenses = Expense.objects.filter(organization=loser.organization, supplier=loser)
    expenses.update(supplier=survivor)
