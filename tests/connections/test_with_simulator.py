"""The wizard against the simulator over HTTP, and that no secret is left on the way."""

import logging
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import connection as database
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from integrations import push
from integrations.models import Connection, SyncAttempt
from integrations.registry import provider_for
from tests.builders import a_customer, an_invoice
from tests.connections.conftest import stored
from tests.connections.test_pages import BACK, CONNECT, SETTINGS, chosen
from tests.simulator.client import Company, Running, bare_address
from tests.simulator.test_connecting import Browser

ADDRESS = "http://testserver"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("wizard") / "books.sqlite3")
    yield started
    started.stop()


@pytest.fixture
def company(running, settings):
    """A company that waits, and our registration over there."""
    url = f"http://localhost:{running.port}"
    app = {"client_id": "app-w", "client_secret": "s3cret", "redirect_uris": [ADDRESS + BACK]}
    running.control("/apps", app)
    config = {
        "environment": "simulator", "client_id": "app-w", "client_secret": "s3cret",
        "discovery_url": f"{url}/.well-known/openid_configuration/", "api_url": url,
        "webhook_verifiers": ["v"],
    }  # fmt: skip
    settings.SITE_URL = ADDRESS
    path = "integrations.quickbooks.provider.QuickBooksProvider"
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, config)}
    provider_for.cache_clear()
    yield Company(running, name="Wizard Sparks", country="AU")
    provider_for.cache_clear()


def sign_in_and_agree(running, company, address):
    """What the person does on Intuit's pages; where they lead back to."""
    there = Browser(running)
    _, _, page = there.go("GET", bare_address(address))
    _, location, _ = there.go("POST", "/connect/sign-in", there.hidden(page))
    _, _, page = there.go("GET", location)
    fields = there.hidden(page) | {"realm": company.realm}
    _, location, _ = there.go("POST", "/connect/consent", fields)
    assert location.startswith(ADDRESS + BACK)
    return dict(parse_qsl(urlsplit(location).query))


def connection_of(organization):
    with acting_for(organization):
        rows = Connection.objects.owned_by(organization).select_related("organization")
        return rows.get()


def test_connect_choose_codes_save_and_send(
    running, company, bright_spark, olive, client_of, caplog
):
    caplog.set_level(logging.DEBUG, logger="root")
    browser = client_of(olive)
    page = browser.post(CONNECT).content.decode()
    address = unescape(re.search(r'<a class="btn btn-primary" href="([^"]+)"', page).group(1))
    query = sign_in_and_agree(running, company, address)
    answer = browser.get(f"{BACK}?{urlencode(query)}")
    assert (answer.status_code, answer.url) == (302, SETTINGS)
    connection = connection_of(bright_spark)
    assert (connection.company_name, connection.realm) == ("Wizard Sparks", company.realm)
    posted = chosen(connection, labour_account="4100", payments_account="1100")
    answer = browser.post(SETTINGS, posted)
    assert (answer.status_code, answer.url) == (302, reverse("integrations:import_question"))
    assert stored(connection).is_set_up
    with acting_for(bright_spark):
        an_invoice(bright_spark, "100.00", customer=a_customer(bright_spark, name="Jane"))
    push.drain(bright_spark)
    assert [row["DisplayName"] for row in company.rows("Customer")] == ["Jane"]
    no_secret_is_left(stored(connection), query["code"], caplog)


def no_secret_is_left(connection, code, caplog):
    """Neither in the tables, the sync log, nor in what was written down on the way."""
    secrets = [connection.access_token, connection.refresh_token, connection.realm, code]
    assert all(len(secret) > 5 for secret in secrets)
    with acting_for(connection.organization), database.cursor() as cursor:
        assert SyncAttempt.objects.owned_by(connection.organization).exists()
        cursor.execute(
            "SELECT row_to_json(a)::text FROM integrations_syncattempt a"
            " UNION ALL SELECT row_to_json(c)::text FROM integrations_connection c"
        )
        kept = " ".join(row for (row,) in cursor.fetchall())
    logged = " ".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    for secret in secrets:
        assert secret not in kept
        assert secret not in logged


@pytest.mark.parametrize("name", ["urllib3.connectionpool", "intuitlib", "requests_oauthlib"])
def test_addresses_and_bodies_of_requests_are_never_logged(name):
    assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
