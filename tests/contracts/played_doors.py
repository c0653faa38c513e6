"""Recordings of the doors: tokens, discovery, webhooks, and what is refused before the books."""

import base64
import json

from simulators.quickbooks.webhooks import Event, render, sign
from tests.contracts.playing import compare
from tests.contracts.scenes import Scene
from tests.contracts.shapes import differences


def oauth(running, recording):
    """The token endpoint, with client credentials in the form as recorded."""
    app = {"client_id": "recorded", "client_secret": "right", "redirect_uris": []}
    running.control("/apps", app)
    company = Scene(running, recording).company
    granted = running.control("/tokens", {"realm": company.realm, "client_id": "recorded"})
    form = {"client_id": "recorded", "client_secret": "right", "grant_type": "refresh_token"}
    form["refresh_token"] = granted["refresh_token"]
    if recording.status == 401:
        form["client_secret"] = "wrong"
    if recording.status == 400:
        form["refresh_token"] = "superseded"
    answer = running.form("/oauth2/v1/tokens/bearer", form)
    assert answer.status == recording.status
    assert differences(recording.body, answer.body) == []
    if recording.status != 200:
        assert answer.body == recording.body
    if recording.response.get("headers"):
        assert answer.headers["cache-control"] == "no-cache, no-store"


def discovery(running, recording):
    path = "/.well-known/" + recording.name.split("/")[1] + "/"
    answer = running.send("GET", path)
    assert differences(recording.body, answer.body) == []
    assert list(answer.body) == list(recording.body)


def webhooks(_running, recording):
    body, headers = recording.request["body"], recording.request["headers"]
    event = Event("310687", "Class", "1234", "Create", 1759867147.034, "an-id")
    if isinstance(body, list):
        ours = json.loads(render([event], "cloudevents")[0])
        extra = {"datacontenttype": "application/json"}
        assert differences([body[0] | extra], ours) == []
        assert ours[0]["type"] == body[0]["type"]
        return
    text = recording.request["body_text"].encode()
    assert sign("00faeec4-08d0-4996-bb37-698ae19f0149", text) == headers["intuit-signature"]
    assert base64.b64decode(headers["intuit-signature"])
    ours = json.loads(render([event], "legacy")[0])
    assert differences(body, ours) == []


def expired(running, recording):
    company = Scene(running, recording).company
    company.tokens["access_token"] = "expired"
    answer = company.call("GET", "customer/1")
    assert "www-authenticate" in answer.headers
    assert answer.headers["www-authenticate"] == recording.response["headers"]["Www-Authenticate"]
    assert list(answer.body) == list(recording.body)
    compare(recording, answer)


def misrouted(running, recording):
    company = Scene(running, recording).company
    compare(recording, company.call("GET", "customer/1/5"))


def refused_query(running, recording):
    company = Scene(running, recording).company
    answer = company.call("GET", "query", query=recording.statement)
    compare(recording, answer)
    recorded = recording.body["Fault"]["Error"][0]["Detail"]
    assert answer.body["Fault"]["Error"][0]["Detail"].split("\n")[0] == recorded.split("\n")[0]


def bad_json(running, recording):
    company = Scene(running, recording).company
    answer = company.call("POST", "invoice", recording.sent)
    compare(recording, answer)
    detail = answer.body["Fault"]["Error"][0]["Detail"]
    assert detail.startswith('Property Name:Unrecognized field "BadJson" (class com.intuit.schema')
    assert detail.endswith("[truncated]])\n specified is unsupported or invalid")


DOORS = {
    "minimul-qbo_api/error__401": expired,
    "minimul-qbo_api/error__500__1": misrouted,
    "minimul-qbo_api/error__400_json": bad_json,
    "minimul-qbo_api/error__400__2": refused_query,
    "issue-quoted/oauth-refresh-invalid_grant": oauth,
    **{
        f"flowlink/query-{entity}-err{code}": refused_query
        for entity, code in (
            ("customer", "4000-1"),
            ("customer", "4000-2"),
            ("customer", "4001-1"),
            ("customer", "4001-2"),
            ("customer", "4001-3"),
            ("vendor", "2030-1"),
            ("vendor", "4001-1"),
        )
    },
}
DOOR_FOLDERS = {
    "ledgersync-oauth": oauth,
    "oauth-discovery": discovery,
    "webhook-samples": webhooks,
}
