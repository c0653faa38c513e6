"""The control API for tests, tour and demonstration: JSON, loopback only, no authentication."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks import bookkeeper, faults, gate, judging, posting, tokens
from simulators.quickbooks.books import Books
from simulators.quickbooks.clock import stamp
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.rules import Rules
from simulators.quickbooks.seeds import add_company
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document

LOOPBACK = ("127.0.0.1", "::1", "localhost", "testclient")
SCOPE = "com.intuit.quickbooks.accounting"
Handler = Callable[[Simulator, Request, Document], Any]


def guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Loopback only; the body is read; a mistake of the caller is a 400 with words."""

    async def endpoint(request: Request) -> Response:
        host = request.client.host if request.client else "localhost"
        if host not in LOOPBACK:
            return _json({"error": "the control API answers on this machine only"}, 403)
        simulator: Simulator = request.app.state.simulator
        try:
            body = read(await request.body() or b"{}")
            with simulator.store.transaction():
                answer = handler(simulator, request, body)
        except faults.Fault as fault:
            return _json({"Fault": fault.body()}, 400)
        except KeyError as error:
            return _json({"error": f"missing or unknown: {error}"}, 404)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, tuple):
            answer, books = answer
            simulator.publish(books)
        return _json(answer)

    return endpoint


def _json(body: Any, status: int = 200) -> Response:
    return Response(write(body), status, media_type="application/json")


def _books(simulator: Simulator, request: Request) -> Books:
    return simulator.books(request.path_params["realm"])


def health(_simulator: Simulator, _request: Request, _body: Document) -> Document:
    """The process lives."""
    return {"ok": True}


def add_app(simulator: Simulator, _request: Request, body: Document) -> Document:
    """Register an app or change it."""
    simulator.save_app(body)
    return simulator.app(body["client_id"]) or {}


def new_company(simulator: Simulator, _request: Request, body: Document) -> Document:
    """Make a company."""
    return add_company(simulator.store, simulator.clock, body)


def list_companies(simulator: Simulator, _request: Request, _body: Document) -> list[Document]:
    """All companies."""
    return simulator.companies()


def new_tokens(simulator: Simulator, _request: Request, body: Document) -> Document:
    """Tokens without the walk through the pages, for tests."""
    realm = _realm(simulator, str(body["realm"]))
    client = body.get("client_id") or "simulator-test"
    if simulator.app(client) is None:
        simulator.save_app({"client_id": client, "client_secret": "simulator-secret"})
    return tokens.grant(simulator, client, realm, str(body.get("scope", SCOPE)))


def _realm(simulator: Simulator, realm: str) -> str:
    return simulator.books(realm).realm


def trial_balance(simulator: Simulator, request: Request, _body: Document) -> Document:
    """Every account with its balance."""
    return posting.trial_balance(_books(simulator, request))


def journal(simulator: Simulator, request: Request, _body: Document) -> list[Document]:
    """Journal rows after a sequence; with history=1 the superseded ones too."""
    after = int(request.query_params.get("after", "0"))
    history = request.query_params.get("history", "") in ("1", "true")
    return posting.journal(_books(simulator, request), after, history=history)


def list_documents(simulator: Simulator, request: Request, _body: Document) -> list[Document]:
    """Documents of one kind, living, voided and deleted."""
    books = _books(simulator, request)
    kind = request.query_params.get("kind", "Invoice")
    entity = ENTITIES[kind]
    rows = simulator.store.rows(
        "SELECT status, body, last_body FROM objects WHERE realm = ? AND entity = ? "
        "ORDER BY number",
        books.realm,
        kind,
    )
    entries = []
    for row in rows:
        document = read(row["last_body"] if row["status"] == "deleted" else row["body"])
        if row["status"] == "live":
            entity.overlay(books, [document])
        voided = str(document.get("PrivateNote", "")).startswith("Voided")
        status = "voided" if voided and row["status"] == "live" else row["status"]
        entries.append({**document, "simulator_status": status})
    return entries


def act(simulator: Simulator, request: Request, body: Document) -> tuple[Document, Books]:
    """Something that a bookkeeper does."""
    books = _books(simulator, request)
    books.by = "bookkeeper"
    document = bookkeeper.act(books, request.path_params["action"], body)
    return document, books


def tamper(simulator: Simulator, request: Request, body: Document) -> Document:
    """Change a journal row behind everybody's back, to prove that the proof notices."""
    books = _books(simulator, request)
    account = books.account(str(body["account_number"]))
    row = simulator.store.row(
        "UPDATE journal SET cents = cents + ? WHERE sequence = (SELECT max(sequence) FROM journal "
        "WHERE realm = ? AND account_id = ? AND superseded = 0) RETURNING sequence",
        int(body.get("cents", 1)),
        books.realm,
        account,
    )
    if row is None:
        raise ValueError("the account has no journal row to change")
    return {"sequence": row["sequence"]}


def get_knobs(simulator: Simulator, _request: Request, _body: Document) -> Document:
    """The positions of all knobs."""
    return simulator.knobs.as_dict()


