"""Puts the member's organization on the request: its wall around the view, its time on pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from ascora.tenancy.rls import acting_for
from ascora.tenancy.selectors import current_membership_for


def _is_of_allauth(view: Callable[..., Any]) -> bool:
    """Its pages read no owned row, and it answers some of its exceptions in a later middleware."""
    return view.__module__.startswith("allauth.")


class OrganizationMiddleware:
    """Must stand last: it calls the view itself, inside `acting_for` unless the view is
    `without_transaction`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.organization = None  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-cache, no-store, private")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Find the membership, then run the view on its side of the wall."""
        if not request.user.is_authenticated:
            return None
        membership = current_membership_for(
            request.user, chosen=request.session.get("organization")
        )
        if membership is None:
            return None
        request.membership = membership  # type: ignore[attr-defined]
        request.organization = membership.organization  # type: ignore[attr-defined]
        timezone.activate(membership.organization.time_zone)
        if getattr(view, "without_transaction", False) or _is_of_allauth(view):
            return None
        with acting_for(membership.organization):
            response: HttpResponse = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response = response.render()
        return response
