"""One request to the accounting API as it came in, and its line in the list of requests."""

import hashlib
from dataclasses import dataclass, field

from starlette.requests import Request

from simulators.quickbooks import gate
from simulators.quickbooks.operations import operation_of
from simulators.quickbooks.rules import Scene
from simulators.quickbooks.serialise import read
from simulators.quickbooks.simulator import Simulator

READS = ("query", "")


@dataclass
class Arrival:
    """One request as it came in."""

    simulator: Simulator
    request: Request
    realm: str
    parts: list[str]
    body: bytes
    tid: str
    moment: float
    started: float
    effects: list[str] = field(default_factory=list)
    items: int = 0
    is_replay: bool = False

    @property
    def entity(self) -> str:
        """The first part of the path, which names the entity."""
        return self.parts[0].lower() if self.parts else ""

    @property
    def request_id(self) -> str:
        """The idempotency key, if any."""
        return self.request.query_params.get("requestid", "")

    @property
    def is_write(self) -> bool:
        """Whether data goes in."""
        return self.request.method == "POST" and self.entity not in READS

    @property
    def operation(self) -> str:
        """What a write does, as far as the body says."""
        try:
            body = read(self.body or b"{}")
        except ValueError:
            return "create"
        return operation_of(body if isinstance(body, dict) else {}, self.request.query_params)

    @property
    def scene(self) -> Scene:
        """What fault rules may look at."""
        operation = self.operation if self.is_write else "read"
        text = self.body.decode("utf-8", "replace") + self.request.url.query
        return Scene(self.realm, self.entity, operation, self.request.method, text=text)

    @property
    def fingerprint(self) -> str:
        """What makes two requests the same."""
        asked = self.request.query_params
        parts = (self.request.url.path, asked.get("operation", ""), asked.get("include", ""))
        return hashlib.sha256("|".join(parts).encode() + b"|" + self.body).hexdigest()

    @property
    def headers(self) -> dict[str, str]:
        """What every answer carries."""
        return {"intuit_tid": self.tid}

    def record(self, status: int, code: str, reads: int) -> None:
        """Put it on record."""
        entry = {
            "realm": self.realm,
            "method": self.request.method,
            "path": "/" + "/".join(self.parts),
            "query": self.request.url.query,
            "requestid": self.request_id,
            "status": status,
            "fault_code": code,
            "intuit_tid": self.tid,
            "metered": reads,
            "effect": ",".join(self.effects),
            "items": self.items,
            "body": self.body.decode("utf-8", "replace"),
            "is_replay": self.is_replay,
        }
        gate.record(self.simulator, entry)
