"""The wire: python-quickbooks' client with time-outs, exact decimals and our names of failure."""

import time
from collections.abc import Mapping
from typing import Any, cast

import requests
from quickbooks import QuickBooks

from integrations.contracts import DeadlinePassed
from integrations.errors import BooksError, OutcomeUnknown, RemoteBusy, Unreachable
from integrations.quickbooks.faults import Answer, error_of, fault_in
from integrations.quickbooks.mapping.encoding import Json, decode

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

    def __init__(self, *, api_url: str, realm: str, access_token: str) -> None:
        self.base = f"{api_url}/v3"
        self.company_id = realm
        self.access_token = access_token
        self.trace_id = ""
        self.send_before = float("inf")
        self.http = requests.Session()

    @property
    def api_url(self) -> str:
        """Where `/company/...` begins."""
        return self.base

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
            "Authorization": f"Bearer {self.access_token}",
            "Accept": "application/json",
            "Content-Type": content_type,
        }
        response = self._send(
            requests.Request(request_type, url, headers, params=asked, data=request_body or None),
            is_write=is_write,
        )
        return self._read(response, is_write=is_write)

    def _send(self, request: requests.Request, *, is_write: bool) -> requests.Response:
        prepared = self.http.prepare_request(request)
        settings = self.http.merge_environment_settings(prepared.url, {}, None, None, None)
        if is_write and time.monotonic() > self.send_before:
            raise DeadlinePassed
        try:
            response = self.http.send(
                prepared,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                **settings,
            )
        except requests.RequestException as error:
            raise _never_answered(error, is_write=is_write) from error
        self.trace_id = response.headers.get("intuit_tid", "")
        return response

    def _read(self, response: requests.Response, *, is_write: bool) -> Json:
        body = response.content.decode("utf-8", "replace")
        answer = Answer(
            status=response.status_code,
            body=body,
            trace_id=self.trace_id,
            retry_after=response.headers.get("Retry-After", ""),
        )
        if response.status_code != OK or fault_in(body) is not None:
            raise error_of(answer, is_write=is_write)
        try:
            parsed = decode(body)
        except ValueError as error:
            raise _unreadable(answer, is_write=is_write) from error
        if not isinstance(parsed, Mapping):
            raise _unreadable(answer, is_write=is_write)
        return parsed


def _never_answered(error: requests.RequestException, *, is_write: bool) -> BooksError:
    """Whether anything can have arrived there decides whether it may simply be tried again."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or _not_connected(
        error
    ):
        return Unreachable("QuickBooks could not be reached.")
    if is_write:
        return OutcomeUnknown("The connection ended before QuickBooks answered.")
    return RemoteBusy("The connection ended before QuickBooks answered.")


def _not_connected(error: requests.RequestException) -> bool:
    """urllib3 names the failures of connecting (refused, no such host): matched by name."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return type(reason).__name__ in {
        "ConnectTimeoutError",
        "NameResolutionError",
        "NewConnectionError",
    }


def _unreadable(answer: Answer, *, is_write: bool) -> BooksError:
    message = "QuickBooks' answer could not be read."
    if is_write:
        return OutcomeUnknown(message, trace_id=answer.trace_id)
    return RemoteBusy(message, trace_id=answer.trace_id)
