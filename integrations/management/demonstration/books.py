"""The connected business's books: connected, set up, imported, and the last weeks sent for real."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings

from ascora.chart.models import LedgerAccount
from ascora.outbox.models import EntryState, OutboxEntry
from ascora.outbox.services import record_change
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.rls import acting_for
from integrations import accounting, connections, customer_import
from integrations.management.demonstration import simulator
from integrations.models import Connection
from integrations.push import drain
from inventory.models import Supply
from jobs.models import JobType
from payments.models import Allocation, Invoice, PaymentMethod
from payments.services import set_surcharge

ACCOUNTS_OF_TYPES = {"Domestic": ("4110", "4210")}
SURCHARGE = "4300"
HIRE = "4400"
MOST_SLICES = 400


def connect(organization: Organization, owner: User, realm: str, *, cut_off_on: date) -> Connection:
    """Connect, choose the account codes that the wizard would guess, import every customer."""
    handshake = connections.Handshake(
        organization=organization,
        person=owner,
        slug="quickbooks",
        redirect_uri=settings.SITE_URL,
    )
    connection = connections.enter(handshake, simulator.permission_for(realm))
    with acting_for(organization):
        guessed = accounting.guess(connection)
        values = {name: getattr(guessed, name) for name in accounting.USES}
        values |= {
            "sales_tax_code": guessed.sales_tax_code,
            "sales_free_code": guessed.sales_free_code,
            "purchase_tax_code": guessed.purchase_tax_code,
            "purchase_free_code": guessed.purchase_free_code,
            "cut_off_on": cut_off_on,
        }
        accounting.save_settings(connection=connection, values=values, by=owner)
        customer_import.start_import(connection=connection, by=owner)
    while customer_import.run(organization):
        continue
    return connection


def give_account_codes(organization: Organization) -> None:
    """A job type and the hired equipment have codes of their own."""
    accounts = {each.code: each for each in LedgerAccount.objects.owned_by(organization)}
    for name, (labour, materials) in ACCOUNTS_OF_TYPES.items():
        JobType.objects.owned_by(organization).filter(name=name).update(
            labour_account=accounts.get(labour), materials_account=accounts.get(materials)
        )
    hire = Supply.objects.owned_by(organization).filter(part_number__startswith="HIRE")
    hire.update(income_account=accounts.get(HIRE))


def charge_for_cards(organization: Organization, *, since: date) -> None:
    """Mastercard adds 1.75 % + $0.30, posted to an account of its own."""
    method = PaymentMethod.objects.owned_by(organization).get(name="Mastercard")
    accounts = LedgerAccount.objects.owned_by(organization)
    method.surcharge_account = accounts.filter(code=SURCHARGE).first()
    method.save(update_fields=["surcharge_account"])
    set_surcharge(
        method=method,
        by=None,
        percentage=Decimal("1.75"),
        fixed=Decimal("0.30"),
        begins_on=since,
    )


def send(organization: Organization, *, since: date) -> int:
    """Record what is dated since then, and push it all through the engine. Gives how many."""
    with acting_for(organization):
        invoices = Invoice.objects.filter(organization=organization, issued_on__gte=since).issued()
        paid = Allocation.objects.owned_by(organization).filter(invoice__issued_on__gte=since)
        documents = [
            *invoices.select_related("organization"),
            *(each.payment for each in paid.select_related("payment__organization")),
        ]
        _record(documents)
    for _ in range(MOST_SLICES):
        if not drain(organization).handled:
            break
    with acting_for(organization):
        entries = OutboxEntry.objects.owned_by(organization)
        return entries.filter(state=EntryState.DONE).count()


def _record(documents: Iterable[OwnedModel]) -> None:
    for document in documents:
        record_change(document, by=None)
