"""Two customers that are one: what was charged and paid goes to the one that stays."""

from django.db import transaction

from jobs.models import Customer
from payments.models import CreditApplication, CreditNote, Invoice, Payment, Refund


@transaction.atomic
def take_over_documents(*, loser: Customer, survivor: Customer) -> None:
    """Invoices, payments and credit of the loser become the survivor's. The books have done the
    same, so nothing is recorded for them.
    """
    of_loser = {"organization": loser.organization, "customer": loser}
    for model in (Invoice, Payment, CreditNote, CreditApplication, Refund):
        model.objects.filter(**of_loser).update(customer=survivor)
    sites = Invoice.objects.filter(organization=loser.organization, site_customer=loser)
    sites.update(site_customer=survivor)
