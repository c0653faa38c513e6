"""The wire: python-quickbooks' client with time-outs, exact decimals and our names of failure."""

import ssl
import time
from collections.abc import Mapping
from typing import Any, cast

import requests
from quickbooks import QuickBooks

from integrations.contracts import DeadlinePassed
from integrations.errors import BooksError, OutcomeUnknown, RemoteBusy, Unreachable
from integrations.quickbooks.faults import Answer, error_of, fault_of
from integrations.quickbooks.mapping.encoding import Json, decode
from integrations.quickbooks.punctual import PunctualAdapter, nothing_written_after, whole_body

MINOR_VERSION = 75
CONNECT_SECONDS, READ_SECONDS = 5, 60
OK = 200


class Transport(QuickBooks):  # type: ignore[misc]
    """One company's API with one access token. Never retries, never refreshes, never sleeps.

    `trace_id` is Intuit's id of the last exchange. Not shared between threads.
    """

    def __new__(cls, **_: object) -> "Transport":  # noqa: PYI034 - the SDK builds in __new__
        """The SDK's own constructor, without its network access."""
        made = super().__new__(cls, minorversion=MINOR_VERSION, use_decimal=True)
        return cast("Transport", made)

    def __init__(
        self, *, api_url: str, realm: str, access_token: str, read_seconds: float = READ_SECONDS
    ) -> None:
        self.base = f"{api_url}/v3"
        self.company_id = realm
        self.access_token = access_token
        self.trace_id = ""
        self.send_before = float("inf")
        self.read_seconds = read_seconds
        self.http = requests.Session()
        self.http.mount("http://", PunctualAdapter())
        self.http.mount("https://", PunctualAdapter())
        # Named here, or a .netrc of the machine would put its own words in its place.
        self.http.auth = self._sign

    @property
    def api_url(self) -> str:
        """Where `/company/...` begins."""
        return self.base

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.access_token}"
        return request

    def make_request(  # noqa: PLR0913, PLR0917 - the SDK's signature
        self,
        request_type: str,
        url: str,
        request_body: Any = None,  # noqa: ANN401 - the SDK's signature
        content_type: str = "application/json",
        params: Mapping[str, str] | None = None,
        file_path: str | None = None,  # noqa: ARG002 - the SDK's signature
        file_bytes: bytes | None = None,  # noqa: ARG002 - the SDK's signature
        request_id: str | None = None,
    ) -> Json:
        """Send once. Every failure leaves as one of `integrations.errors`, or DeadlinePassed."""
        is_write = request_type == "POST" and not url.endswith("/query")
        asked = dict(params or {}) | {"minorversion": str(MINOR_VERSION)}
        if request_id:
            asked["requestid"] = request_id
        headers = {
            "Accept": "application/json",
            "Content-Type": content_type,
        }
        body = request_body.encode() if isinstance(request_body, str) else request_body
        answer = self._ask(
            requests.Request(request_type, url, headers, params=asked, data=body or None),
            is_write=is_write,
        )
        return _read(answer, is_write=is_write)

    def _ask(self, request: requests.Request, *, is_write: bool) -> Answer:
        self.trace_id = ""
        send_before = self.send_before if is_write else float("inf")
        # Before a connection is opened for nothing; again, right before the first byte.
        if time.monotonic() > send_before:
            raise DeadlinePassed
        try:
            with nothing_written_after(send_before):
                return self._exchange(self.http.prepare_request(request))
        except requests.RequestException as error:
            raise _never_answered(error, is_write=is_write) from error

    def _exchange(self, prepared: requests.PreparedRequest) -> Answer:
        settings = self.http.merge_environment_settings(
            prepared.url, {}, stream=True, verify=None, cert=None
        )
        until = time.monotonic() + CONNECT_SECONDS + self.read_seconds
        response = self.http.send(
            prepared,
            timeout=(CONNECT_SECONDS, self.read_seconds),
            allow_redirects=False,
            **settings,
        )
        self.trace_id = response.headers.get("intuit_tid", "")
        return Answer(
            status=response.status_code,
            body=whole_body(response, until=until).decode("utf-8", "replace"),
            trace_id=self.trace_id,
            retry_after=response.headers.get("Retry-After", ""),
        )


def _read(answer: Answer, *, is_write: bool) -> Json:
    if answer.status != OK:
        raise error_of(answer, is_write=is_write)
    try:
        parsed = decode(answer.body)
    except ValueError as error:
        raise error_of(answer, is_write=is_write) from error
    if not isinstance(parsed, Mapping) or fault_of(parsed) is not None:
        raise error_of(answer, is_write=is_write)
    return parsed


def _never_answered(error: requests.RequestException, *, is_write: bool) -> BooksError:
    """Whether anything can have arrived there decides whether it may simply be tried again."""
    if isinstance(error, requests.ConnectTimeout) or _not_connected(error):
        return Unreachable("QuickBooks could not be reached.")
    if is_write:
        return OutcomeUnknown("The connection ended before QuickBooks answered.")
    return RemoteBusy("The connection ended before QuickBooks answered.")


def _not_connected(error: requests.RequestException) -> bool:
    """urllib3 names the failures of connecting (refused, no such host): matched by name.

    A certificate that is not accepted ends the handshake; another TLS error may come after sending.
    """
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    inner = reason.args[0] if isinstance(reason, Exception) and reason.args else None
    if isinstance(inner, ssl.SSLCertVerificationError):
        return True
    return type(reason).__name__ in {
        "ConnectTimeoutError",
        "NameResolutionError",
        "NewConnectionError",
    }
