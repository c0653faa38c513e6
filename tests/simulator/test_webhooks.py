"""Notifications: signed, gathered, repeated until taken."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.simulator.client import Company

VERIFIER = "verify-me"


class Listener:
    """Takes deliveries; answers 500 as often as told to."""

    def __init__(self):
        self.seen = []
        self.failures = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 200
                if outer.failures:
                    outer.failures -= 1
                    status = 500
                else:
                    outer.seen.append((body, self.headers))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments):
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def wait(self, count, seconds=5):
        until = time.monotonic() + seconds
        while len(self.seen) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.seen

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener():
    started = Listener()
    yield started
    started.stop()


@pytest.fixture
def heard(running, listener):
    app = {"client_id": "simulator-test", "client_secret": "simulator-secret"}
    hook = {"webhook_url": listener.url, "webhook_verifier": VERIFIER}
    running.control("/apps", app | hook | {"webhook_format": "cloudevents"})
    knobs = {"delay_ms": 50, "retry_seconds": [0, 0.1, 0.1], "duplicate": False, "drop_rate": 0}
    knobs |= {"copies": 1, "reverse": False, "hold_back": False, "seed": None}
    running.control("/knobs", {"webhooks": knobs, "time_scale": 1})
    yield Company(running, name="Heard")
    running.control("/apps", app | {"webhook_url": ""})


def events(seen):
    return [event for body, _headers in seen for event in json.loads(body)]


def test_changes_are_gathered_signed_and_delivered(heard, listener):
    customer = heard.post("Customer", {"DisplayName": "Loud"})["Id"]
    detail = {"TaxCodeRef": {"value": "8"}}
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    made = heard.post("Invoice", {"CustomerRef": {"value": customer}, "Line": [line]})
    heard.bookkeeper("receive_payment", invoice_ids=[made["Id"]])
    until = time.monotonic() + 5
    while len(events(listener.seen)) < 4 and time.monotonic() < until:
        time.sleep(0.02)
    body, headers = listener.seen[0]
    signature = base64.b64encode(hmac.new(VERIFIER.encode(), body, hashlib.sha256).digest())
    assert headers["intuit-signature"] == signature.decode()
    assert headers["Content-Type"] == "application/cloudevents+json"
    types = [event["type"] for event in events(listener.seen)]
    assert types[:2] == ["qbo.customer.created.v1", "qbo.invoice.created.v1"]
    assert set(types[2:]) == {"qbo.payment.created.v1", "qbo.invoice.updated.v1"}
    assert {event["intuitaccountid"] for event in events(listener.seen)} == {heard.realm}
    assert len({event["id"] for event in events(listener.seen)}) == 4


def test_a_write_that_changes_nothing_says_nothing(heard, listener):
    made = heard.post("Customer", {"DisplayName": "Quiet"})
    listener.wait(1)
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    heard.post("Customer", {**key, "DisplayName": "Quiet"})
    time.sleep(0.3)
    assert len(events(listener.seen)) == 1


def test_a_refused_delivery_is_tried_again(heard, listener):
    listener.failures = 1
    heard.post("Customer", {"DisplayName": "Again"})
    assert len(events(listener.wait(1))) == 1


def test_events_can_be_doubled_or_lost_and_the_old_form_chosen(heard, listener, running):
    running.control("/knobs", {"webhooks": {"duplicate": True}})
    heard.post("Customer", {"DisplayName": "Twice"})
    listener.wait(1)
    assert len(events(listener.seen)) == 2
    running.control("/knobs", {"webhooks": {"duplicate": False, "drop_rate": 1}})
    heard.post("Customer", {"DisplayName": "Never"})
    time.sleep(0.3)
    assert len(listener.seen) == 1
    running.control("/knobs", {"webhooks": {"drop_rate": 0}})
    running.control("/apps", {"client_id": "simulator-test", "webhook_format": "legacy"})
    heard.post("Vendor", {"DisplayName": "Old"})
    body, _headers = listener.wait(2)[1]
    [notice] = json.loads(body)["eventNotifications"]
    assert notice["realmId"] == heard.realm
    [entity] = notice["dataChangeEvent"]["entities"]
    assert (entity["name"], entity["operation"]) == ("Vendor", "Create")


def test_events_come_ten_times_and_the_last_one_first(heard, listener, running):
    running.control("/knobs", {"webhooks": {"copies": 10, "reverse": True, "delay_ms": 300}})
    for name in ("First", "Second"):
        heard.post("Customer", {"DisplayName": name})
    listener.wait(1)
    told = [event["intuitentityid"] for event in events(listener.seen)]
    assert told == ["2", "1"] * 10
    assert len({event["id"] for event in events(listener.seen)}) == 2


def test_the_same_seed_loses_the_same_events(heard, listener, running):
    kept = []
    for story in range(2):
        lossy = {"drop_rate": 0.5, "seed": 5, "delay_ms": 300}
        running.control("/knobs", {"webhooks": lossy})
        before = len(listener.seen)
        for each in range(8):
            heard.post("Customer", {"DisplayName": f"{story} {each}"})
        told = events(listener.wait(before + 1)[before:])
        kept.append([int(event["intuitentityid"]) - 8 * story for event in told])
    assert kept[0] == kept[1]
    assert 0 < len(kept[0]) < 8


def test_later_deliveries_wait_until_the_first_is_acknowledged(heard, listener, running):
    held = {"hold_back": True, "delay_ms": 20, "retry_seconds": [0, 1, 1]}
    running.control("/knobs", {"webhooks": held})
    listener.failures = 1
    heard.post("Customer", {"DisplayName": "One"})
    time.sleep(0.3)
    heard.post("Customer", {"DisplayName": "Two"})
    time.sleep(0.3)
    assert listener.seen == []
    listener.wait(2)
    assert [event["intuitentityid"] for event in events(listener.seen)] == ["1", "2"]


def test_a_delay_of_hours_and_its_retries_are_scaled(heard, listener, running):
    late = {"delay_ms": 6 * 3_600_000, "retry_seconds": [0, 7200]}
    running.control("/knobs", {"webhooks": late, "time_scale": 36_000})
    listener.failures = 1
    begun = time.monotonic()
    heard.connect()
    heard.post("Customer", {"DisplayName": "Late"})
    listener.wait(1)
    assert 0.75 < time.monotonic() - begun < 4
