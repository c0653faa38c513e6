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
    jobs = Job.objects.filter(organization=loser.organization)
    jobs.filter(customer=loser).update(customer=survivor)
    jobs.filter(billing_customer=loser).update(billing_customer=survivor)
    contacts = Contact.objects.filter(organization=loser.organization)
    contacts.filter(customer=loser).update(customer=survivor)
    paid_for = Customer.objects.filter(organization=loser.organization, billing_customer=loser)
    paid_for.exclude(pk=survivor.pk).update(billing_customer=survivor)
    Customer.objects.filter(
        organization=loser.organization, pk=survivor.pk, billing_customer=loser
    ).update(billing_customer=None)
    loser.archived_at = loser.archived_at or timezone.now()
    loser.save(update_fields=["archived_at", "updated_at"])
    note_changes(loser, before={"is_archived": False}, by=by)
    index_customer(survivor, was_renamed=True)
    return survivor


@transaction.atomic
def take_over_expenses(*, loser: Supplier, survivor: Supplier) -> None:
    """The survivor is who was paid."""
    expenses = Expense.objects.filter(organization=loser.organization, supplier=loser)
    expenses.update(supplier=survivor)
