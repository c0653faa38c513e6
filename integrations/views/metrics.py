"""The door for a scraper: with the token of the installation, or from this machine itself."""

from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from integrations.metrics import CONTENT_TYPE, exposition

# A proxy on this machine also comes from loopback; it says for whom.
_SAYS_FOR_WHOM = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures; to a stranger the door does not exist."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(
        exposition(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(request.headers.get(name) for name in _SAYS_FOR_WHOM):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
