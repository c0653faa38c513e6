"""A simulator on a free port inside the test process, and a small client that speaks to it."""

import asyncio
import http.client
import json
import socket
import threading
import time
from decimal import Decimal
from urllib.parse import quote, urlencode, urlsplit

import uvicorn

from simulators.quickbooks.app import build
from simulators.quickbooks.clock import Clock
from simulators.quickbooks.knobs import Knobs
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Store

PATIENCE = 10


class Answer:
    """Status, headers and text of an answer, with the body as JSON."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {key.lower(): value for key, value in response.getheaders()}
        self.raw = response.read()

    @property
    def text(self):
        return self.raw.decode()

    @property
    def body(self):
        return json.loads(self.text, parse_float=Decimal)

    @property
    def codes(self):
        fault = self.body.get("Fault") or self.body.get("fault") or {}
        return [each["code"] for each in fault.get("Error") or fault.get("error") or []]


class Running:
    """A simulator that runs in a thread until stopped."""

    def __init__(self, path, **knobs):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = self.listener.getsockname()[1]
        url = f"http://localhost:{self.port}"
        knobs.setdefault("throttle", False)
        self.simulator = Simulator(Store(str(path)), Clock(), url, Knobs(**knobs))
        config = uvicorn.Config(
            build(self.simulator), log_level="critical", http="h11", lifespan="on"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve(sockets=[self.listener])), daemon=True
        )
        self.thread.start()
        until = time.monotonic() + PATIENCE
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert self.server.started
        self.token = ""

    def stop(self):
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        self.listener.close()
        self.simulator.store.close()

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body)
        answer = self.send("GET" if body is None else "POST", f"/_simulator{path}", data)
        assert answer.status == 200, answer.text
        return answer.body

    def form(self, path, fields, headers=None):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields), kind | (headers or {}))


class Company:
    """One company of a running simulator, with a token for it."""

    def __init__(self, running, **wish):
        self.running = running
        made = running.control("/companies", wish)
        self.realm, self.name = made["realm"], made["name"]
        self.connect()

    def connect(self):
        self.tokens = self.running.control("/tokens", {"realm": self.realm})

    def call(self, method, path, body=None, **parameters):
        headers = {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        data = body if body is None or isinstance(body, bytes) else json.dumps(body, default=float)
        query = "?" + urlencode(parameters, quote_via=quote) if parameters else ""
        return self.running.send(method, f"/v3/company/{self.realm}/{path}{query}", data, headers)

    def post(self, entity, body, **parameters):
        answer = self.call("POST", entity.lower(), body, **parameters)
        assert answer.status == 200, answer.text
        return answer.body[entity]

    def read(self, entity, identifier):
        answer = self.call("GET", f"{entity.lower()}/{identifier}")
        assert answer.status == 200, answer.text
        return answer.body[entity]

    def query(self, statement):
        answer = self.call("GET", "query", query=statement)
        assert answer.status == 200, answer.text
        return answer.body["QueryResponse"]

    def rows(self, entity, where=""):
        return self.query(f"select * from {entity} {where}").get(entity, [])

    def account(self, number):
        [found] = [
            each
            for each in self.rows("Account", "maxresults 1000")
            if each.get("AcctNum") == number
        ]
        return found["Id"]

    def item(self, name, number):
        body = {"Name": name, "Type": "Service"}
        return self.post("Item", body | {"IncomeAccountRef": {"value": self.account(number)}})["Id"]

    def balance(self, number):
        accounts = self.control("trial-balance")["accounts"]
        return next(each["balance"] for each in accounts if each["number"] == number)

    def control(self, path, body=None):
        return self.running.control(f"/companies/{self.realm}/{path}", body)

    def bookkeeper(self, action, **wish):
        return self.control(f"bookkeeper/{action}", wish)


def bare_address(url):
    """Path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
