"""Notifications: gathered for a moment, signed, delivered, retried (field guide 12)."""

import asyncio
import base64
import hashlib
import hmac
import logging
import random
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.quickbooks.clock import Clock, utc_text
from simulators.quickbooks.knobs import Knobs
from simulators.quickbooks.serialise import write

Document = dict[str, Any]
LOG = logging.getLogger("simulators.quickbooks")
PATIENCE = 3.0
MOST_REMEMBERED = 1000
WORDS = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Void": "voided",
    "Merge": "merged",
    "Emailed": "emailed",
}


@dataclass(frozen=True)
class Event:
    """One change of one object."""

    realm: str
    entity: str
    identifier: str
    operation: str
    moment: float
    number: str
    gone: str = ""

    def cloud(self) -> Document:
        """The CloudEvents form."""
        source = hashlib.sha256(self.realm.encode()).digest()
        return {
            "specversion": "1.0",
            "id": self.number,
            "source": f"intuit.{base64.b64encode(source).decode()}",
            "type": f"qbo.{self.entity.lower()}.{WORDS[self.operation]}.v1",
            "datacontenttype": "application/json",
            "time": utc_text(self.moment).replace("Z", "000000Z"),
            "intuitentityid": self.identifier,
            "intuitaccountid": self.realm,
            "data": {"deletedid": self.gone} if self.gone else {},
        }

    def legacy(self) -> Document:
        """The entry of the form before 2026."""
        entry = {
            "name": self.entity,
            "id": self.identifier,
            "operation": self.operation,
            "lastUpdated": utc_text(self.moment),
        }
        return {**entry, "deletedId": self.gone} if self.gone else entry


def sign(verifier: str, body: bytes) -> str:
    """The intuit-signature of a body."""
    return base64.b64encode(hmac.new(verifier.encode(), body, hashlib.sha256).digest()).decode()


def render(events: list[Event], form: str) -> tuple[bytes, str]:
    """The body of a delivery and its content type."""
    if form == "legacy":
        realms: dict[str, list[Document]] = {}
        for event in events:
            realms.setdefault(event.realm, []).append(event.legacy())
        notices = [
            {"realmId": realm, "dataChangeEvent": {"entities": entries}}
            for realm, entries in realms.items()
        ]
        return write({"eventNotifications": notices}).encode(), "application/json"
    body = write([event.cloud() for event in events]).encode()
    return body, "application/cloudevents+json"


class Courier:
    """Gathers events per app and delivers them from the event loop."""

    def __init__(
        self, knobs: Knobs, clock: Clock, subscribers: Callable[[str], list[Document]]
    ) -> None:
        self.knobs = knobs
        self.clock = clock
        self.subscribers = subscribers
        self.waiting: dict[tuple[str, ...], Event] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.wake: asyncio.Event | None = None
        self.delivered: list[Document] = []
        self.begin_again()
        self.turns: dict[str, asyncio.Lock] = {}

    def begin_again(self) -> None:
        """Lose and shuffle from the beginning of the seed."""
        self.chance = random.Random(self.knobs.webhooks.seed)  # noqa: S311

    def note(
        self, realm: str, entity: str, identifier: str, operation: str, gone: str = ""
    ) -> None:
        """Take in one change; repeated changes of one object in one window are one event."""
        if not self.knobs.webhooks.enabled:
            return
        key = (realm, entity, identifier, operation, gone)
        if key in self.waiting:
            return
        now, number = self.clock.now(), str(uuid.uuid4())
        self.waiting[key] = Event(realm, entity, identifier, operation, now, number, gone)
        if self.wake is not None:
            self.wake.set()

    async def run(self) -> None:
        """Deliver for as long as the server runs."""
        self.wake = asyncio.Event()
        while True:
            await self.wake.wait()
            await asyncio.sleep(self._pause(self.knobs.webhooks.delay_ms / 1000))
            self.wake.clear()
            events, self.waiting = list(self.waiting.values()), {}
            for app, share in self._shares(events):
                task = asyncio.create_task(self._in_turn(app, share))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    def _shares(self, events: list[Event]) -> list[tuple[Document, list[Event]]]:
        apps: dict[str, tuple[Document, list[Event]]] = {}
        for event in self._disorder(events):
            for app in self.subscribers(event.realm):
                apps.setdefault(app["client_id"], (app, []))[1].append(event)
        return list(apps.values())

    def _disorder(self, events: list[Event]) -> list[Event]:
        knobs = self.knobs.webhooks
        kept = [event for event in events if self.chance.random() >= knobs.drop_rate]
        kept = kept * max(knobs.copies, 2 if knobs.duplicate else 1)
        if knobs.reverse:
            kept.reverse()
        if knobs.shuffle:
            self.chance.shuffle(kept)
        return kept

    def _pause(self, seconds: float) -> float:
        return self.knobs.scaled(seconds) / self.clock.speed

    async def _in_turn(self, app: Document, events: list[Event]) -> None:
        """One delivery of an app after the other, if later ones are held back."""
        if not self.knobs.webhooks.hold_back:
            await self._deliver(app, events)
            return
        async with self.turns.setdefault(app["client_id"], asyncio.Lock()):
            await self._deliver(app, events)

    async def _deliver(self, app: Document, events: list[Event]) -> None:
        body, kind = render(events, app.get("webhook_format", "cloudevents"))
        for pause in self.knobs.webhooks.retry_seconds:
            await asyncio.sleep(self._pause(pause))
            status = await asyncio.to_thread(_post, app, body, kind)
            self._remember(app, events, status)
            if 200 <= status < 300:  # noqa: PLR2004
                return
        LOG.warning("webhook to %s given up", app["webhook_url"])

    def _remember(self, app: Document, events: list[Event], status: int) -> None:
        """Keep the latest attempts for whoever looks; the oldest are forgotten."""
        told = [
            {"realm": event.realm, "entity": event.entity, "id": event.identifier}
            | {"operation": event.operation}
            for event in events
        ]
        attempt = {"client_id": app["client_id"], "status": status, "at": self.clock.now()}
        self.delivered.append({**attempt, "events": told})
        del self.delivered[:-MOST_REMEMBERED]


def _post(app: Document, body: bytes, kind: str) -> int:
    """One attempt; 0 stands for no answer."""
    headers = {
        "Content-Type": kind,
        "intuit-signature": sign(app.get("webhook_verifier", ""), body),
        "User-Agent": "intuit_notification_server/1.0",
    }
    request = urllib.request.Request(app["webhook_url"], body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
