"""The address where QuickBooks announces changes: signed, quick, and believed in nothing else."""

import base64
import hmac
import json
from hashlib import sha256

import pytest
from django.db import OperationalError

from ascora.tenancy.rls import acting_for
from integrations.models import Connection, WebhookHint
from integrations.quickbooks.provider import QuickBooksProvider
from tests.integrations.fake_provider import REALM, FakeProvider
from tests.integrations.rows import reread

ADDRESS = "/webhooks/quickbooks/"
KEY = "verifier-of-the-test"


@pytest.fixture
def announced(connected, monkeypatch, client):
    """Send a body as Intuit does; the real check of the signature answers it."""
    real = QuickBooksProvider(
        {"environment": "sandbox", "client_id": "", "client_secret": "", "discovery_url": "",
         "api_url": "", "webhook_verifiers": [KEY]}
    )  # fmt: skip
    monkeypatch.setattr(
        FakeProvider, "hints_from", lambda _self, *told: real.hints_from(*told), raising=False
    )
    with acting_for(connected.organization):
        Connection.objects.owned_by(connected.organization).update(next_pull_at=None)

    def send(body, key=KEY, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = base64.b64encode(hmac.new(key.encode(), raw, sha256).digest()).decode()
        return client.post(
            ADDRESS, raw, "application/cloudevents+json",
            headers={"intuit-signature": signature} | headers,
        )  # fmt: skip

    return send


def event(number, realm=REALM, kind="payment"):
    return {
        "specversion": "1.0", "id": f"event-{number}", "type": f"qbo.{kind}.created.v1",
        "intuitentityid": str(number), "intuitaccountid": realm, "data": {},
    }  # fmt: skip


def noted(connection):
    with acting_for(connection.organization):
        return list(
            WebhookHint.objects.owned_by(connection.organization)
            .order_by("pk").values_list("event_id", "kind", "remote_id")
        )  # fmt: skip


def test_a_signed_event_is_noted_and_makes_the_reading_due(connected, announced):
    assert announced([event(1)]).status_code == 200
    assert noted(connected) == [("event-1", "payment", "1")]
    reread(connected)
    assert connected.next_pull_at is not None


def test_while_the_database_is_away_nothing_is_acknowledged(connected, announced, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr("integrations.views.webhooks.expect_changes", _database_is_away)
        assert announced([event(1)]).status_code == 503
    assert noted(connected) == []
    assert announced([event(1)]).status_code == 200
    assert noted(connected) == [("event-1", "payment", "1")]


def _database_is_away(*_):
    raise OperationalError("the server closed the connection")


def test_a_bad_signature_notes_nothing(connected, announced):
    assert announced([event(1)], key="somebody").status_code == 401
    assert noted(connected) == []
    reread(connected)
    assert connected.next_pull_at is None


def test_no_signature_is_a_bad_one(client, connected, announced):
    assert client.post(ADDRESS, b"[]", "application/json").status_code == 401


def test_the_same_event_twice_is_noted_once(connected, announced):
    assert [announced([event(1), event(1)]).status_code for _ in range(2)] == [200, 200]
    assert noted(connected) == [("event-1", "payment", "1")]


def test_a_strangers_company_and_an_odd_event_do_not_spoil_the_others(connected, announced):
    body = [event(1, realm="9139999999999999"), {"odd": True}, 7, event(2)]
    assert announced(body).status_code == 200
    assert noted(connected) == [("event-2", "payment", "2")]


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe", b"{}", b"null", b"7"])
def test_a_signed_body_without_sense_is_accepted_and_means_nothing(connected, announced, body):
    assert announced(body).status_code == 200
    assert noted(connected) == []


def test_a_body_over_a_mebibyte_is_refused(connected, announced):
    assert announced(b" " * (1024 * 1024 + 1)).status_code == 413


def test_an_unknown_package_has_no_address(client, connected):
    assert client.post("/webhooks/xero/", b"[]", "application/json").status_code == 404


def test_a_disconnected_company_is_heard_no_more(connected, announced):
    with acting_for(connected.organization):
        rows = Connection.objects.owned_by(connected.organization)
        rows.update(state="disconnected")
    assert announced([event(1)]).status_code == 200
    assert noted(connected) == []
