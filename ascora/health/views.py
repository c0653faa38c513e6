"""Doors for machines: is the process alive, can it serve."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from ascora.health.readiness import readiness

_UNAVAILABLE = 503


@require_GET
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answers while the process serves; asks nobody."""
    return JsonResponse({"status": "alive"})


@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when requests may be sent here, else 503; says what was found, and no secret."""
    found = readiness()
    at_work = found.workers
    answer = {
        "status": "ready" if found.is_ready else "not ready",
        "database": "answers" if found.answers else "away",
        "migrations": "applied" if found.is_migrated else "missing or unknown",
        "redis": "answers" if found.has_redis else "away, not needed to serve",
        "workers_alive": at_work.alive if at_work else None,
        "seconds_since_work": at_work.seconds_since_work if at_work else None,
    }
    return JsonResponse(answer, status=200 if found.is_ready else _UNAVAILABLE)
