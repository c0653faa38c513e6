"""The running simulator: store, clock, knobs, and the state that lives only in memory."""

import uuid
from collections import deque
from dataclasses import dataclass, field

from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import Clock
from simulators.quickbooks.knobs import Knobs
from simulators.quickbooks.rules import Rule, Rules, Scene
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.store import Document, Store
from simulators.quickbooks.tally import Tally
from simulators.quickbooks.webhooks import Courier


@dataclass
class Simulator:
    """Everything a request handler needs."""

    store: Store
    clock: Clock
    public_url: str
    knobs: Knobs = field(default_factory=Knobs)
    windows: dict[str, deque[float]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    tally: Tally = field(default_factory=Tally)
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        self.clock.offset += float(self.store.setting("clock_offset", 0))
        self.courier = Courier(self.knobs, self.clock, self.subscribers)

    def books(self, realm: str) -> Books:
        """The books of a company; KeyError when there is none."""
        books = Books(self.store, self.clock, realm)
        books.public_url = self.public_url
        return books

    def pause(self, seconds: float) -> float:
        """How long to sleep in life for a duration of QuickBooks."""
        return self.knobs.scaled(seconds) / self.clock.speed

    def strike(self, scene: Scene, effects: tuple[str, ...]) -> Rule | None:
        """The fault rule that this request or item runs into, if any."""
        return self.rules.take(scene, effects, self.clock.now(), self.knobs.time_scale)

    def companies(self) -> list[Document]:
        """All companies, by age."""
        rows = self.store.rows("SELECT realm, name, country FROM companies ORDER BY rowid")
        return [dict(row) for row in rows]

    def connected_realms(self, client_id: str = "") -> set[str]:
        """The companies that an app, or any app, is connected to."""
        rows = self.store.rows(
            "SELECT DISTINCT realm FROM grants WHERE revoked = 0 AND ? IN ('', client_id)",
            client_id,
        )
        return {row["realm"] for row in rows}

    def app(self, client_id: str) -> Document | None:
        """A registered app."""
        row = self.store.row("SELECT body FROM apps WHERE client_id = ?", client_id)
        return read(row["body"]) if row else None

    def save_app(self, app: Document) -> None:
        """Register an app, or change what is known of it."""
        merged = {**(self.app(app["client_id"]) or {}), **app}
        merged.setdefault("redirect_uris", [])
        merged.setdefault("webhook_format", "cloudevents")
        self.store.execute(
            "INSERT OR REPLACE INTO apps VALUES (?, ?)", (app["client_id"], write(merged))
        )

    def subscribers(self, realm: str) -> list[Document]:
        """The apps that hear of a company: connected ones with a webhook address."""
        rows = self.store.rows(
            "SELECT a.body FROM apps a WHERE EXISTS (SELECT 1 FROM grants g "
            "WHERE g.client_id = a.client_id AND g.realm = ? AND g.revoked = 0)",
            realm,
        )
        apps: list[Document] = [read(row["body"]) for row in rows]
        return [app for app in apps if app.get("webhook_url")]

    def publish(self, books: Books) -> None:
        """Hand the changes of a committed request to the webhooks."""
        for event in books.events:
            self.courier.note(books.realm, *event)
        books.events.clear()

    def advance(self, seconds: float) -> None:
        """Move the clock and remember it."""
        self.clock.advance(seconds)
        offset = float(self.store.setting("clock_offset", 0)) + seconds
        self.store.set_setting("clock_offset", offset)


def new_tid() -> str:
    """A trace id of the kind Intuit gives."""
    text = uuid.uuid4().hex
    return f"1-{text[:8]}-{text[8:]}"
