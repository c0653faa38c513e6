"""Connections that keep two times: nothing is written after the send deadline, and an answer that
drips is given up when the whole time allowed is over.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from integrations.contracts import DeadlinePassed

_send_before: ContextVar[float] = ContextVar("send_before", default=float("inf"))


@contextmanager
def nothing_written_after(moment: float) -> Iterator[None]:
    """Within it a request that would be written later, by the monotonic clock, raises
    DeadlinePassed instead. Connecting and the handshake count.
    """
    token = _send_before.set(moment)
    try:
        yield
    finally:
        _send_before.reset(token)


class _Punctual:
    """Connects first, looks at the clock, and only then writes."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        connection = cast("HTTPConnection", self)
        if connection.is_closed:
            connection.connect()
        if time.monotonic() > _send_before.get():
            raise DeadlinePassed
        cast("HTTPConnection", super()).request(*args, **kwargs)


class _Plain(_Punctual, HTTPConnection):
    pass


class _Secure(_Punctual, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class PunctualAdapter(HTTPAdapter):
    """Requests' own adapter over such connections. It never tries twice."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def whole_body(response: requests.Response, *, until: float) -> bytes:
    """What a streamed answer says, read to its end. Raises requests.Timeout at the first piece that
    comes after `until` (monotonic clock), and requests.ConnectionError when it broke off.
    """
    said = bytearray()
    try:
        while part := response.raw.read1(decode_content=True):
            said += part
            if time.monotonic() > until:
                raise requests.Timeout
    except HTTPError as error:
        raise requests.ConnectionError(error) from error
    finally:
        response.close()
    return bytes(said)
