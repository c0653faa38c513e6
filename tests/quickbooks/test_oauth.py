"""Signing in, refreshing and leaving: what is asked of Intuit, and what each answer means."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from integrations.contracts import ConnectionRefused, Tokens
from integrations.errors import NeedsReconnect, Rejected, RemoteBusy, Unreachable
from integrations.quickbooks import oauth
from integrations.quickbooks.provider import QuickBooksProvider
from tests.quickbooks.recordings import recording

DISCOVERY = "https://discovery.test/openid/"
TOKEN, REVOKE = "https://oauth.test/tokens/bearer", "https://oauth.test/revoke"
BACK = "https://ascora.test/back/"
OLD = Tokens("old-access", datetime.now(tz=UTC), "old-refresh")
GIVEN = {
    "token_type": "bearer", "access_token": "new-access", "expires_in": 3600,
    "refresh_token": "new-refresh", "x_refresh_token_expires_in": 8726400,
}  # fmt: skip


@pytest.fixture
def document():
    return {
        "issuer": "https://oauth.test/op/v1", "authorization_endpoint": "https://sign-in.test/connect",
        "token_endpoint": TOKEN, "revocation_endpoint": REVOKE, "jwks_uri": "https://oauth.test/jwks",
        "userinfo_endpoint": "https://oauth.test/userinfo",
    }  # fmt: skip


@pytest.fixture
def wire(document, monkeypatch):
    monkeypatch.setattr(oauth, "_discovery", oauth._Discovery())
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(DISCOVERY, json=document)
        yield mock


@pytest.fixture
def provider():
    return QuickBooksProvider(
        {
            "environment": "sandbox", "client_id": "our-id", "client_secret": "our-secret",
            "discovery_url": DISCOVERY, "api_url": "", "webhook_verifiers": [],
        }
    )  # fmt: skip


def asked(wire, url):
    return [call.request for call in wire.calls if call.request.url == url]


def test_the_browser_is_led_to_intuit_with_our_own_state(wire, provider):
    url = urlsplit(provider.authorize_url(state="our state", redirect_uri=BACK))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://sign-in.test/connect"
    assert parse_qs(url.query) == {
        "client_id": ["our-id"], "response_type": ["code"], "redirect_uri": [BACK],
        "scope": ["com.intuit.quickbooks.accounting"], "state": ["our state"],
    }  # fmt: skip


def test_the_discovery_document_is_read_once(wire, provider):
    wire.post(TOKEN, json=GIVEN)
    provider.authorize_url(state="s", redirect_uri=BACK)
    provider.refresh(OLD)
    provider.refresh(OLD)
    assert len(asked(wire, DISCOVERY)) == 1


@pytest.mark.parametrize(
    "answer",
    [{"status": 503, "body": "x"}, {"status": 302, "headers": {"Location": "https://x.test"}},
     {"body": "<html>"}, {"json": []}, {"json": {"issuer": "x"}}],
)  # fmt: skip
def test_a_bad_discovery_document_is_busy(wire, provider, answer):
    wire.replace(responses.GET, DISCOVERY, **answer)
    with pytest.raises(RemoteBusy):
        provider.authorize_url(state="s", redirect_uri=BACK)


def test_a_discovery_document_that_failed_is_not_remembered(wire, provider, document):
    wire.replace(responses.GET, DISCOVERY, status=302, headers={"Location": "https://x.test"})
    with pytest.raises(RemoteBusy):
        provider.authorize_url(state="s", redirect_uri=BACK)
    wire.replace(responses.GET, DISCOVERY, json=document)
    assert provider.authorize_url(state="s", redirect_uri=BACK)


@pytest.mark.parametrize(
    "error", [requests.ConnectTimeout(), requests.ReadTimeout(), requests.ConnectionError()]
)
@pytest.mark.parametrize("url", [DISCOVERY, TOKEN])
def test_intuit_out_of_reach_loses_nothing(wire, provider, url, error):
    wire.upsert(responses.GET if url == DISCOVERY else responses.POST, url, body=error)
    with pytest.raises(Unreachable):
        provider.refresh(OLD)


def test_every_request_has_its_time_out_and_follows_nobody(wire, provider):
    wire.post(TOKEN, json=GIVEN)
    provider.refresh(OLD)
    given = [call.request.req_kwargs["timeout"] for call in wire.calls]
    assert given == [(5, 10), (5, 10)]


def test_a_code_is_exchanged_for_a_pair(wire, provider):
    sample = recording("ledgersync-oauth/token-200.json")["response"]["body"]
    wire.post(TOKEN, body=json.dumps(sample, default=str))
    grant = provider.grant_from({"code": "c", "realmId": "123456"}, redirect_uri=BACK)
    assert grant.realm == "123456"
    assert grant.tokens.access_token == sample["access_token"]
    sent = asked(wire, TOKEN)[0]
    assert parse_qs(sent.body) == {
        "grant_type": ["authorization_code"], "code": ["c"], "redirect_uri": [BACK],
    }  # fmt: skip
    assert sent.headers["Authorization"] == "Basic b3VyLWlkOm91ci1zZWNyZXQ="


def test_a_refresh_gives_the_rotated_pair_and_when_each_ends(wire, provider):
    wire.post(TOKEN, json=GIVEN | {"x_refresh_token_hard_expires_in": 156000000})
    before = datetime.now(tz=UTC)
    tokens = provider.refresh(OLD)
    assert (tokens.access_token, tokens.refresh_token) == ("new-access", "new-refresh")
    slack = timedelta(seconds=30)
    assert abs(tokens.access_expires_at - before - timedelta(hours=1)) < slack
    assert abs(tokens.refresh_expires_at - before - timedelta(days=101)) < slack
    assert abs(tokens.refresh_ends_at - before - timedelta(seconds=156000000)) < slack
    sent = asked(wire, TOKEN)[0]
    assert parse_qs(sent.body) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["old-refresh"],
    }
    assert sent.headers["x-include-refresh-token-hard-expires-in"] == "true"


def test_the_hard_end_may_be_unsaid(wire, provider):
    wire.post(TOKEN, json=GIVEN)
    assert provider.refresh(OLD).refresh_ends_at is None


@pytest.mark.parametrize(
    "name", ["oauth-refresh-invalid_grant", "oauth-refresh-invalid_grant-bare"]
)
def test_a_refused_refresh_token_means_to_connect_again(wire, provider, name):
    body = recording(f"issue-quoted/{name}.json")["response"]["body"]
    wire.post(TOKEN, json=body, status=400, headers={"intuit_tid": "tid-9"})
    with pytest.raises(NeedsReconnect) as lost:
        provider.refresh(OLD)
    assert lost.value.trace_id == "tid-9"
    assert "old-refresh" not in str(lost.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"error":"invalid_client"}'), (400, '{"error":"invalid_client"}'), (429, ""),
        (403, "<html>Forbidden</html>"), (400, "<html>"), (400, "[]"), (404, ""), (500, "x"),
        (503, ""), (302, ""),
    ],
)  # fmt: skip
def test_our_own_registration_or_a_busy_edge_loses_nobodys_connection(wire, provider, status, body):
    wire.post(TOKEN, body=body, status=status)
    with pytest.raises(RemoteBusy):
        provider.refresh(OLD)


def test_a_spent_code_is_refused(wire, provider):
    wire.post(TOKEN, json={"error": "invalid_grant"}, status=400)
    with pytest.raises(Rejected):
        provider.grant_from({"code": "c", "realmId": "123456"}, redirect_uri=BACK)


@pytest.mark.parametrize(
    "answer",
    [{"json": {}}, {"json": []}, {"body": ""}, {"body": "<html>"},
     {"json": GIVEN | {"access_token": None}},
     {"json": {**GIVEN, "refresh_token": ""}}, {"json": GIVEN | {"expires_in": "soon"}}],
)  # fmt: skip
def test_a_success_without_a_pair_is_no_success(wire, provider, answer):
    wire.post(TOKEN, **answer)
    with pytest.raises(RemoteBusy):
        provider.refresh(OLD)


def test_leaving_revokes_the_refresh_token(wire, provider):
    wire.post(REVOKE, body="")
    provider.revoke(OLD)
    assert json.loads(asked(wire, REVOKE)[0].body) == {"token": "old-refresh"}


@pytest.mark.parametrize("body", ['{"error": "invalid_grant"}', "Token is not valid", ""])
def test_a_token_that_is_dead_already_can_be_revoked(wire, provider, body):
    wire.post(REVOKE, body=body, status=400)
    provider.revoke(OLD)


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_revoke_that_was_not_heard_says_so(wire, provider, status):
    wire.post(REVOKE, body="", status=status)
    with pytest.raises(RemoteBusy):
        provider.revoke(OLD)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"error": "access_denied", "state": "s"}, ConnectionRefused),
        ({"error": "server_error"}, Rejected),
        ({"code": "c"}, Rejected),
        ({"realmId": "123456"}, Rejected),
        ({}, Rejected),
    ],
)
def test_a_callback_without_a_code_asks_nobody(wire, provider, query, kind):
    with pytest.raises(kind):
        provider.grant_from(query, redirect_uri=BACK)
    assert len(wire.calls) == 0


def test_the_secret_of_our_registration_is_not_represented(provider):
    assert "our-secret" not in repr(provider._app)


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_an_environment_implies_intuits_own_addresses(environment):
    config = {
        "environment": environment, "client_id": "i", "client_secret": "s",
        "discovery_url": "", "api_url": "", "webhook_verifiers": [],
    }  # fmt: skip
    provider = QuickBooksProvider(config)
    middle = {"sandbox": "sandbox_", "production": ""}[environment]
    known = f"https://developer.intuit.com/.well-known/openid_{middle}configuration/"
    assert provider._app.discovery_url == known
    assert provider.open("123456", OLD).document_url is not None
