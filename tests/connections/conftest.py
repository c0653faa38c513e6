"""Bright Spark before and after connecting to a package that a test commands."""

from datetime import timedelta

import pytest

from ascora.tenancy.rls import acting_for
from integrations import connections
from integrations.contracts import Grant
from integrations.models import Connection
from integrations.registry import provider_for
from tests.connections.fakes import REALM, FakeProvider, a_pair


@pytest.fixture
def provider(settings):
    """The package behind every connection."""
    fake = FakeProvider()
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": ("tests.connections.fakes.made", fake)}
    provider_for.cache_clear()
    yield fake
    provider_for.cache_clear()


@pytest.fixture
def handshake(bright_spark, olive):
    """Olive connecting Bright Spark."""
    return connections.Handshake(bright_spark, olive, "quickbooks", "https://ascora.test/back/")


@pytest.fixture
def connected(provider, handshake):
    """Bright Spark, connected a moment ago."""
    return connections.enter(handshake, Grant(REALM, a_pair(1)))


@pytest.fixture
def expired(connected):
    """Its access token has run out."""
    change(connected, access_expires_at=connected.connected_at - timedelta(minutes=1))
    return stored(connected)


def change(connection, **values):
    """Set columns behind the wall."""
    with acting_for(connection.organization):
        rows = Connection.objects.owned_by(connection.organization)
        rows.filter(pk=connection.pk).update(**values)


def stored(connection):
    """The row as it stands."""
    with acting_for(connection.organization):
        rows = Connection.objects.owned_by(connection.organization)
        return rows.select_related("organization").get(pk=connection.pk)
