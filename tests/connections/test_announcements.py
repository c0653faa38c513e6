"""The webhook's address: signed bodies only, never large, never twice, never in the way."""

import json

import pytest
from django.test import RequestFactory
from django.urls import reverse

from ascora.tenancy.rls import acting_for
from integrations.contracts import Hint
from integrations.models import WebhookHint
from integrations.views import webhooks
from tests.connections.conftest import change, stored
from tests.connections.fakes import OTHER_REALM, REALM

ADDRESS = reverse("integrations:webhook", args=["quickbooks"])


def hint(event_id="e-1", realm=REALM, remote_id="77"):
    return Hint(event_id, realm, "payment", remote_id, "created")


@pytest.fixture
def rung(monkeypatch):
    bells = []
    monkeypatch.setattr(webhooks, "ring_for_pull", bells.append)
    return bells


def post(client, body=b"[]", signature="signed", **headers):
    return client.post(
        ADDRESS, body, content_type="application/cloudevents+json",
        headers={"intuit-signature": signature} | headers,
    )  # fmt: skip


def kept(connection):
    with acting_for(connection.organization):
        rows = WebhookHint.objects.owned_by(connection.organization)
        return sorted(rows.values_list("event_id", flat=True))


def test_a_hint_is_noted_and_the_books_are_read_soon(
    provider, connected, client, rung, django_capture_on_commit_callbacks
):
    provider.hints = (hint(), hint("e-2"))
    with django_capture_on_commit_callbacks(execute=True):
        assert post(client).status_code == 200
    assert kept(connected) == ["e-1", "e-2"]
    assert stored(connected).next_pull_at is not None
    assert rung == [connected.organization.pk.hex]


def test_a_duplicate_is_noted_once_and_rings_nobody(
    provider, connected, client, rung, django_capture_on_commit_callbacks
):
    provider.hints = (hint(),)
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            assert post(client).status_code == 200
    assert kept(connected) == ["e-1"]
    assert len(rung) == 1


@pytest.mark.parametrize("signature", ["", "wrong"])
def test_a_body_that_was_not_signed_is_refused(provider, connected, client, signature):
    provider.hints = (hint(),)
    assert post(client, signature=signature).status_code == 401
    assert kept(connected) == []


def test_a_company_that_nobody_has_is_answered_like_any_other(provider, connected, client):
    provider.hints = (hint(realm=OTHER_REALM), hint("e-2"))
    assert post(client).status_code == 200
    assert kept(connected) == ["e-2"]


def test_a_company_that_was_left_is_not_read(provider, connected, client):
    change(connected, state="disconnected")
    provider.hints = (hint(),)
    assert post(client).status_code == 200
    assert kept(connected) == []


def test_more_than_a_mebibyte_is_not_read(provider, connected, client):
    provider.hints = (hint(),)
    assert post(client, b"x" * (1024 * 1024 + 1)).status_code == 413
    assert kept(connected) == []
    assert post(client, b"x" * 1024 * 1024).status_code == 200


class Endless:
    """A body without a stated length."""

    def __init__(self):
        self.given = 0

    def read(self, size=-1):
        assert size > 0
        self.given += size
        return b"x" * size


def test_a_body_without_a_length_is_cut_off_at_the_same_place(provider, connected):
    request = RequestFactory().post(ADDRESS, headers={"intuit-signature": "signed"})
    request._stream = body = Endless()
    assert webhooks.webhook(request, "quickbooks").status_code == 413
    assert body.given <= 1024 * 1024 + 1


def test_only_a_package_that_is_there_has_an_address(provider, client, db):
    assert client.post(reverse("integrations:webhook", args=["xero"])).status_code == 404
    assert client.get(ADDRESS).status_code == 405


def test_one_odd_event_does_not_stop_the_good_ones(settings, connected, client):
    """With the real provider: an unreadable event among good ones is left out, not refused."""
    from integrations.quickbooks.webhooks import signature_of
    from integrations.registry import provider_for

    config = {
        "environment": "sandbox", "client_id": "i", "client_secret": "s", "discovery_url": "",
        "api_url": "", "webhook_verifiers": ["old", "new"],
    }  # fmt: skip
    path = "integrations.quickbooks.provider.QuickBooksProvider"
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, config)}
    provider_for.cache_clear()
    good = {"id": "e-1", "type": "qbo.payment.created.v1", "intuitaccountid": REALM,
            "intuitentityid": "7"}  # fmt: skip
    odd = [None, {"id": "e-2"}, good | {"id": "\x00"}]
    body = json.dumps([*odd, good]).encode()
    assert post(client, body, signature_of(body, "new")).status_code == 200
    assert kept(connected) == ["e-1"]
    assert post(client, body, "é").status_code == 401
