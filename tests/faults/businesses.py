"""The businesses of a world, each with a company of the simulator behind it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from ascora.chart.models import LedgerAccount
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for, acting_for_everyone
from integrations.connections.handshake import realm_print
from integrations.models import Connection
from tests.conftest import an_organization
from tests.engine.bothsides import Side
from tests.engine.connected import Connected
from tests.engine.fake_ledger import FakeLedger
from tests.simulator.client import Company, Running


class Books(Running):
    """The simulator of the world: it runs already."""

    def __init__(self) -> None:
        self.port = int(urlsplit(os.environ["SIMULATOR_URL"]).port or 0)
        self.token = ""


class OfTheApp(Company):
    """A company whose tokens are the installation's own: they are refreshed."""

    def connect(self) -> None:
        client = os.environ["QUICKBOOKS_CLIENT_ID"]
        self.tokens = self.running.control("/tokens", {"realm": self.realm, "client_id": client})


def found(count: int) -> list[str]:
    """So many new businesses, connected and set up; the marks that each text of theirs carries."""
    books = Books()
    known = len(books.control("/companies"))
    marks = [f"CANARY-{known + number + 1}" for number in range(count)]
    for number, mark in enumerate(marks, known + 1):
        organization = an_organization(mark, **{f"olive{number}": "owner"})
        business = Connected(organization, FakeLedger())
        company = OfTheApp(books, name=mark, country="AU")
        business.attach(books, company)
        ends = datetime.now(UTC) + timedelta(seconds=company.tokens["expires_in"])
        with business.acting():
            Connection.objects.owned_by(organization).update(
                access_expires_at=ends, realm_print=realm_print("quickbooks", company.realm)
            )
        Side(business, mark).set_up()
    return marks


def sides() -> Iterator[Side]:
    """All of them as they stand, or those that ASCORA_MARKS names."""
    books = Books()
    wanted = os.environ.get("ASCORA_MARKS", "").split()
    for told in books.control("/companies"):
        if not wanted or told["name"] in wanted:
            yield _side(books, told)


def _side(books: Books, told: dict[str, Any]) -> Side:
    mark = told["name"]
    organization = _organization(mark)
    business = Connected(organization, FakeLedger())
    business.company = SimpleNamespace(realm=told["realm"], running=books)
    with business.acting():
        business.connection = Connection.objects.owned_by(organization).get()
        accounts = LedgerAccount.objects.owned_by(organization)
        business.accounts = {account.code: account for account in accounts}
    return Side(business, mark)


def _organization(name: str) -> Organization:
    """By its name: this is a test's own database, and the wall stands in it all the same."""
    with acting_for_everyone():
        pk = Organization.objects.values_list("pk", flat=True).get(name=name)
    with acting_for(pk):
        return Organization.objects.get(pk=pk)
