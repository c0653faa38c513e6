"""Signing in: intuit-oauth with time-outs, a remembered discovery document and our own state."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from integrations.contracts import Tokens
from integrations.errors import BooksError, NeedsReconnect, Rejected, RemoteBusy, Unreachable

SECONDS = (5, 10)
A_DAY = 86400
OK, BAD_REQUEST = 200, 400
REFUSED = "invalid_grant"
_HARD_END = "x_refresh_token_hard_expires_in"


@dataclass(frozen=True, slots=True)
class App:
    """Our registration at Intuit, and where its discovery document is."""

    client_id: str
    client_secret: str = field(repr=False)
    discovery_url: str


class _Discovery:
    """The discovery document as it was answered, kept for a day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, requests.Response]] = {}

    def of(self, url: str) -> requests.Response | None:
        with self._lock:
            until, response = self._kept.get(url, (0.0, None))
        return response if time.monotonic() < until else None

    def keep(self, url: str, response: requests.Response) -> None:
        with self._lock:
            self._kept[url] = (time.monotonic() + A_DAY, response)


_discovery = _Discovery()


class _Client(AuthClient):  # type: ignore[misc]
    """intuit-oauth sends everything through its own session: here it gets its time-outs."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        remembered = _discovery.of(url)
        if remembered is not None:
            return remembered
        options |= {"timeout": SECONDS, "allow_redirects": False}
        response = cast("requests.Response", super().request(method, url, **options))
        if url == self.environment and response.status_code == OK:
            _discovery.keep(url, response)
        return response


def authorize_url(app: App, *, state: str, redirect_uri: str) -> str:
    """Where the browser goes to sign in; `state` is ours."""
    with _named_failures(), _client(app, redirect_uri) as client:
        return str(client.get_authorization_url([Scopes.ACCOUNTING], state_token=state))


def exchange(app: App, *, code: str, redirect_uri: str) -> Tokens:
    """The first pair of tokens. Rejected when the code is spent, expired or for another address."""
    with _named_failures(refused=Rejected), _client(app, redirect_uri) as client:
        client.get_bearer_token(code)
        return _tokens(client)


def refresh(app: App, refresh_token: str) -> Tokens:
    """A new pair. NeedsReconnect when the old one is refused."""
    with _named_failures(refused=NeedsReconnect), _client(app, "") as client:
        client.refresh(refresh_token=refresh_token)
        return _tokens(client)


def revoke(app: App, refresh_token: str) -> None:
    """End the permission; one that is dead already (400, in words not known) is fine."""
    try:
        with suppress(Rejected), _named_failures(), _client(app, "") as client:
            client.revoke(token=refresh_token)
    except RemoteBusy as error:
        if error.code != str(BAD_REQUEST):
            raise


@contextmanager
def _client(app: App, redirect_uri: str) -> Iterator[AuthClient]:
    made = _Client(app.client_id, app.client_secret, redirect_uri, app.discovery_url)
    with closing(made) as client:
        client.headers["x-include-refresh-token-hard-expires-in"] = "true"
        yield client


def _tokens(client: AuthClient) -> Tokens:
    """Both tokens must be there: a body without them is no success, whatever its status."""
    if not client.access_token or not client.refresh_token or not client.expires_in:
        raise RemoteBusy("Intuit answered without tokens.")
    now = datetime.now(tz=UTC)
    return Tokens(
        access_token=client.access_token,
        access_expires_at=now + timedelta(seconds=int(client.expires_in)),
        refresh_token=client.refresh_token,
        refresh_expires_at=_after(now, client.x_refresh_token_expires_in),
        refresh_ends_at=_after(now, getattr(client, _HARD_END, None)),
    )


def _after(now: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=int(seconds))


@contextmanager
def _named_failures(refused: type[BooksError] = Rejected) -> Iterator[None]:
    try:
        yield
    except AuthClientError as error:
        raise _error_of(error, refused) from error
    except requests.exceptions.JSONDecodeError as error:
        raise RemoteBusy("Intuit's answer could not be read.") from error
    except requests.RequestException as error:
        raise Unreachable("Intuit could not be reached.") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The library takes what it was answered for granted.
        raise RemoteBusy("Intuit's answer could not be read.") from error


def _error_of(error: AuthClientError, refused: type[BooksError]) -> BooksError:
    """Only a refused grant is a lost permission; 401 (our own registration), 429 and the rest of
    what Intuit or somebody before it may answer takes nothing from the business.
    """
    trace_id = str(error.intuit_tid or "")
    status = int(error.status_code)
    if status == BAD_REQUEST and _said(error) == REFUSED:
        return refused("Intuit refused the permission.", trace_id=trace_id, code=REFUSED)
    return RemoteBusy("Intuit does not serve us now.", trace_id=trace_id, code=str(status))


def _said(error: AuthClientError) -> str:
    try:
        told = json.loads(error.content)
    except ValueError:
        return ""
    return str(told.get("error", "")) if isinstance(told, Mapping) else ""
