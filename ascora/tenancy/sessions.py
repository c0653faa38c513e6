"""How long a session lives: 12 hours idle, 14 days in all; a change of factor ends the others."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from ascora.tenancy.factors import end_other_sessions, factors_of

IDLE_SECONDS = 12 * 3600
ABSOLUTE_SECONDS = 14 * 24 * 3600
_BEGAN, _SEEN = "began_at", "seen_at"
_REMEMBER_EVERY = 300


def _is_over(request: HttpRequest, now: float) -> bool:
    began: float = request.session.setdefault(_BEGAN, now)
    seen: float = request.session.setdefault(_SEEN, now)
    return now - began > ABSOLUTE_SECONDS or now - seen > IDLE_SECONDS


def _is_a_person_at_work(request: HttpRequest) -> bool:
    """A page that refreshes a fragment by itself keeps no session alive."""
    return request.method == "POST" or "HX-Request" not in request.headers


class SessionLifeMiddleware:
    """Ends what is too old before anything else looks at the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = time.time()
        if _is_over(request, now):
            logout(request)
        elif _is_a_person_at_work(request) and now - request.session[_SEEN] > _REMEMBER_EVERY:
            request.session[_SEEN] = now
        if request.method == "POST" and request.path.startswith("/accounts/2fa/"):
            return self._watching_factors(request)
        return self.get_response(request)

    def _watching_factors(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            return self.get_response(request)
        before = factors_of(person)
        response = self.get_response(request)
        if factors_of(person) != before:
            end_other_sessions(request, person)
        return response
