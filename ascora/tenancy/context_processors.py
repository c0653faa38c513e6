"""What every page knows about the person looking at it."""

from typing import Any

from django.http import HttpRequest


def membership(request: HttpRequest) -> dict[str, Any]:
    """The membership and organization of the request, or None."""
    return {
        "membership": getattr(request, "membership", None),
        "organization": getattr(request, "organization", None),
    }