def turn_knobs(simulator: Simulator, _request: Request, body: Document) -> Document:
    """Turn knobs; revoke_tokens {realm} disconnects a company from inside QuickBooks."""
    changes = dict(body)
    revoked = changes.pop("revoke_tokens", None)
    if revoked:
        tokens.revoke_realm(simulator, str(revoked["realm"]))
    simulator.knobs.update(changes)
    if "seed" in changes.get("webhooks", {}):
        simulator.courier.begin_again()
    return simulator.knobs.as_dict()


def get_clock(simulator: Simulator, _request: Request, _body: Document) -> Document:
    """The simulated time."""
    now = simulator.clock.now()
    return {"now": now, "text": stamp(now), "speed": simulator.clock.speed}


def set_clock(simulator: Simulator, request: Request, body: Document) -> Document:
    """Move the clock forward."""
    seconds = float(body["advance_seconds"])
    if seconds < 0:
        raise ValueError("the clock only moves forward")
    simulator.advance(seconds)
    return get_clock(simulator, request, body)


def list_requests(simulator: Simulator, request: Request, _body: Document) -> list[Document]:
    """Recorded API requests."""
    asked = request.query_params
    return gate.requests(simulator, asked.get("realm", ""), int(asked.get("after", "0")))


def judge(simulator: Simulator, request: Request, _body: Document) -> Response:
    """Every object ever written, by company, with the trial balances."""
    text = judging.evidence(simulator, dict(request.query_params))
    return Response(text, media_type="application/json")


def get_rules(simulator: Simulator, _request: Request, _body: Document) -> list[Document]:
    """The fault rules in force and how often each has struck."""
    return simulator.rules.as_list()


def set_rules(simulator: Simulator, _request: Request, body: Document) -> list[Document]:
    """`rules` replaces the list, `add` lengthens it, `remove` takes rules off by name."""
    fresh = Rules()
    now = simulator.clock.now()
    for wish in [*body.get("rules", []), *body.get("add", [])]:
        _require_action(wish)
    if "rules" in body:
        fresh.add(body["rules"], now)
        simulator.rules.rules = fresh.rules
    simulator.rules.remove(body.get("remove", []))
    simulator.rules.add(body.get("add", []), now)
    return simulator.rules.as_list()


def _require_action(wish: Document) -> None:
    interferes = str(wish.get("effect", "")).startswith("interfere")
    if interferes and wish.get("action") not in bookkeeper.ACTIONS:
        known = ", ".join(sorted(bookkeeper.ACTIONS))
        raise ValueError(f"unknown action {wish.get('action')}; known: {known}")


def search(simulator: Simulator, request: Request, _body: Document) -> Document:
    """Where a text stands, by company: for those who look for what leaked."""
    return judging.sightings(simulator, request.query_params["text"])


def get_calls(simulator: Simulator, request: Request, _body: Document) -> Document:
    """How many calls of which kind each company got."""
    realm = request.query_params.get("realm")
    return simulator.tally.of(realm) if realm else simulator.tally.as_dict()


def forget_calls(simulator: Simulator, _request: Request, _body: Document) -> Document:
    """Begin counting calls again."""
    simulator.tally.clear()
    return simulator.tally.as_dict()


def set_meter(simulator: Simulator, _request: Request, body: Document) -> Document:
    """Let this month's reads be `used`, or `percent` of the allowance."""
    allowed = simulator.knobs.monthly_reads
    wanted = body["used"] if "used" in body else float(body["percent"]) / 100 * allowed
    gate.set_meter(simulator, int(wanted))
    return gate.meter(simulator)


def get_meter(simulator: Simulator, _request: Request, _body: Document) -> Document:
    """Metered reads."""
    return gate.meter(simulator)


def list_deliveries(simulator: Simulator, _request: Request, _body: Document) -> Document:
    """Webhook deliveries tried so far, and events still gathering."""
    courier = simulator.courier
    return {"attempts": courier.delivered, "waiting": len(courier.waiting)}


PATHS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/health", health),
    ("POST", "/apps", add_app),
    ("POST", "/companies", new_company),
    ("GET", "/companies", list_companies),
    ("POST", "/tokens", new_tokens),
    ("GET", "/companies/{realm}/trial-balance", trial_balance),
    ("GET", "/companies/{realm}/journal", journal),
    ("GET", "/companies/{realm}/documents", list_documents),
    ("POST", "/companies/{realm}/bookkeeper/{action}", act),
    ("POST", "/companies/{realm}/tamper", tamper),
    ("GET", "/knobs", get_knobs),
    ("POST", "/knobs", turn_knobs),
    ("GET", "/clock", get_clock),
    ("POST", "/clock", set_clock),
    ("GET", "/requests", list_requests),
    ("GET", "/meter", get_meter),
    ("POST", "/meter", set_meter),
    ("GET", "/judge", judge),
    ("GET", "/search", search),
    ("GET", "/rules", get_rules),
    ("POST", "/rules", set_rules),
    ("GET", "/calls", get_calls),
    ("POST", "/calls/forget", forget_calls),
    ("GET", "/webhooks", list_deliveries),
)
ROUTES = [
    Route(f"/_simulator{path}", guarded(handler), methods=[method])
    for method, path, handler in PATHS
]
