"""Bright Spark connected to books in memory, and the stranger connected to others."""

from collections.abc import Callable

import pytest
from django.db import connection

from ascora.tenancy.models import Organization
from integrations import connections
from integrations.connections.ledgers import MeteredLedger
from tests.engine.business import Business
from tests.engine.fake_ledger import FakeLedger


@pytest.fixture
def open_books(monkeypatch: pytest.MonkeyPatch) -> Callable[[Organization], Business]:
    """Connect an organization to books of its own."""
    books: dict[object, FakeLedger] = {}
    monkeypatch.setattr(
        connections,
        "open_ledger",
        lambda connection, **_: MeteredLedger(books[connection.organization_id], connection),
    )

    def connect(organization: Organization) -> Business:
        ledger = books[organization.pk] = FakeLedger(depth=len(connection.savepoint_ids))
        business = Business(organization, ledger)
        business.connect(realm_print=str(organization.pk))
        return business

    return connect


@pytest.fixture
def spark(bright_spark: Organization, open_books: Callable[[Organization], Business]) -> Business:
    """Bright Spark, connected."""
    return open_books(bright_spark)


@pytest.fixture
def drain(drain_co: Organization, open_books: Callable[[Organization], Business]) -> Business:
    """Drain & Co, connected to its own company."""
    return open_books(drain_co)
