"""The cast that every test knows, and the guards that every test stands under.

Bright Spark Electrical is the business of most tests: Olive owns it, Otto runs the office, Ada
keeps its books. Drain & Co is the stranger next door; Stan owns it.
"""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string

from ascora.tenancy.models import Membership, Organization, Role, User
from ascora.tenancy.rls import acting_for
from integrations.connections import ledgers


def an_organization(name: str, **people: str) -> Organization:
    """An organization with its people: first name to role."""
    organization = Organization(name=name)
    with acting_for(organization):
        organization.save()
        for person, role in people.items():
            user = User.objects.create_user(
                f"{person}@{name.split(maxsplit=1)[0].lower()}.test", name=person.title()
            )
            Membership.objects.create(organization=organization, user=user, role=role)
        for preparer in settings.ORGANIZATION_PREPARERS:
            import_string(preparer)(organization=organization)
    return organization


@pytest.fixture
def bright_spark(db: None) -> Organization:
    """The business of most tests, with Olive, Otto and Ada."""
    return an_organization(
        "Bright Spark Electrical", olive=Role.OWNER, otto=Role.OFFICE, ada=Role.ACCOUNTANT
    )


@pytest.fixture
def drain_co(db: None) -> Organization:
    """The stranger next door, owned by Stan."""
    return an_organization("Drain & Co", stan=Role.OWNER)


@pytest.fixture
def at_bright_spark(bright_spark: Organization) -> Iterator[Organization]:
    """The rest of the test happens behind Bright Spark's wall."""
    with acting_for(bright_spark):
        yield bright_spark


@pytest.fixture
def person(bright_spark: Organization, drain_co: Organization) -> Callable[[str], User]:
    """Anyone of the cast by first name."""
    return lambda name: User.objects.get(name=name.title())


@pytest.fixture
def olive(bright_spark: Organization) -> User:
    """Owner of Bright Spark."""
    return User.objects.get(name="Olive")


@pytest.fixture
def otto(bright_spark: Organization) -> User:
    """Office staff of Bright Spark."""
    return User.objects.get(name="Otto")


@pytest.fixture
def ada(bright_spark: Organization) -> User:
    """Accountant of Bright Spark."""
    return User.objects.get(name="Ada")


@pytest.fixture
def stan(drain_co: Organization) -> User:
    """Owner of the stranger."""
    return User.objects.get(name="Stan")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A logged-in browser of a person."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return log_in


@pytest.fixture(autouse=True)
def _no_transaction_but_the_tests_own(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The books may be spoken to outside of a transaction only; a test's own ones do not count."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("db")
        depth = len(connection.savepoint_ids) + connection.in_atomic_block
        monkeypatch.setattr(ledgers, "DEPTH_OF_NO_TRANSACTION", depth)
