"""A package in memory in QuickBooks' place, and the way through its sign-in."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection as database
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from integrations.connections import ledgers
from integrations.models import Connection
from integrations.registry import provider_for
from tests.integrations.fake_provider import REALM, World


@pytest.fixture
def world(db, settings, monkeypatch):
    """QuickBooks, as this test wants it. Tests stand inside savepoints of their own."""
    there = World()
    path = "tests.integrations.fake_provider.FakeProvider"
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, there)}
    depth = len(database.savepoint_ids) + database.in_atomic_block
    monkeypatch.setattr(ledgers, "DEPTH_OF_NO_TRANSACTION", depth)
    provider_for.cache_clear()
    yield there
    provider_for.cache_clear()


@pytest.fixture
def begun():
    """Press Connect to QuickBooks; the state that travels to Intuit's pages."""

    def press(browser):
        page = browser.post(reverse("integrations:connect", args=["quickbooks"]))
        assert page.status_code == 200, page.content
        return parse_qs(urlsplit(page.context["address"]).query)["state"][0]

    return press


@pytest.fixture
def come_back(begun):
    """Return from Intuit's pages, by default with a state that was just begun."""

    def follow(browser, *, state=None, realm=REALM, **query):
        query = {"state": begun(browser) if state is None else state, "code": "c", **query}
        return browser.get(
            reverse("integrations:callback", args=["quickbooks"]), {"realmId": realm, **query}
        )

    return follow


@pytest.fixture
def connection_of():
    """The one connection row of a business, or None."""

    def of(organization):
        with acting_for(organization):
            return (
                Connection.objects.owned_by(organization)
                .select_related("organization")
                .order_by("pk")
                .first()
            )

    return of


@pytest.fixture
def connected(world, bright_spark, olive, client_of, come_back, connection_of):
    """Bright Spark, connected by Olive; no account code is chosen yet."""
    come_back(client_of(olive))
    world.calls.clear()
    return connection_of(bright_spark)
