"""The connection itself: cut it, or reset it, so that an answer never arrives."""

import socket
import struct
from typing import Any

from starlette.requests import Request

NO_LINGER = struct.pack("ii", 1, 0)


def cut(request: Request) -> None:
    """Close the connection so that the answer never arrives."""
    transport: Any = request.scope.get("qbsim.transport")
    if transport is not None:
        transport.abort()


def reset(request: Request) -> None:
    """Close the connection with a reset instead of an end."""
    transport: Any = request.scope.get("qbsim.transport")
    connection = transport.get_extra_info("socket") if transport is not None else None
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    cut(request)
