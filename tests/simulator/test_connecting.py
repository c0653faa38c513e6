"""The walk through sign-in and consent to tokens."""

import http.client
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.simulator.client import bare_address

BACK = "http://localhost:9/callback"


class Browser:
    """Follows the pages by hand and keeps cookies."""

    def __init__(self, running):
        self.running = running
        self.cookie = ""

    def go(self, method, path, fields=None):
        connection = http.client.HTTPConnection("localhost", self.running.port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        connection.request(method, path, urlencode(fields or {}) or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        location = answer.getheader("Location")
        status = answer.status
        connection.close()
        return status, location, text

    def hidden(self, text):
        pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
        return {name: unescape(value) for name, value in pairs}


@pytest.fixture
def asked(running):
    app = {"client_id": "app-1", "client_secret": "s3cret", "redirect_uris": [BACK]}
    running.control("/apps", app)
    asked = {"client_id": "app-1", "response_type": "code", "redirect_uri": BACK}
    return asked | {"scope": "com.intuit.quickbooks.accounting openid", "state": "st&te"}


def test_signing_in_and_agreeing_leads_back_with_a_code_whose_second_use_ends_all(
    running, sydney, asked
):
    browser = Browser(running)
    discovered = running.send("GET", "/.well-known/openid_sandbox_configuration/").body
    start = bare_address(discovered["authorization_endpoint"]) + urlencode(asked)
    _status, _location, text = browser.go("GET", start)
    assert ">Sign In</button>" in text
    assert "simulator" in text
    status, location, _text = browser.go("POST", "/connect/sign-in", browser.hidden(text))
    assert status == 303
    assert browser.cookie.startswith("qbsim_")
    _status, _location, text = browser.go("GET", location)
    assert ">Connect</button>" in text
    assert sydney.name in text
    fields = browser.hidden(text) | {"realm": sydney.realm}
    _status, location, _text = browser.go("POST", "/connect/consent", fields)
    found = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
    assert (found["state"], found["realmId"]) == ("st&te", sydney.realm)
    form = {"grant_type": "authorization_code", "code": found["code"], "redirect_uri": BACK}
    basic = {
        "Authorization": "Basic YXBwLTE6czNjcmV0",
        "x-include-refresh-token-hard-expires-in": "true",
    }
    granted = running.form("/oauth2/v1/tokens/bearer", form, basic)
    assert granted.status == 200
    assert granted.body["expires_in"] == 3600
    assert granted.body["x_refresh_token_hard_expires_in"] > 150_000_000
    assert granted.body["id_token"].count(".") == 2
    sydney.tokens = granted.body
    assert sydney.call("GET", f"companyinfo/{sydney.realm}").status == 200
    again = running.form("/oauth2/v1/tokens/bearer", form, basic)
    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    assert sydney.call("GET", f"companyinfo/{sydney.realm}").status == 401


def test_refusing_leads_back_with_access_denied(running, sydney, asked):
    browser = Browser(running)
    browser.cookie = "qbsim_session=x"
    _status, _location, text = browser.go("GET", "/connect/oauth2?" + urlencode(asked))
    cancel = unescape(re.search(r'<a href="([^"]*error=access_denied[^"]*)"', text).group(1))
    found = parse_qs(urlsplit(cancel).query)
    assert found == {"error": ["access_denied"], "state": ["st&te"]}


@pytest.mark.parametrize(
    "change", [{"redirect_uri": BACK + "/"}, {"client_id": "?"}, {"state": ""}, {"scope": "openid"}]
)
def test_a_wrong_request_is_shown_to_nobody(running, asked, change):
    status, location, _text = Browser(running).go(
        "GET", "/connect/oauth2?" + urlencode(asked | change)
    )
    assert (status, location) == (400, None)


def test_revoking_the_refresh_token_ends_the_connection(running, sydney):
    basic = {"Authorization": "Basic c2ltdWxhdG9yLXRlc3Q6c2ltdWxhdG9yLXNlY3JldA=="}
    body = json.dumps({"token": sydney.tokens["refresh_token"]})
    assert running.send("POST", "/v2/oauth2/tokens/revoke", body, basic).status == 200
    assert sydney.call("GET", "customer/1").status == 401


def test_the_deep_links_of_quickbooks_lead_to_the_company(running, sydney):
    path = f"/app/invoice?txnId=7&companyId={sydney.realm}"
    status, location, _text = Browser(running).go("GET", path)
    assert status in (302, 303)
    assert sydney.realm in location
    assert running.send("GET", f"/companies/{sydney.realm}").status == 200
