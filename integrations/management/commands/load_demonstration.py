"""`manage.py load_demonstration`: one connected business with a past, one not connected yet.

Runs once, on an empty migrated database, with the simulator up (make demo does).
"""

import json
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from ascora.tenancy.models import Membership, Organization, Role, User
from ascora.tenancy.rls import acting_for
from ascora.tenancy.selectors import today_for
from ascora.tenancy.services import create_organization
from integrations.management.demonstration import books, simulator
from integrations.management.demonstration.buying import buy
from integrations.management.demonstration.claims import claim, give_credit
from integrations.management.demonstration.lists import fill_lists
from integrations.management.demonstration.paper import furnish
from integrations.management.demonstration.sales import fill_sales, money_owed
from integrations.management.demonstration.work import Past, fill_work
from jobs.models import Customer, Job
from payments.models import Invoice

LOGIN, PASSWORD = "olive@example.test", "try-ascora-today"
CONNECTED, NOT_YET = "Harbour City Electrical", "Bright Spark Electrical"
DAYS, JOBS, SENT_DAYS = 548, 3000, 45


class Command(BaseCommand):
    """Loads the demonstration and says how long each part took."""

    help = "Load the demonstration into an empty database; the simulator must be running."

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything, once."""
        simulator.hurry(is_on=True)
        olive = _person(LOGIN, "Olive Tran", PASSWORD)
        business = self._connected(olive)
        self._not_yet(olive)
        simulator.hurry(is_on=False)
        with connection.cursor() as cursor:
            # Rows came by the thousand; uncounted, a search may take half a minute.
            cursor.execute("ANALYZE")
        _leave_word(business)

    def _connected(self, olive: User) -> Organization:
        business = _business(CONNECTED, olive)
        realm = simulator.a_company(f"{CONNECTED} Pty Ltd", customers=1200, seed=1)
        today = today_for(business)
        since = today - timedelta(days=SENT_DAYS)
        with self._told("connected, 1,200 customers imported"):
            books.connect(business, olive, realm, cut_off_on=since)
        past = Past(today=today, days=DAYS, jobs=JOBS, seed=1)
        with self._told(f"{JOBS:,} jobs, their invoices and payments"), acting_for(business):
            _colleagues(business)
            fill_lists(business)
            books.give_account_codes(business)
            books.charge_for_cards(business, since=today)
            customers = list(Customer.objects.owned_by(business).order_by("pk"))
            jobs = fill_work(business, customers, past)
            invoices = fill_sales(business, jobs, past)
            self.stdout.write(f"    {len(invoices):,} invoices, {money_owed(invoices):,} owed")
        with self._told("what the office wrote in the last six weeks"), acting_for(business):
            furnish(business, olive)
            _office_work(business, customers, invoices, today=today, by=olive)
        with self._told(f"the last {SENT_DAYS} days sent to QuickBooks"):
            sent = books.send(business, since=since)
            self.stdout.write(f"    {sent:,} documents stand in the books")
        return business

    def _not_yet(self, olive: User) -> None:
        business = _business(NOT_YET, olive)
        simulator.a_company(f"{NOT_YET} Pty Ltd", customers=200, seed=2)
        with acting_for(business):
            fill_lists(business)

    def _told(self, what: str) -> "_Told":
        return _Told(self, what)


class _Told:
    """Says what was done and how long it took."""

    def __init__(self, command: Command, what: str) -> None:
        self.command, self.what = command, what

    def __enter__(self) -> None:
        self.begun = time.monotonic()

    def __exit__(self, *_: object) -> None:
        seconds = time.monotonic() - self.begun
        self.command.stdout.write(f"    {self.what}: {seconds:.1f} s")


def _person(email: str, name: str, password: str) -> User:
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _business(name: str, owner: User) -> Organization:
    return create_organization(
        name=name,
        owner=owner,
        country="AU",
        time_zone="Australia/Sydney",
        home_currency="AUD",
    )


def _colleagues(business: Organization) -> None:
    for email, name, role in (
        ("otto@example.test", "Otto Lindqvist", Role.OFFICE),
        ("ada@example.test", "Ada Okonkwo", Role.ACCOUNTANT),
    ):
        person = _person(email, name, PASSWORD)
        Membership.objects.create(organization=business, user=person, role=role)


def _office_work(
    business: Organization,
    customers: list[Customer],
    invoices: list[Invoice],
    *,
    today: date,
    by: User,
) -> None:
    """Suppliers, expenses, claims and credit notes: made one by one, as people make them."""
    under_way = Job.objects.owned_by(business).filter(status="in_progress").order_by("-pk")
    fixed = claim(business, customers[7], today=today, by=by)
    buy(business, [fixed, *under_way[:7]], today=today, by=by)
    still_open = [each for each in invoices if each.balance and each.total > each.amount_paid]
    give_credit(still_open[-2:], today=today, by=by)


def _leave_word(business: Organization) -> None:
    """What the terminal prints; see ascora.embedded.demo."""
    told = {
        "login": LOGIN,
        "password": PASSWORD,
        "lines": [
            f"{business.name} is connected: open an unpaid invoice, follow its link to QuickBooks, "
            "press Receive payment there, and watch it turn to Paid here.",
            f"{NOT_YET} is not connected yet: switch to it (top right), then Administration > "
            "Accounts Integration, and choose its company of 200 customers.",
            "Jobs > any Ready To Invoice job > Invoice this job; take the payment by Mastercard.",
        ],
        "mail_url": f"{settings.SITE_URL}/mail/",
    }
    path = Path(os.environ["ASCORA_DATA"]) / "demonstration.json"
    path.write_text(json.dumps(told, indent=2))
